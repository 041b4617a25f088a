import { type FileHandle, open } from 'node:fs/promises';
import { SallyportError } from '../errors.ts';

/**
 * The bytes of a small file. Rejects with `file-unreadable` for one that cannot be read, is no regular file, or
 * is longer than `maxBytes`. `subject` begins the sentence; default the path.
 */
export async function readBoundedFile(path: string, maxBytes: number, subject = path): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stats = await file.stat();
    // A directory fails with its own words when it is read; a pipe or a device could give bytes for ever.
    if (!stats.isFile() && !stats.isDirectory()) throw notAFile(subject);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    while (length <= maxBytes) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
    throw tooLong(subject, maxBytes);
  } catch (error) {
    throw SallyportError.from(error, subject, 'file-unreadable');
  } finally {
    await file?.close();
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
