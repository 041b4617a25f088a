import { readdir, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { ADMIT_ALL } from '../../../main/core/sessions/admission.ts';
import type { SessionLimits } from '../../../main/core/sessions/limits.ts';
import { localRequest } from '../../../main/core/sessions/request.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import type { SessionStatus } from '../../../main/core/status.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type BenchOptions, type Ends, SessionBench } from './bench.ts';
import { ARGS, CONNECTION } from './guacd.ts';

const LEFT = '0.authentik.disconnect';
const STOPPED = ending('shutdown', { code: 'not-running', message: 'The outpost was stopped.' });
const path = (token: string) => ({ 'drive-path': `/tmp/connection/${token.repeat(60)}` });
const MINE = { hostname: 'box', 'client-name': 'authentik - alice', ...path('a') };

function start(limits: Partial<SessionLimits> = {}, options: BenchOptions = {}): Promise<SessionBench> {
  return SessionBench.start({ ...options, limits: { settleMs: 50, ...limits } });
}

function stateOf(bench: SessionBench, at = 0): SessionStatus['state'] | undefined {
  return bench.broker.sessions[at]?.state;
}

/** A session with `box` whose browser has just left. */
async function held(bench: SessionBench, params: Record<string, string> = MINE): Promise<Ends> {
  const ends = await bench.live('one', params);
  await leave(bench, ends);
  return ends;
}

/** Told, not seen: where a session is held for a moment only, it may be over before anybody looks. */
async function leave(bench: SessionBench, { browser }: Ends): Promise<void> {
  const times = () => bench.told.filter((told) => told.startsWith('held ')).length;
  const before = times();
  browser.send(LEFT);
  await until(() => times() > before);
}

/** Comes back over another channel, and waits until the session is live again. */
async function back(bench: SessionBench, channel = 'two', params: Record<string, string> = MINE) {
  const before = bench.guacd.joined.length;
  bench.open(channel, params);
  await until(() => stateOf(bench) === 'live' && bench.guacd.joined.length === before + 1);
  const guacd = bench.guacd.joined.at(-1);
  if (!guacd) throw new Error('Nobody has joined.');
  return { browser: await bench.browser(channel), guacd };
}

