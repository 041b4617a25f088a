import { describe, expect, it } from 'vitest';
import { MALFORMED_FRAMES } from '../../../practice/authentik/faults.ts';
import { OutpostBench } from './outpost-bench.ts';

const LONG = { first: 600_000, cap: 600_000 };

describe('the link says hello', () => {
  it('right after connecting, with everything that authentik keeps of an instance', async () => {
    const bench = await OutpostBench.start();
    const [hello] = bench.authentik.journal.hellos;
    expect(hello?.args).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      buildHash: expect.stringMatching(/^sallyport-/),
      uuid: hello?.instanceUuid,
      golangVersion: `node ${process.versions.node}`,
      opensslEnabled: true,
      active_connections: 0,
    });
    expect(hello?.attempt).toBe('1');
    expect(bench.authentik.journal.oddities).toEqual([]);
  });

  it('again and again, as the same instance also after it was lost', async () => {
    const bench = await OutpostBench.start({ timing: { link: { helloMs: 30 } } });
    await bench.until(() => bench.hellos.length >= 4);
    bench.authentik.resetSockets(['events']);
    await bench.until(() => bench.reconnects === 1);
    await bench.online();
    expect(new Set(bench.authentik.journal.hellos.map(({ instanceUuid }) => instanceUuid)).size).toBe(1);
  });

  it('no less often while authentik floods it with what nobody knows', async () => {
    const helloMs = 40;
    const bench = await OutpostBench.start({ timing: { link: { helloMs } } });
    const during = async (task: () => Promise<unknown>) => {
      const before = bench.hellos.length;
      const begun = performance.now();
      await task();
      return { hellos: bench.hellos.length - before, ms: performance.now() - begun };
    };
    const sessionsBefore = bench.outpost.status().sessions.length;
    const flood = await during(async () => {
      for (let round = 0; round < 20; round += 1) {
        for (let at = 0; at < 500; at += 1) {
          bench.authentik.sendInstruction({ instruction: 1000 + at, args: { noise: 'x'.repeat(100) } });
        }
        const seen = bench.hellos.length;
        await bench.until(() => bench.hellos.length > seen);
      }
    });
    const quiet = await during(() => new Promise((resolve) => setTimeout(resolve, flood.ms)));
    // Both in the same run: what the machine is slow at counts for both, and more for who has much to do.
    expect(flood.hellos / flood.ms).toBeGreaterThan((quiet.hellos / quiet.ms) * 0.1);
    expect(bench.link.kind).toBe('online');
    expect(bench.outpost.status().sessions).toHaveLength(sessionsBefore);
    const told = bench.log.filter(({ event }) => event === 'A message from authentik was ignored');
    expect(told).toHaveLength(10_000);
    // The log of a person who looks only at warnings is not full of it.
    expect(told.filter(({ level }) => level === 'warning')).toHaveLength(20);
  });
});

describe('frames that authentik never sends', () => {
  it('are ignored, every one, and the link stays', async () => {
    const bench = await OutpostBench.start();
    for (const frame of MALFORMED_FRAMES) bench.authentik.sendInstruction(frame);
    bench.authentik.sendInstruction({ instruction: 4, args: { session_id: 'a-login-that-ended' } });
    bench.authentik.endSession('another');
    const { browser } = await bench.live();
    expect(browser.open).toBe(true);
    expect(bench.link.kind).toBe('online');
    expect(bench.reconnects).toBe(0);
  });

  it('that are far too long end the websocket, and the link comes back', async () => {
    const bench = await OutpostBench.start();
    bench.authentik.sendInstruction('x'.repeat(1024 * 1024 + 1));
    await bench.until(() => bench.reconnects === 1);
    await bench.online();
    expect(bench.states.map((state) => 'reason' in state && state.reason.message)).toContainEqual(
      expect.stringContaining('longer than allowed'),
    );
  });
});

