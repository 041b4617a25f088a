import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBoundedFile } from '../../../main/core/base/bounded-file.ts';
import { folder, refusalOf } from './folder.ts';

const MIB = 1024 * 1024;

describe('a file that is read up to a bound', () => {
  it('is read at it, and refused one byte beyond', async () => {
    const path = join(await folder(), 'file');
    for (const length of [0, 1, 16 * 1024, 16 * 1024 + 1, MIB]) {
      const content = Buffer.alloc(length, 7);
      await writeFile(path, content);
      expect((await readBoundedFile(path, length)).equals(content)).toBe(true);
      expect((await readBoundedFile(path, 2 * MIB)).equals(content)).toBe(true);
    }
    const { message } = await refusalOf(readBoundedFile(path, MIB - 1, 'The list'), 'file-unreadable');
    expect(message).toBe('The list is longer than 1048575 bytes.');
  });

  it('takes no more memory than it needs, and none where it says that it is too long', async () => {
    const path = join(await folder(), 'file');
    // No buffer can have as many bytes as are allowed here.
    await writeFile(path, 'short');
    expect(String(await readBoundedFile(path, 2 ** 52))).toBe('short');
    await truncate(path, 2 ** 40);
    await refusalOf(readBoundedFile(path, 2 ** 39), 'file-unreadable');
  });

  it.runIf(process.platform === 'linux')('is bounded where it does not say how long it is', async () => {
    const whole = await readBoundedFile('/proc/self/maps', MIB);
    expect(whole.length).toBeGreaterThan(4096);
    await refusalOf(readBoundedFile('/proc/self/maps', 4096), 'file-unreadable');
  });

  it('is a file', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'sub'));
    expect((await refusalOf(readBoundedFile(join(dir, 'sub'), 1), 'file-unreadable')).message).toContain(
      'is a directory',
    );
    await refusalOf(readBoundedFile(join(dir, 'nothing'), 1), 'file-unreadable');
  });
});
