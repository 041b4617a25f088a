import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Failure, SallyportError } from '../core/errors.ts';

/**
 * Writes all of `stream` beside `path`, and puts it there when it is whole: until then an old file is as it was. `outcome` is
 * asked when the stream is over. Rejects with what that says, with `disk-full` or `file-unwritable`.
 */
export async function writeWhole(
  path: string,
  stream: Readable,
  outcome: () => Promise<Failure | null>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  // It may break while the file is still being opened; the loop says it then.
  stream.on('error', () => {});
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const piece of stream) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    const failure = await outcome();
    if (failure !== null) throw new SallyportError(failure.code, failure.message, { advice: failure.advice });
    await rename(temporary, path);
  } catch (error) {
    stream.destroy();
    await unlink(temporary).catch(() => {});
    throw SallyportError.from(error, path, 'file-unwritable');
  }
}
