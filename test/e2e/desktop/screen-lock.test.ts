import dbus, { type MessageBus } from 'dbus-next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOnline, untilState } from '../../../practice/desktop/app-state.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

const SAVER = 'org.freedesktop.ScreenSaver';

/** A desktop's screen lock, as far as programs see it. */
class ScreenSaver extends dbus.interface.Interface {
  locked = false;
  /** How often somebody has asked. */
  asked = 0;

  GetActive(): boolean {
    this.asked += 1;
    return this.locked;
  }

  ActiveChanged(locked: boolean): boolean {
    return locked;
  }
}
ScreenSaver.configureMembers({
  methods: { GetActive: { inSignature: '', outSignature: 'b' } },
  signals: { ActiveChanged: { signature: 'b' } },
});

describe('the vault on a desktop whose screen is locked', () => {
  let scene: Scene;
  let bus: MessageBus | undefined;

  beforeEach(async () => {
    scene = await Scene.start({ practice: true });
  });

  afterEach(async () => {
    bus?.disconnect();
    bus = undefined;
    await scene?.end();
  });

  it('is locked, and the journal says why', async () => {
    bus = dbus.sessionBus({ busAddress: scene.session.bus });
    const saver = new ScreenSaver(SAVER);
    bus.export('/org/freedesktop/ScreenSaver', saver);
    await bus.requestName(SAVER, 0);
    const app = await scene.launch();
    await untilState(app, isOnline);
    const control = await app.control();
    try {
      await control.request('vault/create', {
        protection: { kind: 'passphrase', passphrase: 'seven quiet herons' },
      });
      await untilState(app, ({ status }) => status?.vault?.kind === 'unlocked');
      await eventually(() => saver.asked > 0);
      saver.locked = true;
      saver.ActiveChanged(true);
      await untilState(app, ({ status }) => status?.vault?.kind === 'locked');
      const { entries } = await control.request('audit/recent', { limit: 20 });
      expect(entries.map(({ event }) => event)).toContainEqual({ kind: 'vault-locked', because: 'screen' });
    } finally {
      control.close();
    }
  });
});
