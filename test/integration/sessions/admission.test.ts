import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { type Failure, SallyportError } from '../../../main/core/errors.ts';
import { GuacamoleStatus } from '../../../main/core/guacamole/status.ts';
import { type Admission, type Admit, admittedAs } from '../../../main/core/sessions/admission.ts';
import type { OpenTap, Tap } from '../../../main/core/sessions/tap.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from './bench.ts';

const withBounds =
  (bounds: Partial<Admission>): Admit =>
  async (request) => ({ ...admittedAs(request), ...bounds });

describe('an admission', () => {
  it('decides what guacd is asked for, and knows what else runs', async () => {
    const asked: string[] = [];
    const seen: (readonly boolean[])[] = [];
    const bench = await SessionBench.start({
      admit: async (request, sessions) => {
        asked.push(request.id);
        seen.push([...asked, 'nobody'].map((id) => sessions.isThere(id)));
        const parameters = new Map(request.parameters).set('hostname', new Secret('10.0.0.7'));
        return admittedAs({ ...request, parameters });
      },
    });
    bench.open('box');
    await until(() => bench.broker.sessions[0]?.state === 'live');
    expect(bench.guacd.ends[0]?.parameter('hostname')).toBe('10.0.0.7');
    expect(bench.broker.sessions[0]?.machine).toBe('box');
    bench.open('other');
    await until(() => seen.length === 2);
    expect(seen).toEqual([
      [true, false],
      [true, true, false],
    ]);
  });

  it('that is refused reaches the person in its own words, before guacd is dialled', async () => {
    const bench = await SessionBench.start({
      admit: async () => {
        throw new SallyportError('guardrail', 'Not on Sundays.', { advice: 'Come again on Monday.' });
      },
    });
    bench.open('box');
    expect(await bench.farewell('box')).toEqual({
      sentence: 'Not on Sundays. Come again on Monday.',
      status: GuacamoleStatus.forbidden,
    });
    expect(await bench.over()).toMatchObject({ reason: 'refused', failure: { code: 'guardrail' } });
    expect(bench.guacd.ends).toEqual([]);
    expect(bench.told).toEqual(['started ssh', 'refused box: Not on Sundays.', 'ended ssh refused']);
  });

  it('that takes long is waited for, and no longer than a set-up may take', async () => {
    const aborted: boolean[] = [];
    const admit: Admit = (request, _sessions, signal) =>
      new Promise((resolve, reject) => {
        if (request.machine === 'slow') setTimeout(() => resolve(admittedAs(request)), 50);
        signal.addEventListener('abort', () => {
          aborted.push(true);
          reject(new Error('aborted'));
        });
      });
    const bench = await SessionBench.start({ admit, limits: { setupMs: 400 } });
    bench.open('slow');
    await until(() => bench.broker.sessions[0]?.state === 'live');
    bench.open('never');
    expect((await bench.farewell('never')).sentence).toContain('within 0.4 seconds');
    expect(aborted).toEqual([true]);
    await until(() => bench.broker.history.length === 1);
    expect(bench.broker.history[0]).toMatchObject({ machine: 'never', reason: 'failed' });
  });

  it('ends a session that has lasted long enough, with a sentence', async () => {
    const bench = await SessionBench.start({ admit: withBounds({ longestMs: 60, rule: 'short' }) });
    bench.open('box');
    const { sentence } = await bench.farewell('box');
    expect(sentence).toContain('a guardrail of this jump host (short) lets it last no longer than');
    expect((await bench.over()).reason).toBe('guardrail');
  });

  it('ends a session that nobody touches, and no other', async () => {
    const bench = await SessionBench.start({ admit: withBounds({ idleMs: 400 }) });
    const busy = await bench.live('busy');
    const typing = setInterval(() => busy.browser.send('5.mouse,1.1,1.1,1.0;'), 20);
    const idle = await bench.live('idle');
    // Neither frames that were seen nor signs of life are somebody’s hand.
    const alive = setInterval(() => idle.browser.send('4.sync,1.1;3.nop;'), 20);
    expect((await bench.farewell('idle')).sentence).toContain('nobody has touched it');
    clearInterval(alive);
    expect(bench.broker.sessions.map(({ machine }) => machine)).toEqual(['busy']);
    clearInterval(typing);
    await until(() => bench.broker.history.length === 2);
  });
});

