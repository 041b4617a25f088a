import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Session } from '../../../main/core/sessions/session.ts';
import { farewellOf } from './bench.ts';
import { ARGS, type GuacdEnd } from './guacd.ts';
import { OutpostBench } from './outpost-bench.ts';

const BOTH = ['older', 'newest'] as const;
/** No hello by the clock: each one that comes is one that a change has asked for. */
const NEVER = 3_600_000;

describe('active_connections', () => {
  it('is exact in a hello of its own whenever a session comes or goes', async () => {
    const bench = await OutpostBench.start({ timing: { link: { helloMs: NEVER } } });
    expect(bench.hellos).toEqual([0]);
    const one = await bench.live();
    await bench.until(() => bench.hellos.at(-1) === 1);
    const two = await bench.live();
    await bench.until(() => bench.hellos.at(-1) === 2);
    one.browser.kill();
    await bench.until(() => bench.hellos.at(-1) === 1);
    two.guacd.send('10.disconnect;');
    await bench.until(() => bench.hellos.at(-1) === 0);
    expect(bench.hellos).toEqual([0, 1, 2, 1, 0]);
    expect(bench.authentik.instances().map(({ activeConnections }) => activeConnections)).toEqual([0]);
  });

  it('counts a session from the moment it is asked for, and one that fails no longer', async () => {
    const bench = await OutpostBench.start({ timing: { link: { helloMs: NEVER } } });
    const waiting: GuacdEnd[] = [];
    bench.guacd.onSelect = (end) => void waiting.push(end);
    await bench.authentik.openSession('box');
    await bench.until(() => bench.hellos.at(-1) === 1);
    expect(bench.outpost.status().sessions[0]?.state).toBe('connecting');
    await bench.until(() => waiting.length === 1);
    waiting[0]?.socket.end('5.error,4.Nope,3.769;');
    await bench.until(() => bench.hellos.at(-1) === 0);
    expect(bench.hellos).toEqual([0, 1, 0]);
  });

  it('is the same for a session that was replaced by one for the same channel', async () => {
    const bench = await OutpostBench.start({
      timing: { link: { helloMs: NEVER } },
      authentik: { generation: 'older' },
    });
    const earlier = await bench.live({ destChannelId: 'specific.same!id.1' });
    const later = await bench.live({ destChannelId: 'specific.same!id.1' });
    await bench.until(() => earlier.guacd.closed);
    expect(bench.authentik.instances()[0]?.activeConnections).toBe(1);
    expect(Math.max(...bench.hellos)).toBe(1);
    later.guacd.send('4.sync,1.7;');
    await later.browser.waitFor('sync');
    // authentik passes what an extra websocket says on to the browser: the earlier one must not say goodbye there.
    expect(later.browser.instructions.map(([opcode]) => opcode)).not.toContain('disconnect');
  });

  it('is exact after many that came and went at once', async () => {
    const bench = await OutpostBench.start({
      timing: { link: { helloMs: NEVER } },
      limits: { sessions: 20 },
    });
    const browsers = await Promise.all(Array.from({ length: 25 }, () => bench.authentik.openSession('box')));
    await bench.until(
      () => bench.outpost.status().sessions.filter(({ state }) => state === 'live').length === 20,
    );
    await bench.until(() => bench.hellos.at(-1) === 20);
    expect(Math.max(...bench.hellos)).toBe(20);
    for (const browser of browsers) browser.kill();
    await bench.until(() => bench.outpost.status().sessions.length === 0);
    await bench.until(() => bench.hellos.at(-1) === 0);
  });
});

