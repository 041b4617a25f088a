import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

const MIB = 1024 * 1024;

/** Only root may mount a file system that is small enough to be filled. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

/** A file system of its own, which can be full; an ordinary folder where none can be mounted. */
export class SmallDisk {
  readonly path: string;
  readonly #filler: string;

  constructor(mebibytes: number) {
    this.path = mkdtempSync(join(tmpdir(), 'sp-disk-'));
    this.#filler = join(this.path, 'filler');
    if (canMount) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', this.path]);
  }

  /** Until there is not a byte left. */
  async fill(): Promise<void> {
    if (!canMount) throw new Error('That is the disk of this host, which is not to be filled.');
    const file = await open(this.#filler, 'a');
    try {
      for (const size of [MIB, 4096, 1]) {
        const piece = Buffer.alloc(size, 1);
        for (;;) if ((await file.write(piece).catch(() => null)) === null) break;
      }
    } finally {
      await file.close();
    }
    const more = join(this.path, 'no-more');
    await expect(appendFile(more, 'x')).rejects.toThrow();
    await rm(more, { force: true });
  }

  /** There is room again. */
  async clear(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  remove(): void {
    if (canMount) execFileSync('umount', ['-l', this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

function mounts(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'sp-probe-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe], { stdio: 'ignore' });
    return true;
  } catch {
    // A container without the right to.
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
