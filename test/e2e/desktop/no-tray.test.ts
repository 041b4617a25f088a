import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

describe('the app on a desktop that shows no tray icons', () => {
  let scene: Scene;
  let app: RunningApp;

  beforeAll(async () => {
    scene = await Scene.start({ noTray: true, environment: { SALLYPORT_GUACD: '127.0.0.1:1' } });
    app = await scene.launch(['--minimised']);
  });

  afterAll(() => scene?.end());

  it('opens its console although it was to start without, and says why, once', async () => {
    await app.window();
    await untilState(app, ({ tray }) => tray === 'missing');
    // Beside what else there is to tell, such as that no guacd answers here.
    const said = () =>
      scene.tray.notifications.filter(({ title }) => title === 'This desktop shows no tray icons');
    await eventually(() => said().length > 0);
    expect(said()).toHaveLength(1);
    expect(said()[0]?.body).toContain('start it again to get this window back');
  });

  it('puts its icon there as soon as the desktop has a place for it', async () => {
    await scene.tray.showTray();
    await scene.tray.registered();
    await scene.tray.untilThere('Open console');
    await untilState(app, ({ tray }) => tray === 'there');
  });
});