describe.each(BOTH)('a session through authentik (%s)', (generation) => {
  it('is mirrored with its emoji, answers pings, and ends with its browser', async () => {
    const bench = await OutpostBench.start({ authentik: { generation } });
    const { browser, guacd } = await bench.live({
      lengths: generation === 'older' ? 'code-points' : 'utf16',
    });
    guacd.send('4.name,3.a😀b;4.sync,1.7;');
    expect(await browser.waitFor('name')).toEqual(['name', 'a😀b']);
    browser.sendRaw('3.nop;0.,4.ping,1.1;');
    expect(await browser.waitFor('')).toEqual(['', 'ping', '1']);
    browser.send('argv', 'é😀');
    await bench.until(() => guacd.heard.includes('4.argv,2.é😀;'));
    expect(guacd.heard.toString()).not.toContain('ping');
    browser.kill();
    await bench.until(() => guacd.closed);
    expect(guacd.heard.toString()).toMatch(/10\.disconnect;$/);
    await bench.until(() => bench.outpost.status().history[0]?.reason === 'user-left');
    expect(bench.authentik.sessions()[0]?.cutFrames).toBe(0);
  });

  it('tells the browser why it cannot be', async () => {
    const bench = await OutpostBench.start({ authentik: { generation } });
    bench.guacd.refuse();
    const browser = await bench.authentik.openSession('box');
    expect(await browser.waitFor('error')).toEqual([
      'error',
      expect.stringContaining('refused the connection'),
      '512',
    ]);
    await browser.waitFor('disconnect');
  });

  it('tells the browser what is wrong with a request', async () => {
    const bench = await OutpostBench.start({ authentik: { generation } });
    const browser = await bench.authentik.openSession('box', { alter: (args) => ({ ...args, protocol: 7 }) });
    expect(await browser.waitFor('error')).toEqual([
      'error',
      'The session cannot be opened: authentik did not say which protocol to use. Check the endpoint in authentik.',
      String(0x0300),
    ]);
    expect(bench.guacd.ends).toHaveLength(0);
  });

  it('is told when the outpost is stopped, and when its process ends', async () => {
    for (const how of ['stop', 'shutDown'] as const) {
      const bench = await OutpostBench.start({ authentik: { generation } });
      const { browser, guacd } = await bench.live();
      if (how === 'stop') await bench.outpost.stop({ drain: false });
      else await bench.outpost.shutDown();
      await browser.waitFor('disconnect');
      expect(
        farewellOf(browser.instructions.map(([opcode = '', ...args]) => [opcode, ...args] as const)),
      ).toEqual({
        sentence:
          'The outpost was stopped, so this session was ended. Open it again when the outpost is back.',
        status: 0x020b,
      });
      await bench.until(() => guacd.closed);
      expect(guacd.heard.toString()).toMatch(/10\.disconnect;$/);
      expect(bench.outpost.status().phase).toBe('stopped');
      expect(bench.wishes).toEqual(how === 'stop' ? ['stop'] : []);
    }
  });

  it('ends when authentik’s word that the browser has left comes late', async () => {
    const bench = await OutpostBench.start({ authentik: { generation } });
    await bench.authentik.setFaults({ lateDisconnectMs: 200 });
    const { browser, guacd } = await bench.live();
    browser.kill();
    guacd.send('4.sync,1.7;'.repeat(100));
    await bench.until(() => guacd.closed);
    await bench.until(() => bench.outpost.status().history[0]?.reason === 'user-left');
  });

  it('ends in the set-up when the browser leaves then', async () => {
    const bench = await OutpostBench.start({ authentik: { generation } });
    bench.guacd.onSelect = () => {};
    const browser = await bench.authentik.openSession('box');
    await bench.until(
      () => bench.authentik.sessions()[0]?.state === 'paired' && bench.guacd.ends.length === 1,
    );
    browser.kill();
    await bench.until(() => bench.guacd.ends[0]?.closed);
    await bench.until(() => bench.outpost.status().sessions.length === 0);
    expect(bench.outpost.status().history[0]).toMatchObject({ reason: 'user-left', setupMs: null });
  });
});

describe('a slow set-up', () => {
  it('delays neither another session nor hellos', async () => {
    const bench = await OutpostBench.start({ timing: { link: { helloMs: 30 } } });
    const waiting: GuacdEnd[] = [];
    bench.guacd.onSelect = (end) => void waiting.push(end);
    for (let at = 0; at < 5; at += 1) await bench.authentik.openSession('box');
    await bench.until(() => waiting.length === 5);
    bench.guacd.onSelect = (end) => end.send(ARGS);
    await bench.live();
    const before = bench.hellos.length;
    await bench.until(() => bench.hellos.length >= before + 3);
    expect(bench.hellos.at(-1)).toBe(6);
    expect(bench.outpost.status().sessions.filter(({ state }) => state === 'connecting')).toHaveLength(5);
  });
});

describe('a drain', () => {
  it('lets sessions finish, takes no new ones, and is over with the last one', async () => {
    const bench = await OutpostBench.start();
    const { browser, guacd } = await bench.live();
    let over = false;
    const draining = bench.outpost.stop({ drain: true }).then(() => {
      over = true;
    });
    await bench.until(() => bench.outpost.status().phase === 'draining');
    await bench.until(() => !bench.authentik.online);
    guacd.send('4.sync,1.7;');
    await browser.waitFor('sync');
    expect(over).toBe(false);
    browser.kill();
    await draining;
    expect(bench.outpost.status()).toMatchObject({ phase: 'stopped', wish: 'stop', sessions: [] });
  });

  it('before the process ends leaves the wish as it is', async () => {
    const bench = await OutpostBench.start();
    const { browser } = await bench.live();
    const draining = bench.outpost.stop({ drain: true, remember: false });
    await bench.until(() => bench.outpost.status().phase === 'draining');
    browser.kill();
    await draining;
    expect(bench.outpost.status()).toMatchObject({ phase: 'stopped', wish: 'run' });
    expect(bench.wishes).toEqual([]);
  });

  it('can be taken back', async () => {
    const bench = await OutpostBench.start();
    const { browser, guacd } = await bench.live();
    const draining = bench.outpost.stop({ drain: true });
    await bench.until(() => bench.outpost.status().phase === 'draining');
    await bench.outpost.start();
    await draining;
    await bench.online();
    expect(bench.outpost.status()).toMatchObject({ phase: 'running', wish: 'run' });
    guacd.send('4.sync,1.7;');
    await browser.waitFor('sync');
    await bench.live();
  });

  it('can be cut short, with a word to those who are still there', async () => {
    const bench = await OutpostBench.start();
    const { browser } = await bench.live();
    const draining = bench.outpost.stop({ drain: true });
    await bench.until(() => bench.outpost.status().phase === 'draining');
    await bench.outpost.stop({ drain: false });
    await draining;
    await browser.waitFor('error');
    expect(bench.outpost.status().phase).toBe('stopped');
  });
});

