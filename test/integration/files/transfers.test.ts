import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../guacd/fake-guacd.ts';
import { FilesBench } from './bench.ts';

describe('an upload', () => {
  it('arrives byte for byte, over several parts, and only when it is finished', async () => {
    const bench = await FilesBench.start();
    const bytes = randomBytes(5 * 1024 * 1024 + 17);
    const { transfer, status, id } = await bench.prepare('upload', '/report.bin', bytes.length);
    expect({ status, id }).toEqual({ status: 200, id: undefined });
    const socket = await bench.socket(transfer);
    expect(socket.tenant).toBe('public');
    await socket.part(bytes.subarray(0, 4 * 1024 * 1024), 0);
    await socket.part(bytes.subarray(4 * 1024 * 1024), 4 * 1024 * 1024);
    expect(await bench.names()).toEqual([expect.stringMatching(/^\.sallyport-upload-[0-9a-f]{32}$/)]);
    expect((await bench.list()).entries).toEqual([]);
    expect((await bench.finish(transfer)).status).toBe(200);
    expect(await bench.names()).toEqual(['report.bin']);
    expect((await readFile(join(bench.drive, 'report.bin'))).equals(bytes)).toBe(true);
    expect(await bench.end(transfer)).toEqual({ id: transfer, status: 200, size: 0 });
    await socket.isClosed();
  });

  it('grants a window of 512 KiB first and what is written of it at its half', async () => {
    const bench = await FilesBench.start();
    const { transfer } = await bench.prepare('upload', '/a', 1024 * 1024);
    const socket = await bench.socket(transfer);
    await socket.part(randomBytes(1024 * 1024), 0);
    const [first, ...rest] = socket.words;
    expect(first).toEqual({ type: 'credit', bytes: 512 * 1024, offset: 0 });
    expect(rest.reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBe(1024 * 1024);
    expect(rest.every(({ bytes = 0 }) => bytes >= 256 * 1024)).toBe(true);
  });

  it('replaces a file at once and keeps it where it does not come to an end', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'a.txt'), 'old');
    expect((await bench.upload('/a.txt', Buffer.from('new'))).status).toBe(200);
    expect(await readFile(join(bench.drive, 'a.txt'), 'utf8')).toBe('new');
    const { transfer } = await bench.prepare('upload', '/a.txt', 10);
    await (await bench.socket(transfer)).part(Buffer.from('newer'), 0);
    expect((await bench.cancel(transfer)).status).toBe(200);
    expect(await bench.names()).toEqual(['a.txt']);
    expect(await readFile(join(bench.drive, 'a.txt'), 'utf8')).toBe('new');
  });

  it('may be empty', async () => {
    const bench = await FilesBench.start();
    expect((await bench.upload('/empty', Buffer.alloc(0))).status).toBe(200);
    expect((await stat(join(bench.drive, 'empty'))).size).toBe(0);
  });

  it('is readable by the outpost’s user only', async () => {
    const bench = await FilesBench.start();
    await bench.upload('/a', Buffer.from('a'));
    expect((await stat(join(bench.drive, 'a'))).mode & 0o777).toBe(0o600);
  });
});

describe('a download', () => {
  it('is byte for byte what lies there, in frames of at most 256 KiB', async () => {
    const bench = await FilesBench.start();
    const bytes = randomBytes(3 * 1024 * 1024 + 1);
    await mkdir(join(bench.drive, 'folder'));
    await writeFile(join(bench.drive, 'folder', 'ü 😀.bin'), bytes);
    const { transfer, status, size } = await bench.prepare('download', '/folder/ü 😀.bin');
    expect({ status, size }).toEqual({ status: 200, size: bytes.length });
    const socket = await bench.socket(transfer);
    await socket.take();
    expect(Buffer.concat(socket.pieces).equals(bytes)).toBe(true);
    expect(Math.max(...socket.pieces.map(({ length }) => length))).toBe(256 * 1024);
    expect(socket.words).toEqual([{ type: 'complete', offset: bytes.length }]);
    expect(await bench.end(transfer)).toEqual({ id: transfer, status: 200, size: 0 });
    await socket.isClosed();
  });

  it('sends nothing beyond what was granted', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'a'), randomBytes(1024 * 1024));
    const { transfer } = await bench.prepare('download', '/a');
    const socket = await bench.socket(transfer);
    socket.say({ type: 'start', offset: 0, length: 0 });
    socket.say({ type: 'credit', bytes: 1000, offset: 0 });
    await until(() => socket.received === 1000);
    socket.say({ type: 'credit', bytes: 300_000, offset: 0 });
    await until(() => socket.received === 301_000);
    await bench.isAlive();
    expect(socket.received).toBe(301_000);
  });

  it('of an empty file is complete at once', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'empty'), '');
    expect(await bench.download('/empty')).toEqual(Buffer.alloc(0));
  });

  it('goes on with the file that was opened when another one takes its name', async () => {
    const bench = await FilesBench.start();
    const bytes = randomBytes(1024 * 1024);
    await writeFile(join(bench.drive, 'a'), bytes);
    const { transfer } = await bench.prepare('download', '/a');
    expect((await bench.upload('/a', Buffer.from('another'))).status).toBe(200);
    const socket = await bench.socket(transfer);
    await socket.take();
    expect(Buffer.concat(socket.pieces).equals(bytes)).toBe(true);
  });

  it('fails when the file changes its size meanwhile', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'a'), randomBytes(1024 * 1024));
    const { transfer } = await bench.prepare('download', '/a');
    const socket = await bench.socket(transfer);
    await writeFile(join(bench.drive, 'a'), 'more', { flag: 'a' });
    await expect(socket.take()).rejects.toThrow();
    expect((await bench.end(transfer)).status).toBe(503);
  });
});

describe('sixteen transfers side by side', () => {
  it('all arrive whole', async () => {
    const bench = await FilesBench.start();
    const files = Array.from({ length: 16 }, (_, at) => ({
      path: `/file-${at}`,
      bytes: randomBytes(1_500_000),
    }));
    const done = await Promise.all(files.map(({ path, bytes }) => bench.upload(path, bytes)));
    expect(done.map(({ status }) => status)).toEqual(files.map(() => 200));
    const back = await Promise.all(files.map(({ path }) => bench.download(path)));
    expect(back.map(sha256)).toEqual(files.map(({ bytes }) => sha256(bytes)));
  });

  it('are the most: one more is refused, and one that has ended makes room', async () => {
    const bench = await FilesBench.start();
    const started = await Promise.all(
      Array.from({ length: 17 }, (_, at) => bench.prepare('upload', `/f${at}`, 1)),
    );
    expect(started.map(({ status }) => status).sort()).toEqual([...Array(16).fill(200), 429]);
    const good = started.find(({ status }) => status === 200);
    await bench.cancel(good?.transfer ?? '');
    expect((await bench.prepare('upload', '/late', 1)).status).toBe(200);
  });
});

it('shows its progress in the session’s row', async () => {
  const bench = await FilesBench.start();
  const { transfer } = await bench.prepare('upload', '/a', 100);
  await (await bench.socket(transfer)).part(Buffer.alloc(40), 0);
  expect(bench.bench.broker.sessions.at(-1)?.transfers).toEqual([
    { path: '/a', direction: 'upload', size: 100, done: 40 },
  ]);
  await bench.cancel(transfer);
  expect(bench.bench.broker.sessions.at(-1)?.transfers).toBeUndefined();
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
