import { appendFile, readdir, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl, openStream } from '../../../main/control/client.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { refusalOf } from '../settings/folder.ts';
import { Bench } from './outpost-fixture.ts';

const SYNC = encode('sync', '4711');
const drawn = (text: string) => encode('name', text) + SYNC;
const all = { limit: 100 };

const benches: Bench[] = [];
const clients: ControlClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const bench of benches.splice(0)) await bench.end();
});

async function listen(): Promise<{ bench: Bench; client: ControlClient; dir: string }> {
  const bench = await new Bench().listen();
  benches.push(bench);
  const client = await connectControl(bench.path);
  clients.push(client);
  return { bench, client, dir: join(bench.dir, 'recordings') };
}

/** A session that was recorded to its end. */
async function recorded(bench: Bench, text: string, changes: Partial<SessionRequest> = {}): Promise<string> {
  const tap = await bench.recorded.tap(changes);
  tap?.fromGuacd(Buffer.from(drawn(text)));
  return (await tap?.end(ending('user-left'))) ?? '';
}

async function read(bench: Bench, ticket: string): Promise<string> {
  const socket = await openStream(bench.path, 'recording', ticket);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('recordings over the control socket', () => {
  it('are listed newest first, found by what is known of them, and read by a ticket, once', async () => {
    const { bench, client } = await listen();
    const first = await recorded(bench, 'héllo 🚪');
    const second = await recorded(bench, 'two', { user: 'bob', protocol: 'rdp', machine: 'desk:3389' });
    const list = await client.request('recordings/list', all);
    expect(list.total).toBe(2);
    expect(list.recordings.map(({ id }) => id).sort()).toEqual([first, second].sort());
    expect(list.bytes).toBe(list.recordings.reduce((sum, { bytes }) => sum + bytes, 0));
    const { recordings, total } = await client.request('recordings/list', { ...all, text: 'BOB' });
    expect(total).toBe(1);
    expect(recordings).toMatchObject([{ id: second, user: 'bob', state: 'whole', sealed: false }]);
    expect((await client.request('recordings/list', { limit: 1, offset: 1 })).recordings).toHaveLength(1);

    const { ticket, recording } = await client.request('recordings/open', { id: first, purpose: 'play' });
    expect(recording).toMatchObject({ id: first, machine: 'web-01:22' });
    expect(await read(bench, ticket)).toBe(drawn('héllo 🚪'));
    await refusalOf(openStream(bench.path, 'recording', ticket), 'ticket-invalid');
    const again = await client.request('recordings/open', { id: first, purpose: 'export' });
    await refusalOf(openStream(bench.path, 'display', again.ticket), 'ticket-invalid');
    expect(await read(bench, again.ticket)).toBe(drawn('héllo 🚪'));
    expect(bench.recorded.events).toEqual([
      { kind: 'recording-played', recording: first, because: 'asked' },
      { kind: 'recording-exported', recording: first, because: 'asked' },
    ]);
  });

  it('are told apart: running, whole, and broken off, which plays as far as it goes', async () => {
    const { bench, client, dir } = await listen();
    const whole = await recorded(bench, 'whole');
    const torn = await recorded(bench, 'torn');
    const running = await bench.recorded.tap();
    await truncate(join(dir, `${torn}.recording`), (await sizeOf(client, torn)) - 5);
    const states = new Map(
      (await client.request('recordings/list', all)).recordings.map(({ id, state }) => [id, state]),
    );
    expect([...states.values()].sort()).toEqual(['broken-off', 'running', 'whole']);
    expect(states.get(whole)).toBe('whole');
    const { ticket } = await client.request('recordings/open', { id: torn, purpose: 'play' });
    expect(await read(bench, ticket)).toBe(drawn('torn'));
    const open = [...states].find(([, state]) => state === 'running')?.[0] ?? '';
    await refusalOf(client.request('recordings/remove', { id: open }), 'recording-unreadable');
    await running?.end(ending('user-left'));
    await client.request('recordings/remove', { id: open });
    await refusalOf(client.request('recordings/remove', { id: open }), 'recording-unreadable');
    expect((await client.request('recordings/list', all)).total).toBe(2);
  });

  it('that are sealed are made with the vault locked and read with it unlocked', async () => {
    const { bench, client, dir } = await listen();
    bench.recorded.settings['recording.sealed'] = true;
    // Never in clear where it was to be sealed.
    expect(await bench.recorded.tap()).toBeNull();
    await refusalOf(bench.recorded.tap({}, { failWithRecording: true }), 'vault-missing');
    expect(await readdir(dir)).toEqual([]);
    await client.request('vault/create', { protection: { kind: 'key-file' } });
    await client.request('vault/lock', {});
    const id = await recorded(bench, 'a secret screen');
    expect((await client.request('recordings/list', all)).recordings).toMatchObject([
      { id, sealed: true, state: 'whole', user: 'alice' },
    ]);
    await refusalOf(client.request('recordings/open', { id, purpose: 'play' }), 'vault-locked');
    await client.request('vault/unlock', { opener: { kind: 'key-file' } });
    const { ticket } = await client.request('recordings/open', { id, purpose: 'play' });
    expect(await read(bench, ticket)).toBe(drawn('a secret screen'));
  });

  it('that fail are told until one has gone well again, and old ones go by themselves', async () => {
    const { bench, client, dir } = await listen();
    const { recorded: fixture } = bench;
    fixture.settings['recording.reserveBytes'] = Number.MAX_SAFE_INTEGER;
    expect(await fixture.tap()).toBeNull();
    expect(fixture.recordings.warnings).toMatchObject([
      { code: 'recording-failed', message: expect.stringContaining('not recorded to its end') },
    ]);
    expect(fixture.events).toMatchObject([{ kind: 'recording-failed', recording: null }]);
    expect(fixture.counted.failures).toBe(1);
    fixture.settings['recording.reserveBytes'] = 0;
    const id = await recorded(bench, 'good');
    expect(fixture.recordings.warnings).toEqual([]);
    const old = new Date(Date.now() - 31 * 86_400_000);
    await utimes(join(dir, `${id}.recording`), old, old);
    await appendFile(join(dir, 'not-ours.txt'), 'stays');
    await recorded(bench, 'young');
    await expect.poll(async () => (await client.request('recordings/list', all)).total).toBe(1);
    expect(fixture.events.filter(({ kind }) => kind === 'recording-removed')).toMatchObject([
      { recording: id, because: expect.stringContaining('its time') },
    ]);
    expect(await readdir(dir)).toContain('not-ours.txt');
  });
});

async function sizeOf(client: ControlClient, id: string): Promise<number> {
  const { recordings } = await client.request('recordings/list', all);
  return recordings.find((recording) => recording.id === id)?.bytes ?? 0;
}