describe('a link that cannot be made', () => {
  it.each([
    ['a 502 page of a proxy', { answer: 'http502' }, 'http-status', /502/],
    ['a 503', { answer: 'http503' }, 'http-status', /503/],
    ['a page instead of JSON', { answer: 'html200' }, 'not-authentik', /page|HTML/i],
    ['half an answer', { answer: 'halfJson', parts: ['api'] }, 'connection-lost', /authentik/],
    ['a reset', { answer: 'rst' }, 'connection-lost', /authentik/],
    ['a 502 page for the websocket only', { answer: 'http502', parts: ['events'] }, 'http-status', /502/],
    ['a reset of the websocket only', { answer: 'rst', parts: ['events'] }, 'connection-lost', /authentik/],
    [
      'a proxy that passes no websockets',
      { noUpgrade: 200, parts: ['events'] },
      'upgrade-refused',
      /websocket/i,
    ],
    [
      'a proxy that answers 400 to them',
      { noUpgrade: 400, parts: ['events'] },
      'upgrade-refused',
      /websocket|400/i,
    ],
    ['nobody there', { down: true }, 'connect-refused', /refused/],
  ] as const)('for %s waits with the reason, and is made when it is over', async (_, fault, code, words) => {
    const bench = await OutpostBench.prepare();
    await bench.authentik.setFaults(fault);
    await bench.outpost.resume();
    const { kind, reason } = await bench.down();
    expect(kind).toBe('waiting');
    expect(`${reason.code}: ${reason.message}`).toMatch(words);
    expect(reason.code).toBe(code);
    await bench.authentik.clearFaults();
    await bench.online();
  });

  it('waits longer every time, up to the cap, and starts anew when it has been heard', async () => {
    const bench = await OutpostBench.prepare({
      timing: { link: { backoff: { first: 2, cap: 16, random: () => 0.999 } } },
    });
    await bench.authentik.setFaults({ down: true });
    await bench.outpost.resume();
    const delays = () =>
      bench.log
        .filter(({ event }) => event === 'The link to authentik is down')
        .map(({ fields }) => fields['retry_in_ms']);
    await bench.until(() => delays().length >= 6);
    expect(delays().slice(0, 6)).toEqual([2, 4, 8, 16, 16, 16]);
    await bench.authentik.clearFaults();
    await bench.online();
    const attempts = bench.authentik.journal.hellos.map(({ attempt }) => Number(attempt));
    expect(attempts[0]).toBeGreaterThan(6);
    const before = delays().length;
    bench.authentik.closeSockets(1012, ['events']);
    await bench.until(() => delays().length > before);
    expect(delays()[before]).toBe(2);
  });

  it('waits a random part of that, so that a fleet does not come back together', async () => {
    const bench = await OutpostBench.prepare({ timing: { link: { backoff: { first: 8, cap: 8 } } } });
    await bench.authentik.setFaults({ down: true });
    await bench.outpost.resume();
    const delays = () =>
      bench.log
        .filter(({ event }) => event === 'The link to authentik is down')
        .map(({ fields }) => Number(fields['retry_in_ms']));
    await bench.until(() => delays().length >= 12);
    expect(Math.max(...delays())).toBeLessThanOrEqual(8);
    expect(new Set(delays()).size).toBeGreaterThan(2);
  });

  it('does not start anew for a proxy that takes the websocket and cuts it', async () => {
    const bench = await OutpostBench.prepare({
      timing: { link: { backoff: { first: 2, cap: 16, random: () => 0.999 } } },
    });
    bench.authentik.journal.onChange(() => {
      // Before a hello could be acknowledged.
      if (bench.hellos.length === 0) bench.authentik.resetSockets(['events']);
    });
    await bench.outpost.resume();
    // In the log, for a state that lasts 2 ms need not be told to anybody.
    const delays = () =>
      bench.log
        .filter(({ event }) => event === 'The link to authentik is down')
        .map(({ fields }) => fields['retry_in_ms']);
    await bench.until(() => delays().length >= 4);
    expect(delays().slice(0, 4)).toEqual([2, 4, 8, 16]);
  });

  it('is tried at once when somebody asks, however long the wait would be', async () => {
    const bench = await OutpostBench.prepare({
      timing: { link: { backoff: { ...LONG, random: () => 0.999 } } },
    });
    await bench.authentik.setFaults({ down: true });
    await bench.outpost.resume();
    await bench.down();
    await bench.authentik.clearFaults();
    bench.outpost.retry();
    await bench.online();
    // Once online there is nothing to hurry.
    bench.outpost.retry();
    expect(bench.link.kind).toBe('online');
    expect(bench.fetches).toBe(1);
  });

  it('is not tried any more once the outpost is stopped', async () => {
    const bench = await OutpostBench.prepare();
    await bench.authentik.setFaults({ answer: 'http502' });
    await bench.outpost.resume();
    await bench.down();
    await bench.outpost.stop({ drain: false });
    const { fetches } = bench;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(bench.fetches).toBe(fetches);
    expect(bench.link.kind).toBe('stopped');
    expect(() => bench.outpost.retry()).toThrow(expect.objectContaining({ code: 'not-running' }));
  });
});

