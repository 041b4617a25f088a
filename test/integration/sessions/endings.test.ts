import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GuacamoleStatus } from '../../../main/core/guacamole/status.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from './bench.ts';
import { ARGS } from './guacd.ts';

const ADMIN = ending('ended-by-admin', {
  code: 'aborted',
  message: 'The admin ended it.',
  advice: 'Ask why.',
});
const STOPPED = ending('shutdown', { code: 'not-running', message: 'The outpost was stopped.' });

describe('sessions beside each other', () => {
  it('do not wait for one whose guacd is slow, nor for one whose browser’s end is', async () => {
    const bench = await SessionBench.start();
    const held: (() => void)[] = [];
    bench.guacd.onSelect = (end) => {
      // The first one is never answered until all others are through.
      if (bench.guacd.ends.indexOf(end) === 0) held.push(() => end.send(ARGS));
      else end.send(ARGS);
    };
    bench.tunnels.doorkeeper = async (_socket, channel) => {
      if (channel === 'slow-browser')
        await until(() =>
          bench.broker.sessions.some(({ machine, state }) => machine === 'last' && state === 'live'),
        );
      return false;
    };
    bench.open('slow-guacd');
    await until(() => held.length === 1);
    bench.open('slow-browser');
    for (let at = 0; at < 20; at += 1) bench.open(`quick-${at}`);
    await until(() => bench.broker.sessions.filter(({ state }) => state === 'live').length === 20);
    bench.open('last');
    await until(() => bench.broker.sessions.filter(({ state }) => state === 'live').length === 22);
    const states = new Map(bench.broker.sessions.map(({ machine, state }) => [machine, state]));
    expect(states.get('slow-guacd')).toBe('connecting');
    expect(states.get('slow-browser')).toBe('live');
    held[0]?.();
    await until(() => bench.broker.sessions.every(({ state }) => state === 'live'));
    expect(bench.broker.active).toBe(23);
  });

  it('are dialled at both ends at the same time', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = () => {};
    bench.open('guacd-hangs');
    await bench.browser('guacd-hangs');
    bench.tunnels.doorkeeper = () => true;
    bench.open('browser-hangs');
    await until(() => bench.guacd.ends.length === 2);
  });

  it('are each other’s business only when they have the same channel', async () => {
    const bench = await SessionBench.start();
    const earlier = await bench.live('same', { hostname: 'same' });
    const bystander = await bench.live('another');
    const later = await bench.live('same', { hostname: 'same' });
    // The person whose session goes on must not be told that it has ended.
    await until(() => earlier.browser.closed !== undefined);
    expect(earlier.browser.words).toEqual([]);
    await until(() => earlier.guacd.closed);
    expect(earlier.guacd.heard.toString()).toBe('10.disconnect;');
    expect(bench.broker.history[0]).toMatchObject({ reason: 'ended-by-authentik', failure: null });
    for (const { browser, guacd } of [bystander, later]) {
      guacd.send('4.sync,1.7;');
      await until(() => browser.words.length === 1);
    }
  });

  it('that are still being set up are replaced as well, without a word', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = () => {};
    bench.open('same');
    const earlier = await bench.browser('same');
    bench.guacd.onSelect = (end) => end.send(ARGS);
    bench.open('same');
    await until(() => bench.broker.sessions.some(({ state }) => state === 'live'));
    await until(() => earlier.closed !== undefined);
    expect(earlier.words).toEqual([]);
    expect(bench.broker.active).toBe(1);
  });
});