/** A tap that keeps what it hears, and can be made to fail. */
class KeepingTap implements Tap {
  readonly heard: string[] = [];
  failed: Failure | null = null;
  endedBy: string | null = null;
  onHear = () => {};

  fromGuacd(complete: Buffer): void {
    this.onHear();
    this.heard.push(`< ${complete}`);
  }

  fromPeer(complete: Buffer): void {
    this.onHear();
    this.heard.push(`> ${complete}`);
  }

  async end({ reason }: { readonly reason: string }): Promise<string | null> {
    this.endedBy = reason;
    return 'recording-1';
  }
}

async function tapped(bounds: Partial<Admission> = {}) {
  const tap = new KeepingTap();
  let fail: (failure: Failure) => void = () => {};
  const openTap: OpenTap = async (_request, _admission, onFailed) => {
    fail = onFailed;
    return tap;
  };
  const bench = await SessionBench.start({ openTap, admit: withBounds(bounds) });
  return { bench, tap, fail: (failure: Failure) => fail(failure) };
}

describe('a tap', () => {
  const MINE = { hostname: 'box', 'drive-path': `/tmp/connection/${'a'.repeat(60)}` };

  it('hears what passes both ways, also while the session is held and after', async () => {
    const { bench, tap } = await tapped();
    const { browser, guacd } = await bench.live('box', MINE);
    expect(bench.broker.sessions[0]?.recording).toBe('on');
    guacd.send('4.sync,1.1;');
    await until(() => browser.words.length === 1);
    browser.send('3.key,2.97,1.1;0.,4.ping,1.1;3.key,2.97,1.0;');
    await until(() => guacd.heard.toString().endsWith('1.0;'));
    browser.send('0.authentik.disconnect');
    await until(() => bench.broker.sessions[0]?.state === 'held');
    guacd.send('4.sync,1.2;');
    await until(() => guacd.heard.toString().endsWith('4.sync,1.2;'));
    bench.open('two', MINE);
    await until(() => bench.broker.sessions[0]?.state === 'live');
    bench.guacd.joined[0]?.send('4.sync,1.3;');
    const again = await bench.browser('two');
    await until(() => again.words.length === 1);
    // The earlier place at guacd sends the same once more; one of the two is enough.
    guacd.send('4.sync,1.3;');
    await until(() => guacd.heard.toString().endsWith('4.sync,1.3;'));
    await bench.broker.endAll(ending('shutdown'));
    expect(tap.heard.join('')).toBe(
      '< 4.sync,1.1;> 3.key,2.97,1.1;> 3.key,2.97,1.0;< 4.sync,1.2;< 4.sync,1.3;',
    );
    expect(tap.endedBy).toBe('shutdown');
    expect(bench.broker.history[0]?.recording).toBe('recording-1');
  });

  it('that fails, or throws, harms nobody; the status says so', async () => {
    const { bench, tap } = await tapped();
    const { browser, guacd } = await bench.live();
    tap.onHear = () => {
      throw new Error('disk full');
    };
    guacd.send('4.sync,1.1;4.sync,1.2;');
    await until(() => browser.words.length === 2);
    expect(bench.broker.sessions[0]).toMatchObject({ state: 'live', recording: 'failed' });
  });

  it('that fails ends the session where a guardrail says so', async () => {
    const { bench, fail } = await tapped({ failWithRecording: true });
    await bench.live();
    fail({ code: 'disk-full', message: 'The disk is full.' });
    expect((await bench.farewell()).sentence).toBe(
      'The disk is full. This session must be recorded, so it was ended.',
    );
    expect((await bench.over()).reason).toBe('guardrail');
  });

  it('that cannot begin ends the session before it begins', async () => {
    const bench = await SessionBench.start({
      openTap: async () => {
        throw new SallyportError('disk-full', 'There is no room for a recording.');
      },
    });
    bench.open('box');
    expect((await bench.farewell('box')).sentence).toBe('There is no room for a recording.');
    expect(bench.guacd.ends).toEqual([]);
  });
});
