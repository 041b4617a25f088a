import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FilesBench } from './bench.ts';
import type { BulkEnd } from './bulk-end.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('an upload that does not keep to the rules ends, and leaves nothing', () => {
  it.each<[string, (end: BulkEnd) => void]>([
    ['data before it was announced', (end) => end.send(Buffer.alloc(1))],
    ['more data than announced', (end) => started(end, 0, 10).send(Buffer.alloc(11))],
    ['an empty frame', (end) => started(end, 0, 10).send(Buffer.alloc(0))],
    ['a part of no length', (end) => started(end, 0, 0)],
    ['a part of more than 4 MiB', (end) => started(end, 0, 4 * MIB + 1)],
    ['a part beyond the file’s end', (end) => started(started(end, 0, 4 * MIB), 4 * MIB, 4 * MIB)],
    ['an offset that leaves a gap', (end) => started(end, 1, 10)],
    ['a second part before the first is complete', (end) => started(started(end, 0, 10), 0, 10)],
    ['a word that is not for uploads', (end) => end.say({ type: 'credit', bytes: 1, offset: 0 })],
    ['a word that nobody knows', (end) => end.say({ type: 'burn' })],
    ['a length below zero', (end) => started(end, 0, -1)],
    ['text that is not JSON', (end) => end.websocket.send('{')],
    ['a frame of more than 256 KiB', (end) => started(end, 0, MIB).send(Buffer.alloc(256 * KIB + 1))],
    [
      'more than was granted',
      (end) => {
        started(end, 0, 4 * MIB);
        for (let frame = 0; frame < 16; frame += 1) end.send(Buffer.alloc(256 * KIB));
      },
    ],
  ])('%s', async (_, misbehave) => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 6 * MIB);
    const socket = await bench.socket(transfer);
    misbehave(socket);
    expect((await bench.end(transfer)).status).toBe(503);
    await socket.isClosed();
    expect(await bench.names()).toEqual([]);
    expect((await bench.finish(transfer)).status).toBe(404);
    await bench.isAlive();
  });

  it('data after the end', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 10);
    const socket = await bench.socket(transfer);
    await socket.part(Buffer.alloc(10), 0);
    socket.send(Buffer.alloc(1));
    expect((await bench.end(transfer)).status).toBe(503);
    expect(await bench.names()).toEqual([]);
  });

  it('an end before it is complete', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 10);
    await (await bench.socket(transfer)).part(Buffer.alloc(9), 0);
    expect((await bench.finish(transfer)).status).toBe(409);
    expect((await bench.end(transfer)).status).toBe(503);
    expect(await bench.names()).toEqual([]);
  });

  it('but a frame of 256 KiB and a part of 4 MiB are right', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 4 * MIB);
    await (await bench.socket(transfer)).part(randomBytes(4 * MIB), 0);
    expect((await bench.finish(transfer)).status).toBe(200);
  });
});

describe('a download that does not keep to the rules ends', () => {
  it.each<[string, (end: BulkEnd) => void]>([
    ['a grant before the start', (end) => end.say({ type: 'credit', bytes: 1, offset: 0 })],
    ['two starts', (end) => started(started(end, 0, 0), 0, 0)],
    ['a start in the middle', (end) => started(end, 5, 0)],
    ['a grant of nothing', (end) => started(end, 0, 0).say({ type: 'credit', bytes: 0, offset: 0 })],
    ['a grant below zero', (end) => started(end, 0, 0).say({ type: 'credit', bytes: -1, offset: 0 })],
    [
      'a grant beyond the window',
      (end) => started(end, 0, 0).say({ type: 'credit', bytes: 512 * KIB + 1, offset: 0 }),
    ],
    ['data', (end) => started(end, 0, 0).send(Buffer.alloc(1))],
    ['a huge grant', (end) => started(end, 0, 0).say({ type: 'credit', bytes: 2 ** 60, offset: 0 })],
  ])('%s', async (_, misbehave) => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'a'), randomBytes(2 * MIB));
    const { transfer } = await bench.prepare('download', '/a');
    const socket = await bench.socket(transfer);
    misbehave(socket);
    expect((await bench.end(transfer)).status).toBe(503);
    await socket.isClosed();
    await bench.isAlive();
  });

  it('but a grant of the whole window is right', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'a'), randomBytes(600 * KIB));
    expect((await bench.download('/a')).length).toBe(600 * KIB);
  });
});

function started(end: BulkEnd, offset: number, length: number): BulkEnd {
  end.say({ type: 'start', offset, length });
  return end;
}
