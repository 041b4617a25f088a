import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { FilesBench } from './bench.ts';

const PART = 4 * 1024 * 1024;
/** What memory may grow by, whatever the size: both ends' buffers are in this process, and the collector has leisure. */
const MEMORY = 160 * 1024 * 1024;

/** Moves a sparse file of `size` bytes out of a drive and one as large into it, and looks at the memory meanwhile. */
export async function moveLargeFile(size: number): Promise<void> {
  const bench = await FilesBench.start();
  const sparse = await open(join(bench.drive, 'large'), 'w');
  await sparse.truncate(size);
  await sparse.close();
  let most = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 20);
  // A guacd that says nothing for long is given up.
  const alive = setInterval(() => bench.ends.guacd.send('3.nop;'), 5_000);
  try {
    const { transfer } = await bench.prepare('download', '/large');
    const down = await bench.socket(transfer);
    down.forgetful = true;
    await down.take();
    expect(down.received).toBe(size);

    const up = await bench.prepare('upload', '/copy', size);
    const socket = await bench.socket(up.transfer);
    const part = Buffer.alloc(PART);
    for (let at = 0; at < size; at += PART) await socket.part(part, at);
    expect((await bench.finish(up.transfer)).status).toBe(200);
    expect((await stat(join(bench.drive, 'copy'))).size).toBe(size);
  } finally {
    clearInterval(watch);
    clearInterval(alive);
  }
  expect(most).toBeLessThan(MEMORY);
}