describe('a session whose person has gone', () => {
  it('is kept at guacd, which hears that its frames were seen, and sees no end', async () => {
    const bench = await start();
    const { browser, guacd } = await held(bench);
    const [session] = bench.broker.sessions;
    expect(session?.heldUntil).toBeGreaterThan(Date.now());
    expect(bench.broker.active).toBe(0);
    const shown = session?.bytesToPeer;
    guacd.send('4.size,1.0,3.800,3.600;4.sync,2.17;3.nop;4.sync,2.18;');
    await until(() => guacd.heard.toString() === '4.sync,2.17;4.sync,2.18;');
    await until(() => browser.closed !== undefined);
    expect(browser.words.map(([opcode]) => opcode)).toEqual(['disconnect']);
    expect(bench.broker.sessions[0]?.bytesToPeer).toBe(shown);
    expect(bench.told).toEqual(['started ssh', 'live ssh', 'held box']);
  });

  it('is joined by the same person, and is one session to everyone', async () => {
    const bench = await start();
    const { guacd: first } = await held(bench);
    const before = bench.broker.sessions[0];
    const { browser, guacd } = await back(bench);
    expect(guacd.handshake[0]).toEqual(['select', CONNECTION]);
    expect(guacd.parameter('hostname')).toBe('');
    expect(bench.broker.sessions).toHaveLength(1);
    expect(bench.broker.sessions[0]).toMatchObject({
      id: before?.id,
      startedAt: before?.startedAt,
      setupMs: before?.setupMs,
      state: 'live',
    });
    expect(bench.broker.sessions[0]).not.toHaveProperty('heldUntil');
    guacd.send('3.img,1.1;');
    await until(() => browser.words.some(([opcode]) => opcode === 'img'));
    browser.send('3.key,2.97,1.1;');
    // guacd hears the new window's size first, in case it is another one.
    await until(() => guacd.heard.toString() === '4.size,4.1024,3.768;3.key,2.97,1.1;');
    await until(() => first.closed);
    expect(first.heard.toString()).toBe('10.disconnect;');
    expect(guacd.closed).toBe(false);
    expect(bench.told).toEqual(['started ssh', 'live ssh', 'held box', 'resumed box']);
  });

  it('is left only when another place is surely taken: guacd ends what it counts nobody on', async () => {
    const bench = await start({ settleMs: 60_000 });
    const { guacd: first } = await held(bench);
    await back(bench);
    first.send('4.sync,1.9;');
    await until(() => first.heard.toString() === '4.sync,1.9;');
    expect(first.closed).toBe(false);
    await bench.broker.endAll(STOPPED);
    await until(() => first.closed);
  });

  it('can go away and come back many times', async () => {
    const bench = await start();
    await held(bench);
    for (const channel of ['two', 'three', 'four', 'five', 'six', 'seven', 'eight']) {
      const { browser } = await back(bench, channel);
      browser.reset();
      await until(() => stateOf(bench) === 'held');
    }
    await until(() => bench.guacd.ends.filter(({ closed }) => !closed).length <= 4);
    expect(bench.guacd.joined).toHaveLength(7);
    await back(bench, 'nine');
    await until(() => bench.guacd.ends.filter(({ closed }) => !closed).length === 1);
    expect(stateOf(bench)).toBe('live');
  });

  it.each([
    ['the websocket is reset', (ends: Ends) => ends.browser.reset()],
    ['the websocket closes', (ends: Ends) => ends.browser.websocket.close()],
    ['the websocket breaks', (ends: Ends) => ends.browser.breakMidFrame()],
  ])('is held also where %s', async (_, lose) => {
    const bench = await start();
    lose(await bench.live('one', MINE));
    await until(() => stateOf(bench) === 'held');
    await back(bench);
  });

  it('lets go of keys and buttons that were held down: a page is reloaded by Ctrl+R', async () => {
    const bench = await start();
    const { browser, guacd } = await bench.live('one', MINE);
    const typed = '3.key,5.65507,1.1;3.key,3.114,1.1;3.key,3.114,1.0;5.mouse,2.10,2.20,1.1;';
    browser.send(typed);
    await until(() => guacd.heard.length === typed.length);
    browser.send(LEFT);
    await until(() => guacd.heard.toString() === `${typed}3.key,5.65507,1.0;5.mouse,2.10,2.20,1.0;`);
  });

  it('goes on in the middle of an instruction', async () => {
    const bench = await start();
    const { browser, guacd } = await bench.live('one', MINE);
    guacd.send('4.sync,1.1;4.sy');
    await until(() => browser.words.length === 1);
    browser.send(LEFT);
    await until(() => stateOf(bench) === 'held');
    guacd.send('nc,1.2;');
    await until(() => guacd.heard.toString() === '4.sync,1.2;');
  });

  it('keeps its drive', async () => {
    const bench = await start({}, { local: true });
    const { guacd } = await held(bench);
    const drive = guacd.parameter('drive-path') ?? '';
    expect((await stat(drive)).isDirectory()).toBe(true);
    await back(bench);
    expect((await stat(drive)).isDirectory()).toBe(true);
    await bench.broker.endAll(STOPPED);
    expect(await readdir(bench.drives)).toEqual([]);
  });

  it('is over when nobody came in time', async () => {
    const bench = await start({ holdMs: 80 });
    const { guacd } = await held(bench);
    expect(await bench.over()).toMatchObject({ reason: 'hold-expired', failure: null });
    expect(guacd.heard.toString()).toBe('10.disconnect;');
    expect(bench.told.slice(2)).toEqual(['held box', 'expired box', 'ended ssh hold-expired']);
  });

  it('tells in its history what it was lost by', async () => {
    const bench = await start({ holdMs: 80 });
    (await bench.live('one', MINE)).browser.reset();
    expect(await bench.over()).toMatchObject({
      reason: 'hold-expired',
      failure: { code: 'connection-lost' },
    });
  });

  it('is not held where that is switched off, nor where nothing tells the same person', async () => {
    const off = await start({ holdMs: 0 });
    (await off.live('one', MINE)).browser.send(LEFT);
    expect((await off.over()).reason).toBe('user-left');
    const bench = await start();
    const short = await bench.live('one', { ...MINE, 'drive-path': '/tmp/connection/short' });
    short.browser.send(LEFT);
    expect((await bench.over()).reason).toBe('user-left');
  });

  it('is not held where the person says so: a word ends it', async () => {
    const bench = await start();
    const { browser, guacd } = await bench.live('one', MINE);
    browser.send('10.disconnect;');
    expect((await bench.over()).reason).toBe('user-left');
    expect(guacd.heard.toString()).toContain('10.disconnect;');
  });
});