describe('a refusal reaches the browser', () => {
  it('at the limit of sessions, as busy, with a sentence; and there is room when one has ended', async () => {
    const bench = await SessionBench.start({ limits: { sessions: 2 } });
    const first = await bench.live('first');
    await bench.live('second');
    bench.open('third');
    const { sentence, status } = await bench.farewell('third');
    expect(sentence).toBe(
      'This outpost has reached its limit of sessions at once: 2. Try again later, or ask the admin to raise the limit.',
    );
    expect(status).toBe(GuacamoleStatus.serverBusy);
    expect(bench.guacd.ends).toHaveLength(2);
    first.browser.send('0.authentik.disconnect');
    await until(() => bench.broker.active === 1);
    await bench.live('fourth');
  });

  it('while the outpost is being stopped', async () => {
    const bench = await SessionBench.start();
    const running = await bench.live('running');
    bench.broker.draining = true;
    bench.open('late');
    expect(await bench.farewell('late')).toEqual({
      sentence: 'This outpost is being stopped and takes no new sessions. Try again in a moment.',
      status: GuacamoleStatus.serverBusy,
    });
    running.guacd.send('4.sync,1.7;');
    await until(() => running.browser.words.length === 1);
  });

  it('and fails quietly where it cannot: nobody is there to be told', async () => {
    const bench = await SessionBench.start({ limits: { sessions: 1 } });
    await bench.live('first');
    bench.tunnels.doorkeeper = (socket) => {
      socket.destroy();
      return true;
    };
    bench.open('second');
    await bench.broker.endAll(STOPPED);
    expect(bench.broker.sessions).toEqual([]);
  });

  it('with what guacd could not read of the parameters, by name only', async () => {
    const bench = await SessionBench.start();
    bench.open('one', { 'private-key': 'k'.repeat(8_192) });
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('“private-key” has 8192 characters');
    expect(sentence).not.toContain('kkk');
    expect(status).toBe(GuacamoleStatus.badRequest);
  });
});

describe('an ending first says a word to the browser', () => {
  it('by the admin', async () => {
    const bench = await SessionBench.start();
    const { guacd } = await bench.live();
    bench.broker.end(bench.broker.sessions[0]?.id ?? '', ADMIN);
    expect(await bench.farewell()).toEqual({
      sentence: 'The admin ended it. Ask why.',
      status: GuacamoleStatus.sessionClosed,
    });
    await until(() => guacd.closed);
    expect(guacd.heard.toString()).toBe('10.disconnect;');
    expect(await bench.over()).toMatchObject({ reason: 'ended-by-admin', protocol: 'ssh', machine: 'one' });
  });

  // Not even the time that a websocket's opening has: it would be over by then.
  it('by the end of the outpost, in whatever state the session is', { timeout: 12_000 }, async () => {
    // Nothing of it is left to the time that a set-up has.
    const bench = await SessionBench.start({ limits: { setupMs: 600_000 } });
    const live = await bench.live('live');
    bench.guacd.onSelect = () => {};
    bench.open('waits-for-guacd');
    const waiting = await bench.browser('waits-for-guacd');
    bench.tunnels.doorkeeper = async (_socket, channel) => {
      if (channel !== 'waits-for-browser') return true;
      await until(() => bench.broker.sessions.every(({ state }) => state === 'ending'));
      return false;
    };
    bench.open('waits-for-browser');
    bench.open('waits-for-nobody');
    await until(() => bench.guacd.ends.length === 4);
    const over = bench.broker.endAll(STOPPED);
    for (const channel of ['live', 'waits-for-guacd', 'waits-for-browser']) {
      expect(await bench.farewell(channel)).toEqual({
        sentence: 'The outpost was stopped.',
        status: GuacamoleStatus.sessionClosed,
      });
    }
    await over;
    expect(bench.broker.sessions).toEqual([]);
    expect(bench.broker.history.map(({ reason }) => reason)).toEqual(Array(4).fill('shutdown'));
    expect(live.guacd.closed).toBe(true);
    expect(waiting.closed).toBe(1000);
  });

  it('and waits neither for a browser nor for a guacd that does not answer the closing', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    browser.pause();
    browser.socket.pause();
    guacd.socket.pause();
    await bench.broker.endAll(STOPPED);
    expect(bench.broker.history[0]?.reason).toBe('shutdown');
  });

  it('which is cut short where it takes long and the outpost ends meanwhile', async () => {
    const bench = await SessionBench.start({ limits: { setupMs: 600_000, farewellMs: 600_000 } });
    const { browser, guacd } = await bench.live();
    browser.pause();
    browser.socket.pause();
    void guacd.stream(Buffer.from('4.sync,1.7;'.repeat(3_000_000)));
    await until(() => (bench.broker.sessions[0]?.queuedBytes ?? 0) > 0);
    bench.broker.end(bench.broker.sessions[0]?.id ?? '', ADMIN);
    bench.tunnels.doorkeeper = () => true;
    bench.guacd.refuse();
    bench.open('refused-and-unheard');
    await until(() => bench.broker.sessions.every(({ state }) => state === 'ending'));
    expect(bench.broker.sessions).toHaveLength(2);
    await bench.broker.endAll(STOPPED);
    expect(bench.broker.history.map(({ reason }) => reason).sort()).toEqual(['ended-by-admin', 'failed']);
  });

  it('once, whoever else asks for the end after', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    const id = bench.broker.sessions[0]?.id ?? '';
    bench.broker.end(id, ADMIN);
    bench.broker.end(id, STOPPED);
    browser.send('0.authentik.disconnect');
    guacd.send('10.disconnect;');
    expect((await bench.over()).reason).toBe('ended-by-admin');
    expect(browser.words.map(([opcode]) => opcode)).toEqual(['error', 'disconnect']);
    expect(bench.told).toEqual(['started ssh', 'live ssh', 'ended ssh ended-by-admin']);
  });
});

