import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ending } from '../../../main/core/sessions/words.ts';
import { until } from '../guacd/fake-guacd.ts';
import { FilesBench } from './bench.ts';

const MIB = 1024 * 1024;

describe('a transfer', () => {
  it('can be cancelled at any of twenty moments, and leaves nothing', async () => {
    const bench = await FilesBench.start();
    const bytes = randomBytes(4 * MIB);
    for (let moment = 0; moment < 20; moment += 1) {
      const id = randomUUID();
      const cancelled = { yes: false };
      const going = go(bench, id, bytes, cancelled).catch(() => {});
      await turns(Math.floor(Math.random() * 200));
      expect((await bench.cancel(id)).status).toBe(200);
      cancelled.yes = true;
      await going;
    }
    await until(async () => (await bench.names()).every((name) => name.startsWith('whole-')));
    expect(bench.bench.broker.sessions.at(-1)?.transfers).toBeUndefined();
    await bench.isAlive();
  });

  it('ends with its session, whose folder is gone afterwards', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 10);
    const socket = await bench.socket(transfer);
    await socket.part(Buffer.alloc(5), 0);
    const [session] = bench.bench.broker.sessions;
    bench.bench.broker.end(session?.id ?? '', ending('ended-by-admin'));
    await bench.bench.over();
    await socket.isClosed();
    expect(existsSync(bench.drive)).toBe(false);
  });

  it('ends with its session while its websocket is still being dialled', async () => {
    const bench = await FilesBench.start();
    bench.bench.tunnels.doorkeeper = () => true;
    await bench.prepare('upload', '/a', 10);
    const [session] = bench.bench.broker.sessions;
    bench.bench.broker.end(session?.id ?? '', ending('ended-by-admin'));
    await bench.bench.over();
    expect(existsSync(bench.drive)).toBe(false);
  });

  it('ends when its websocket breaks, and the session goes on', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 10);
    const socket = await bench.socket(transfer);
    await socket.part(Buffer.alloc(5), 0);
    socket.websocket.terminate();
    expect(await bench.end(transfer)).toEqual({ id: transfer, status: 503, size: 0 });
    expect(await bench.names()).toEqual([]);
    await bench.isAlive();
  });

  it('is tried again while authentik does not know it yet, and given up after that', async () => {
    const bench = await FilesBench.start();
    let refusals = 2;
    bench.bench.tunnels.doorkeeper = (socket) => {
      refusals -= 1;
      if (refusals >= 0) socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return refusals >= 0;
    };
    expect((await bench.upload('/a', Buffer.from('late'))).status).toBe(200);
    refusals = 1000;
    const { transfer } = await bench.prepare('upload', '/b', 1);
    expect((await bench.end(transfer)).status).toBe(503);
    expect(await bench.names()).toEqual(['a']);
  });

  it('ends after some time without a frame, each frame begins that anew', async () => {
    const bench = await FilesBench.start(undefined, { idleMs: 400 });
    const { transfer } = await bench.prepare('upload', '/a', 100);
    const socket = await bench.socket(transfer);
    for (let at = 0; at < 6; at += 1) {
      await socket.part(Buffer.alloc(1), at);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(socket.closed).toBeUndefined();
    expect((await bench.end(transfer)).status).toBe(503);
    expect(await bench.names()).toEqual([]);
  });

  it('downwards ends after the same time when nobody grants anything', async () => {
    const bench = await FilesBench.start(undefined, { idleMs: 200 });
    await writeFile(join(bench.drive, 'a'), randomBytes(MIB));
    const { transfer } = await bench.prepare('download', '/a');
    (await bench.socket(transfer)).say({ type: 'start', offset: 0, length: 0 });
    expect((await bench.end(transfer)).status).toBe(503);
  });
});

/** Uploads; waits for no websocket once it has been cancelled, for that may have been before one was opened. */
async function go(
  bench: FilesBench,
  id: string,
  bytes: Buffer,
  cancelled: { readonly yes: boolean },
): Promise<void> {
  const { status } = await bench.prepare('upload', `/whole-${id}`, bytes.length, id);
  if (status !== 200) return;
  await until(() => cancelled.yes || bench.bulk.some((end) => end.id === id));
  const socket = bench.bulk.find((end) => end.id === id);
  if (!socket) return;
  await socket.part(bytes, 0);
  await bench.finish(id);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