describe('nobody else ever joins', () => {
  it.each([
    ['another token', { ...MINE, ...path('b') }, 'ssh'],
    ['another machine', { ...MINE, hostname: 'other' }, 'ssh'],
    ['another port', { ...MINE, port: '23' }, 'ssh'],
    ['another person', { ...MINE, 'client-name': 'authentik - mallory' }, 'ssh'],
    ['another login', { ...MINE, username: 'root' }, 'ssh'],
    ['another protocol', MINE, 'vnc'],
    ['no token', { hostname: 'box', 'client-name': 'authentik - alice' }, 'ssh'],
  ])('with %s', async (_, params, protocol) => {
    const bench = await start();
    const { guacd } = await held(bench);
    bench.open('two', params, protocol);
    await until(() => bench.broker.sessions.some(({ state }) => state === 'live'));
    expect(bench.guacd.joined).toEqual([]);
    expect(bench.broker.sessions.map(({ state }) => state)).toEqual(['held', 'live']);
    guacd.send('4.sync,1.1;');
    await until(() => guacd.heard.toString() === '4.sync,1.1;');
  });

  it('from this host, whatever it calls its window', async () => {
    const bench = await start();
    const { guacd } = await held(bench);
    const parameters = new Map(
      Object.entries(MINE).map(([name, value]) => [name, new Secret(value)] as const),
    );
    const display = { width: 800, height: 600, dpi: 96, audio: [] };
    const wish = { protocol: 'ssh', parameters, display, user: 'alice', machine: null, machineId: null };
    bench.broker.open(localRequest(wish), 'window', bench.peer('window'), { window: 'a'.repeat(60) });
    await until(() => bench.broker.sessions.some(({ state }) => state === 'live'));
    expect(bench.guacd.joined).toEqual([]);
    expect(guacd.closed).toBe(false);
  });

  it('while the person is there: the same page in two tabs is two sessions', async () => {
    const bench = await start({ presumedGoneMs: 10_000 });
    const { browser } = await bench.live('one', MINE);
    const alive = setInterval(() => browser.send('3.nop;'), 20);
    bench.open('two', MINE);
    await until(() => bench.broker.sessions.length === 2 && stateOf(bench, 1) === 'live');
    clearInterval(alive);
    expect(bench.guacd.joined).toEqual([]);
    expect(stateOf(bench)).toBe('live');
  });
});

describe('a person who is lost without anybody having noticed', () => {
  it('takes the place again that has fallen silent', async () => {
    const bench = await start({ presumedGoneMs: 200 });
    const { browser } = await bench.live('one', MINE);
    browser.pause();
    await back(bench);
    expect(bench.broker.sessions).toHaveLength(1);
    browser.resume();
    await until(() => browser.closed !== undefined);
    // A word might reach whoever has come anew.
    expect(browser.words).toEqual([]);
  });

  it('comes back at once where the word that they have left is a little late', async () => {
    const bench = await start({ presumedGoneMs: 60_000 });
    const { browser } = await bench.live('one', MINE);
    bench.open('two', MINE);
    browser.send(LEFT);
    await until(() => stateOf(bench) === 'live' && bench.guacd.joined.length === 1);
  });

  it('comes back at once over the very same channel, without a word to the earlier end', async () => {
    const bench = await start({ presumedGoneMs: 60_000 });
    const { browser } = await bench.live('one', MINE);
    bench.open('one', MINE);
    await until(() => stateOf(bench) === 'live' && bench.guacd.joined.length === 1);
    await until(() => browser.closed !== undefined);
    expect(browser.words).toEqual([]);
    expect(bench.broker.history).toEqual([]);
  });
});