describe('a token that authentik does not take', () => {
  it.each([
    ['401', { answer: 'revoked401' }],
    ['403', { answer: 'revoked403' }],
    ['403 for the websocket only', { answer: 'revoked403', parts: ['events'] }],
  ] as const)('%s is said in one sentence, and tried no more often than told', async (_, fault) => {
    const rejectedMs = 150;
    const bench = await OutpostBench.prepare({
      timing: { link: { rejectedMs, backoff: { first: 1, cap: 1 } } },
    });
    await bench.authentik.setFaults(fault);
    const begun = performance.now();
    await bench.outpost.resume();
    const { kind, reason } = await bench.down();
    expect(kind).toBe('rejected');
    expect(reason.code).toBe('token-rejected');
    expect(reason.advice).toBeTruthy();
    await bench.until(() => bench.fetches >= 3);
    const atMost = 1 + Math.floor((performance.now() - begun) / rejectedMs);
    expect(bench.fetches).toBeLessThanOrEqual(atMost);
    await bench.authentik.clearFaults();
    await bench.online();
  });

  it('counts at once when it is asked for', async () => {
    const bench = await OutpostBench.prepare({ timing: { link: { rejectedMs: LONG.first } } });
    await bench.authentik.setFaults({ answer: 'revoked401' });
    await bench.outpost.resume();
    await bench.down();
    await bench.authentik.clearFaults();
    bench.outpost.retry();
    await bench.online();
  });

  it('of another kind of outpost, or of none, is no reason to ask every second either', async () => {
    for (const [authentik, code] of [
      [{ outpostType: 'ldap' }, 'wrong-outpost-type'],
      [{ outposts: 0 }, 'no-outpost'],
    ] as const) {
      const bench = await OutpostBench.prepare({ authentik });
      await bench.outpost.resume();
      expect(await bench.down()).toMatchObject({ kind: 'rejected', reason: { code } });
    }
  });
});

describe('a link that is lost', () => {
  it.each([
    ['as at an upgrade of authentik', 'close', /is restarting \(1012/],
    ['in the middle of a frame', 'break', /cut without a word/],
    ['with a reset', 'reset', /authentik/],
  ] as const)('%s is named and comes back', async (_, how, words) => {
    const bench = await OutpostBench.start();
    if (how === 'close') bench.authentik.closeSockets(1012, ['events']);
    if (how === 'break') bench.authentik.breakSockets(['events']);
    if (how === 'reset') bench.authentik.resetSockets(['events']);
    await bench.until(() => bench.reconnects === 1);
    await bench.online();
    const reasons = bench.states.map((state) => ('reason' in state ? state.reason.message : ''));
    expect(reasons).toContainEqual(expect.stringMatching(words));
  });

  it('without a word is noticed, and comes back when authentik answers again', async () => {
    const bench = await OutpostBench.start({ timing: { pingMs: 40, deadMs: 250, link: { helloMs: 50 } } });
    await bench.authentik.setFaults({ blackHole: true, parts: ['events'] });
    await bench.until(() =>
      bench.states.some((state) => 'reason' in state && state.reason.code === 'peer-lost'),
    );
    await bench.authentik.clearFaults();
    await bench.online();
  });

  it('leaves open sessions as they are, and its hello counts them when it is back', async () => {
    const bench = await OutpostBench.start();
    const { browser, guacd } = await bench.live();
    await bench.authentik.setFaults({ answer: 'http502', parts: ['api', 'events'] });
    bench.authentik.closeSockets(1012, ['events']);
    await bench.down();
    guacd.send('4.sync,1.7;');
    await browser.waitFor('sync');
    browser.send('key', '97', '1');
    await bench.until(() => guacd.heard.includes('3.key,2.97,1.1;'));
    const before = bench.hellos.length;
    await bench.authentik.clearFaults();
    await bench.online();
    expect(bench.hellos.slice(before)).not.toContain(0);
    expect(bench.hellos.at(-1)).toBe(1);
  });
});

describe('the outpost’s description', () => {
  it('is fetched again when authentik says so, after a random wait, once for many calls', async () => {
    const bench = await OutpostBench.start({ timing: { spreadMs: 150 } });
    expect(bench.fetches).toBe(1);
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const before = bench.fetches;
      const begun = performance.now();
      for (let at = 0; at < 5; at += 1) bench.authentik.triggerUpdate();
      await bench.until(() => bench.fetches > before);
      waits.push(performance.now() - begun);
      expect(bench.fetches).toBe(before + 1);
    }
    expect(new Set(waits.map((wait) => Math.round(wait / 5))).size).toBeGreaterThan(1);
  });

  it('is fetched again and again, as often as the interval says', async () => {
    const bench = await OutpostBench.start({ timing: { mostRefreshMs: 40 } });
    await bench.until(() => bench.fetches >= 4);
    expect(bench.link.kind).toBe('online');
  });

  it('sets how much is logged, and keeps options that nobody knows', async () => {
    const bench = await OutpostBench.start({
      authentik: { config: { log_level: 'debug', from_the_future: [1] } },
    });
    await bench.until(() => bench.levels.includes('debug'));
    expect(bench.outpost.status().outpost?.config).toMatchObject({ from_the_future: [1] });
  });

  it('that cannot be fetched is said, and asked for again; the link stays', async () => {
    const bench = await OutpostBench.start({ timing: { spreadMs: 1, leastRefreshMs: 30 } });
    await bench.authentik.setFaults({ answer: 'http502', parts: ['api'] });
    bench.authentik.triggerUpdate();
    const failure = await bench.until(() => bench.outpost.status().updateFailure ?? undefined);
    expect(failure.code).toBe('http-status');
    expect(bench.link.kind).toBe('online');
    await bench.authentik.clearFaults();
    await bench.until(() => bench.outpost.status().updateFailure === null);
    expect(bench.reconnects).toBe(0);
  });
});
