import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { localRequest } from '../../../main/core/sessions/request.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type BenchOptions, SessionBench } from './bench.ts';
import { CONNECTION } from './guacd.ts';

const DISPLAY = { width: 640, height: 480, dpi: 96, audio: [] };
const HELD = { hostname: 'box', 'drive-path': `/tmp/connection/${'a'.repeat(60)}` };

/** A live session and somebody who watches it. */
async function watched(options: BenchOptions = {}, params: Readonly<Record<string, string>> = {}) {
  const bench = await SessionBench.start(options);
  const person = await bench.live('box', params);
  const id = bench.broker.sessions[0]?.id ?? '';
  const view = bench.broker.watch(id, { user: 'admin' }, DISPLAY, bench.peer('view'));
  await until(() => bench.broker.sessions.find((session) => session.id === view)?.state === 'live');
  const guacd = bench.guacd.joined[0];
  if (!guacd) throw new Error('Nobody has joined.');
  return { bench, id, view, person, watcher: { browser: await bench.browser('view'), guacd } };
}

describe('whoever watches a session', () => {
  it('joins it at guacd, read-only, and sees what guacd sends', async () => {
    const { bench, id, view, watcher } = await watched();
    expect(watcher.guacd.handshake[0]).toEqual(['select', CONNECTION]);
    expect(watcher.guacd.parameter('read-only')).toBe('true');
    expect(watcher.guacd.parameter('password')).toBe('');
    expect(watcher.guacd.handshake).toContainEqual(['name', 'admin']);
    watcher.guacd.send('3.img,1.1;4.sync,1.7;');
    await until(() => watcher.browser.words.length === 2);
    expect(bench.broker.sessions).toMatchObject([
      { id, state: 'live', watchers: 1 },
      { id: view, source: 'watch', watching: id, user: 'admin', machine: 'box', state: 'live' },
    ]);
    expect(bench.broker.active).toBe(1);
    expect(bench.told).toEqual(['started ssh', 'live ssh', 'began admin box']);
  });

  it('says to guacd that it is there, and nothing else gets through', async () => {
    const { person, watcher } = await watched();
    watcher.browser.send(
      '3.key,2.97,1.1;4.sync,1.7;5.mouse,1.1,1.1,1.1;9.clipboard,1.0,10.text/plain;4.blob,1.0,4.QUJD;4.size,3.100,3.100;3.end,1.0;4.sync,1.8;3.nop;',
    );
    await until(() => watcher.guacd.heard.toString().endsWith('3.nop;'));
    expect(watcher.guacd.heard.toString()).toBe('3.nop;');
    expect(person.guacd.heard.toString()).toBe('');
  });

  it('is never waited for: its frames are answered at once, whatever it has drawn of them', async () => {
    const { person, watcher } = await watched();
    watcher.browser.pause();
    watcher.guacd.send('3.img,1.1;4.sync,1.7;3.img,1.2;4.sync,1.8,1.1;');
    await until(() => watcher.guacd.heard.toString() === '4.sync,1.7;4.sync,1.8;');
    // The person’s own answers are the person’s.
    person.guacd.send('4.sync,1.7;');
    await until(() => person.browser.words.length === 1);
    expect(person.guacd.heard.toString()).toBe('');
    watcher.browser.resume();
    await until(() => watcher.browser.words.length === 4);
  });

  it('that does not read is sent away when too much waits for it, and the person sees everything', {
    timeout: 120_000,
  }, async () => {
    const { bench, id, person, watcher } = await watched({ limits: { instructionBytes: 256 * 1024 } });
    watcher.browser.pause();
    const picture = Buffer.from(encode('blob', '1', 'QUJD'.repeat(4_096)));
    let sent = 0;
    // More than the system keeps for it as well.
    for (; bench.broker.sessions.length === 2 && sent < 8_192; sent += 1) {
      await watcher.guacd.stream(picture);
      if (sent % 8 === 0) await person.guacd.stream(Buffer.from(encode('sync', String(sent))));
    }
    await until(() => bench.broker.sessions.length === 1);
    expect(bench.broker.history[0]).toMatchObject({
      source: 'watch',
      reason: 'peer-lost',
      failure: { message: 'The window did not keep up with the session that it watched.' },
    });
    expect(bench.broker.sessions[0]).toMatchObject({ id, state: 'live' });
    await until(() => person.browser.words.length === Math.ceil(sent / 8));
  });

  it('leaves without disturbing it', async () => {
    const { bench, person, watcher } = await watched();
    watcher.browser.send('10.disconnect;');
    await until(() => bench.broker.sessions.length === 1);
    expect(watcher.guacd.heard.toString()).toBe('10.disconnect;');
    expect(person.browser.closed).toBeUndefined();
    expect(bench.broker.sessions[0]).not.toHaveProperty('watchers');
    person.guacd.send('4.sync,1.7;');
    await until(() => person.browser.words.length === 1);
    await until(() => bench.told.at(-1) === 'ended admin box');
  });

  it('is not held when the window goes, and is ended like any session', async () => {
    const { bench, view, watcher } = await watched();
    bench.broker.end(view, ending('ended-by-admin', { code: 'aborted', message: 'No more.' }));
    expect((await bench.farewell('view')).sentence).toBe('No more.');
    await until(() => watcher.guacd.closed);
    expect(bench.broker.sessions.map(({ source }) => source)).toEqual(['authentik']);
    expect(bench.broker.history[0]).toMatchObject({ source: 'watch', reason: 'ended-by-admin' });
  });

  it('goes with the session, and does not keep guacd’s connection', async () => {
    const { bench, id, watcher } = await watched();
    bench.broker.end(id, ending('ended-by-admin'));
    expect((await bench.farewell('view')).sentence).toBe('The session that was watched has ended.');
    await until(() => watcher.guacd.closed && bench.broker.sessions.length === 0);
    expect(bench.told).toContain('ended admin box');
  });

  it('goes on while the session is held, and when it is resumed', async () => {
    const { bench, person, watcher } = await watched({ limits: { settleMs: 50 } }, HELD);
    person.browser.send('0.authentik.disconnect');
    await until(() => bench.broker.sessions[0]?.state === 'held');
    expect(bench.broker.sessions[0]?.watchers).toBe(1);
    bench.open('two', HELD);
    await until(() => bench.broker.sessions[0]?.state === 'live');
    watcher.guacd.send('4.sync,1.7;');
    await until(() => watcher.browser.words.length === 1);
    expect(bench.broker.sessions).toHaveLength(2);
  });

  it('is no place taken from those who work, and bounded', async () => {
    const { bench, id } = await watched({ limits: { sessions: 2, watchers: 1 } });
    expect(() => bench.broker.watch(id, { user: null }, DISPLAY, bench.peer('more'))).toThrow(
      expect.objectContaining({ code: 'session-limit' }),
    );
    await bench.live('second');
  });

  it('needs a session that shows something, and sees no view of another', async () => {
    const { bench, view } = await watched();
    bench.guacd.onSelect = () => {};
    bench.open('connecting');
    const connecting = bench.broker.sessions.at(-1)?.id ?? '';
    for (const id of [view, connecting])
      expect(() => bench.broker.watch(id, { user: null }, DISPLAY, bench.peer('x'))).toThrow(
        expect.objectContaining({ code: 'session-not-watchable' }),
      );
    expect(() => bench.broker.watch('nobody', { user: null }, DISPLAY, bench.peer('x'))).toThrow(
      expect.objectContaining({ code: 'session-not-found' }),
    );
  });
});

describe('guacd’s own word that somebody watches', () => {
  const said = '3.msg,1.1,4.uuid,5.admin;4.sync,1.7;';

  async function local(tellWatched: boolean) {
    const bench = await SessionBench.start({ tellWatched });
    const wish = { protocol: 'ssh', display: DISPLAY, user: 'alice', machine: 'box', machineId: null };
    const request = localRequest({ ...wish, parameters: new Map() });
    bench.broker.open(request, 'window', bench.peer('window'), { window: 'w', version: 'VERSION_1_5_0' });
    await until(() => bench.broker.sessions[0]?.state === 'live');
    bench.guacd.ends[0]?.send(said);
    const browser = await bench.browser('window');
    await until(() => browser.words.some(([opcode]) => opcode === 'sync'));
    return browser.words.map(([opcode]) => opcode);
  }

  it('reaches the person, or does not, as it is set', async () => {
    expect(await local(true)).toEqual(['msg', 'sync']);
    expect(await local(false)).toEqual(['sync']);
  });
});