describe('a start', () => {
  it('does what was last wished: nothing, where that was to stop', async () => {
    const bench = await OutpostBench.prepare({ wish: 'stop' });
    await bench.outpost.resume();
    expect(bench.outpost.status()).toMatchObject({ phase: 'stopped', link: { kind: 'stopped' } });
    expect(bench.fetches).toBe(0);
    await bench.outpost.start();
    await bench.online();
    expect(bench.wishes).toEqual(['run']);
  });

  it('after a crash removes the drives that were left behind, and only those', async () => {
    const bench = await OutpostBench.prepare({ local: true });
    const left = join(bench.drives, 'session-11111111-2222-3333-4444-555555555555');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'secret.pdf'), 'x');
    await writeFile(join(bench.drives, 'notes.txt'), 'of the admin');
    await bench.outpost.resume();
    expect(await readdir(bench.drives)).toEqual(['notes.txt']);
    await bench.online();
    const { guacd, browser } = await bench.live();
    expect(guacd.parameter('drive-path')?.startsWith(bench.drives)).toBe(true);
    browser.kill();
    await bench.until(() => bench.outpost.status().sessions.length === 0);
    expect(await readdir(bench.drives)).toEqual(['notes.txt']);
  });

  it('is not kept from running by drives that cannot be removed', async () => {
    const bench = await OutpostBench.prepare({ local: true });
    await writeFile(bench.drives, 'a file where the folder should be');
    await bench.outpost.resume();
    await bench.online();
    expect(bench.log).toContainEqual(
      expect.objectContaining({ level: 'warning', event: 'A drive was left behind' }),
    );
  });

  it('twice, and a stop twice, are one each', async () => {
    const bench = await OutpostBench.start();
    await Promise.all([bench.outpost.start(), bench.outpost.start()]);
    await bench.online();
    expect(bench.fetches).toBe(1);
    await Promise.all([bench.outpost.stop({ drain: false }), bench.outpost.stop({ drain: false })]);
    expect(bench.outpost.status().phase).toBe('stopped');
    await bench.outpost.start();
    await bench.online();
  });
});

describe('the status', () => {
  it('tells of everything that happens, at most once a turn', async () => {
    const bench = await OutpostBench.start();
    const seen: number[] = [];
    bench.outpost.onStatus(() => seen.push(bench.outpost.sessionIds.length));
    const browsers = await Promise.all(Array.from({ length: 10 }, () => bench.authentik.openSession('box')));
    await bench.until(
      () => bench.outpost.status().sessions.filter(({ state }) => state === 'live').length === 10,
    );
    expect(seen).toContain(10);
    for (const browser of browsers) browser.kill();
    await bench.until(() => seen.at(-1) === 0);
    // Ten come, are joined, end and go: forty changes of single sessions, and the link’s own.
    expect(seen.length).toBeLessThan(60);
    expect(bench.outpost.status().history).toHaveLength(10);
  });

  it('is put together for those who look, not for each session that comes and goes', async () => {
    const bench = await OutpostBench.start();
    for (let count = 0; count < 3; count += 1) await bench.live();
    const others = bench.outpost.sessionIds;
    const looks = vi.spyOn(Session.prototype, 'status', 'get');
    try {
      const browser = await bench.authentik.openSession('box');
      await bench.until(() => bench.guacd.ends.length === 4);
      browser.kill();
      await bench.until(() => bench.outpost.sessionIds.length === 3);
      expect(looks.mock.contexts.length).toBeGreaterThan(0);
      expect(
        looks.mock.contexts.filter((session) => others.includes((session as Session).request.id)),
      ).toEqual([]);
    } finally {
      looks.mockRestore();
    }
  });

  it('names what ended a session in the history, without its secrets', async () => {
    const bench = await OutpostBench.start();
    const { guacd } = await bench.live({ user: 'Åsa 😀' });
    guacd.socket.resetAndDestroy();
    const ended = await bench.until(() => bench.outpost.status().history[0]);
    expect(ended).toMatchObject({
      source: 'authentik',
      protocol: 'ssh',
      user: 'Åsa 😀',
      machine: 'box:22',
      reason: 'guacd-lost',
      failure: { code: 'guacd-died' },
    });
    expect(JSON.stringify(bench.outpost.status())).not.toContain(bench.authentik.token);
  });

  it('is ended by an admin with a word', async () => {
    const bench = await OutpostBench.start();
    const { browser } = await bench.live();
    const [session] = bench.outpost.status().sessions;
    bench.outpost.end(session?.id ?? '');
    expect(await browser.waitFor('error')).toEqual([
      'error',
      'The admin of the jump host ended this session.',
      String(0x020b),
    ]);
    expect(() => bench.outpost.end('nobody')).toThrow(expect.objectContaining({ code: 'session-not-found' }));
  });
});