describe('the end of a held session', () => {
  it('by an admin, by authentik, or with the outpost is at once', async () => {
    const bench = await start();
    const admin = await held(bench);
    bench.broker.end(bench.broker.sessions[0]?.id ?? '', ending('ended-by-admin'));
    expect((await bench.over()).reason).toBe('ended-by-admin');
    expect(admin.guacd.heard.toString()).toBe('10.disconnect;');
    await held(bench);
    expect(bench.broker.endNamed('a'.repeat(60), ending('ended-by-authentik'))).toBe(1);
    await until(() => bench.broker.history.length === 2);
    expect(bench.broker.history[0]?.reason).toBe('ended-by-authentik');
    await held(bench);
    await bench.broker.endAll(STOPPED);
    expect(bench.broker.history[0]?.reason).toBe('shutdown');
  });

  it('is the beginning of a drain, and nobody is held while it lasts', async () => {
    const bench = await start();
    await held(bench);
    const there = await bench.live('other', { ...MINE, ...path('b'), hostname: 'other' });
    bench.broker.draining = true;
    await until(() => bench.broker.history.length === 1);
    expect(bench.broker.history[0]?.reason).toBe('hold-expired');
    there.browser.send(LEFT);
    await bench.broker.allOver();
    expect(bench.broker.history[0]?.reason).toBe('user-left');
  });

  it.each([
    ['closes', (ends: Ends) => ends.guacd.socket.destroy(), 'guacd-lost'],
    [
      'says that the machine has ended it',
      (ends: Ends) => ends.guacd.send('10.disconnect;'),
      'machine-ended',
    ],
    ['says what is wrong', (ends: Ends) => ends.guacd.send('5.error,1.x,3.519;'), 'failed'],
    ['sends garbage', (ends: Ends) => ends.guacd.send('garbage'), 'failed'],
  ])('comes where guacd %s', async (_, end, reason) => {
    const bench = await start();
    end(await held(bench));
    expect((await bench.over()).reason).toBe(reason);
  });

  it('comes where guacd goes silent', async () => {
    const bench = await start({ guacdSilenceMs: 1_000 });
    const ends = await bench.live('one', MINE);
    const talking = setInterval(() => ends.guacd.send('3.nop;'), 20);
    await leave(bench, ends);
    clearInterval(talking);
    expect(await bench.over()).toMatchObject({ reason: 'guacd-lost', failure: { code: 'guacd-timeout' } });
  });

  it('comes when too many are held, and the one that waits longest makes room for somebody who is there', async () => {
    const bench = await start({ held: 1 });
    await held(bench);
    const second = await bench.live('second', { ...MINE, ...path('b'), hostname: 'second' });
    second.browser.send(LEFT);
    await until(() => bench.broker.history.length === 1);
    expect(bench.broker.history[0]).toMatchObject({ machine: 'second', reason: 'user-left' });
    const full = await start({ sessions: 2 });
    // Held in another order than they began in.
    const late = await full.live('late', { ...MINE, ...path('b'), hostname: 'late' });
    const early = await full.live('early', { ...MINE, ...path('c'), hostname: 'early' });
    await leave(full, early);
    await leave(full, late);
    await full.live('two', { hostname: 'two' });
    await full.live('three', { hostname: 'three' });
    await until(() => full.broker.history.length === 2);
    const ended = { reason: 'hold-expired', failure: { code: 'session-limit' } };
    expect(full.broker.history).toMatchObject([
      { ...ended, machine: 'late' },
      { ...ended, machine: 'early' },
    ]);
    full.open('four', { hostname: 'four' });
    expect((await full.farewell('four')).sentence).toContain('limit of sessions at once: 2.');
  });

  it('comes sooner where a guardrail says so', async () => {
    const bench = await start(
      { holdMs: 600_000 },
      {
        admit: async (request) => ({
          ...(await ADMIT_ALL(
            request,
            { isThere: () => false, makeRoom: () => false },
            new AbortController().signal,
          )),
          holdMs: 50,
        }),
      },
    );
    await held(bench);
    expect((await bench.over()).reason).toBe('hold-expired');
  });
});

