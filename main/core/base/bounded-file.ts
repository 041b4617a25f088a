import { type FileHandle, open } from 'node:fs/promises';
import { SallyportError } from '../errors.ts';

const PIECE_BYTES = 16 * 1024;

/**
 * The bytes of a small file. Rejects with `file-unreadable` for one that cannot be read, is no regular file, or is longer
 * than `maxBytes`: what says so of itself is not read at all, and memory is taken as the file needs it. `subject` begins the sentence; default the path.
 */
export async function readBoundedFile(path: string, maxBytes: number, subject = path): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stats = await file.stat();
    // A directory fails with its own words when it is read; a pipe or a device could give bytes for ever.
    if (!stats.isFile() && !stats.isDirectory()) throw notAFile(subject);
    if (stats.isFile() && stats.size > maxBytes) throw tooLong(subject, maxBytes);
    return await readUpTo(file, stats.size, maxBytes, subject);
  } catch (error) {
    throw SallyportError.from(error, subject, 'file-unreadable');
  } finally {
    await file?.close();
  }
}

/** A file may grow while it is read, and those of the kernel say that they have no length. */
async function readUpTo(file: FileHandle, size: number, most: number, subject: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    // One more than may be: so it is seen that there is more.
    const room = Math.min(most + 1 - length, length === 0 && size > 0 ? size + 1 : PIECE_BYTES);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(room), 0, room, null);
    if (bytesRead === 0) return Buffer.concat(pieces, length);
    length += bytesRead;
    if (length > most) throw tooLong(subject, most);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

function notAFile(subject: string): SallyportError {
  return new SallyportError('file-unreadable', `${subject} is not a regular file.`);
}

function tooLong(subject: string, maxBytes: number): SallyportError {
  return new SallyportError('file-unreadable', `${subject} is longer than ${maxBytes} bytes.`, {
    advice: 'Is it the right file?',
  });
}