describe('a session’s drive', () => {
  const asked = { 'drive-path': '/tmp/connection/token', 'enable-drive': 'true' };

  it('is a private folder where guacd runs here, and is gone after the session', async () => {
    const bench = await SessionBench.start({ local: true });
    const { browser, guacd } = await bench.live('one', asked, 'rdp');
    const path = guacd.parameter('drive-path') ?? '';
    expect(path.startsWith(join(bench.drives, 'session-'))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await mkdir(join(path, 'Download'));
    await writeFile(join(path, 'Download', 'report.pdf'), 'secret');
    browser.send('0.authentik.disconnect');
    await bench.over();
    expect(await readdir(bench.drives)).toEqual([]);
  });

  it('is another for every session, and gone also where guacd refused', async () => {
    const bench = await SessionBench.start({ local: true });
    const one = await bench.live('one', asked, 'rdp');
    const two = await bench.live('two', asked, 'rdp');
    expect(one.guacd.parameter('drive-path')).not.toBe(two.guacd.parameter('drive-path'));
    bench.guacd.onSelect = (end) => end.socket.end();
    bench.open('three', asked, 'rdp');
    await bench.farewell('three');
    await until(async () => (await readdir(bench.drives)).length === 2);
    await bench.broker.endAll(STOPPED);
    expect(await readdir(bench.drives)).toEqual([]);
  });

  it('is where authentik said when guacd runs elsewhere', async () => {
    const bench = await SessionBench.start({ local: false });
    const { guacd } = await bench.live('one', asked, 'rdp');
    expect(guacd.parameter('drive-path')).toBe('/tmp/connection/token');
    await expect(readdir(bench.drives)).rejects.toThrow('ENOENT');
  });

  it('that cannot be made ends the session with a sentence', async () => {
    const bench = await SessionBench.start({ local: true });
    await writeFile(bench.drives, 'a file where the folder should be');
    bench.open('one', asked, 'rdp');
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('The session’s drive could not be made');
    expect(status).toBe(GuacamoleStatus.serverError);
    expect(bench.guacd.ends).toHaveLength(0);
  });
});

describe('the secrets of a session', () => {
  it('are kept out of the log as long as it runs, and known to nobody after', async () => {
    const bench = await SessionBench.start();
    await bench.live('one', { 'private-key': 'KEY', 'my-own-Token': 'T', color: 'red' });
    expect([...bench.concealed].map((secret) => secret.reveal()).sort()).toEqual(['KEY', 'T', 'hunter2']);
    expect(JSON.stringify(bench.broker.sessions)).not.toMatch(/hunter2|KEY|red/);
    await bench.broker.endAll(STOPPED);
    expect(bench.concealed.size).toBe(0);
    expect(JSON.stringify(bench.broker.history)).not.toMatch(/hunter2|KEY|red/);
  });
});