describe('a way back', () => {
  it('that guacd does not know any more leads to a new session', async () => {
    const bench = await start();
    const { guacd } = await held(bench);
    bench.guacd.onSelect = (end) => {
      if (end.handshake[0]?.[1] === CONNECTION) end.socket.end();
      else end.send(ARGS);
    };
    bench.open('two', MINE);
    await until(() => bench.broker.sessions.some(({ state }) => state === 'live'));
    expect(bench.guacd.end('box')).not.toBe(guacd);
    expect(bench.broker.history[0]).toMatchObject({ reason: 'guacd-lost' });
  });

  it('leads to a new session where guacd dies meanwhile', async () => {
    const bench = await start();
    const { guacd } = await held(bench);
    bench.guacd.onSelect = (end) => {
      if (end.handshake[0]?.[1] === CONNECTION) guacd.socket.destroy();
      else end.send(ARGS);
    };
    bench.open('two', MINE);
    await until(() => bench.broker.sessions.some(({ state }) => state === 'live'));
    await until(() => bench.broker.history.length === 1);
    expect(bench.broker.history[0]).toMatchObject({ reason: 'guacd-lost' });
  });

  it('that does not reach the person leaves the session held, for the next try', async () => {
    const bench = await start();
    const { guacd } = await held(bench);
    bench.tunnels.doorkeeper = (socket) => {
      socket.destroy();
      return true;
    };
    bench.open('two', MINE);
    await until(() => bench.guacd.joined[0]?.closed === true);
    await until(() => bench.broker.sessions[0]?.heldUntil !== undefined);
    expect(stateOf(bench)).toBe('held');
    expect(guacd.closed).toBe(false);
    bench.tunnels.doorkeeper = () => false;
    await back(bench, 'three');
  });

  it('that ends in the breath in which it arrives leaves the session held', async () => {
    const bench = await start();
    await held(bench);
    const word = Buffer.concat([Buffer.from([0x81, LEFT.length]), Buffer.from(LEFT)]);
    bench.tunnels.doorkeeper = (socket) => {
      const write = socket.write.bind(socket);
      // One packet with the answer to the upgrade.
      socket.write = (answer: string | Uint8Array) => {
        socket.write = write;
        return write(Buffer.concat([Buffer.from(answer), word]));
      };
      return false;
    };
    bench.open('two', MINE);
    await until(() => bench.told.filter((told) => told === 'held box').length === 2);
    expect(stateOf(bench)).toBe('held');
    bench.tunnels.doorkeeper = () => false;
    await back(bench, 'three');
  });

  it('is stopped by whoever comes later, and the earlier one is told', async () => {
    const bench = await start();
    await held(bench);
    const waiting: (() => void)[] = [];
    bench.guacd.onSelect = (end) => waiting.push(() => end.send(ARGS));
    bench.open('two', MINE);
    await until(() => waiting.length === 1);
    bench.guacd.onSelect = (end) => end.send(ARGS);
    bench.open('three', MINE);
    await until(() => stateOf(bench) === 'live');
    expect((await bench.farewell('two')).sentence).toContain('shown in another window');
    expect(bench.tunnels.end('three')?.closed).toBeUndefined();
    expect(bench.broker.sessions).toHaveLength(1);
  });

  /** Somebody on the way back, whose end will not be reached; `arrive` lets the way end. */
  async function onTheWay(bench: SessionBench): Promise<{ arrive: () => void }> {
    await held(bench);
    let arrive = () => {};
    bench.guacd.onSelect = (end) => {
      arrive = () => end.send(ARGS);
    };
    bench.tunnels.doorkeeper = (socket) => {
      socket.destroy();
      return true;
    };
    bench.open('two', MINE);
    await until(() => bench.guacd.joined.length === 1 && bench.guacd.joined[0]?.handshake.length === 1);
    return { arrive: () => arrive() };
  }

  it('that fails during a drain ends the session at once, with what it was lost by', async () => {
    const bench = await start();
    const { arrive } = await onTheWay(bench);
    bench.broker.draining = true;
    expect(stateOf(bench)).toBe('held');
    arrive();
    await bench.broker.allOver();
    expect(bench.broker.history[0]).toMatchObject({ reason: 'hold-expired', failure: null });
    expect(bench.told).not.toContain('expired box');
  });

  it('that fails after a drain was taken back leaves the session held', async () => {
    const bench = await start();
    const { arrive } = await onTheWay(bench);
    bench.broker.draining = true;
    bench.broker.draining = false;
    arrive();
    await until(() => bench.guacd.joined[0]?.closed === true);
    bench.tunnels.doorkeeper = () => false;
    bench.guacd.onSelect = (end) => end.send(ARGS);
    await back(bench, 'three');
  });

  it('that succeeds during a drain is live, and the drain waits for it', async () => {
    const bench = await start();
    const { arrive } = await onTheWay(bench);
    bench.tunnels.doorkeeper = () => false;
    bench.broker.draining = true;
    arrive();
    await until(() => stateOf(bench) === 'live');
    (await bench.browser('two')).send('10.disconnect;');
    await bench.broker.allOver();
    expect(bench.broker.history[0]?.reason).toBe('user-left');
  });

  it('that fails leaves the session held where as many are held as may be', async () => {
    const bench = await start({ held: 1 });
    const { arrive } = await onTheWay(bench);
    arrive();
    await until(() => bench.guacd.joined[0]?.closed === true);
    bench.tunnels.doorkeeper = () => false;
    bench.guacd.onSelect = (end) => end.send(ARGS);
    await back(bench, 'three');
  });

  it('does not outlive the outpost', async () => {
    const bench = await start();
    await held(bench);
    bench.guacd.onSelect = () => {};
    bench.open('two', MINE);
    await until(() => bench.guacd.joined.length === 1);
    bench.broker.draining = true;
    await bench.broker.endAll(STOPPED);
    expect(bench.broker.sessions).toEqual([]);
    expect(bench.broker.history[0]?.reason).toBe('shutdown');
  });

  it('ends with an End that comes meanwhile, and no new session takes its place', async () => {
    const bench = await start();
    await held(bench);
    bench.guacd.onSelect = () => {};
    bench.open('two', MINE);
    await until(() => bench.guacd.joined.length === 1);
    const why = { code: 'aborted', message: 'The admin ended it.' } as const;
    bench.broker.end(bench.broker.sessions[0]?.id ?? '', ending('ended-by-admin', why));
    expect((await bench.farewell('two')).sentence).toBe('The admin ended it.');
    await bench.over();
    expect(bench.broker.sessions).toEqual([]);
  });
});

describe('a session that asks for something', () => {
  it('is not held: guacd asks nobody again; and is held when it has its answer', async () => {
    const bench = await start();
    const display = { width: 800, height: 600, dpi: 96, audio: [] };
    const wish = { protocol: 'ssh', display, user: 'alice', machine: 'box', machineId: null };
    const open = () =>
      bench.broker.open(localRequest({ ...wish, parameters: new Map() }), 'window:w', bench.peer('window'), {
        window: 'window-of-one-person',
        version: 'VERSION_1_5_0',
      });
    open();
    await until(() => stateOf(bench) === 'live');
    bench.guacd.ends[0]?.send('8.required,8.password;');
    const asked = await bench.browser('window');
    await until(() => asked.words.length === 1);
    asked.reset();
    expect((await bench.over()).reason).toBe('peer-lost');
    open();
    await until(() => stateOf(bench) === 'live' && bench.tunnels.ends.length === 2);
    bench.guacd.ends[1]?.send('8.required,8.password;');
    const again = await bench.browser('window');
    await until(() => again.words.length === 1);
    again.send('4.argv,1.0,10.text/plain,8.password;4.blob,1.0,4.c2Vj;3.end,1.0;');
    await until(() => bench.guacd.ends[1]?.heard.toString().endsWith('3.end,1.0;') === true);
    again.reset();
    await until(() => stateOf(bench) === 'held');
    open();
    await until(() => stateOf(bench) === 'live' && bench.guacd.joined.length === 1);
  });
});
