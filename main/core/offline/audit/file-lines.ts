import { type FileHandle, open } from 'node:fs/promises';
import { SallyportError } from '../../errors.ts';

/** Read at once, in bytes. */
const CHUNK_BYTES = 64 * 1024;
/** What has no line break for so long is no journal. */
const MAX_LINE_BYTES = 1024 * 1024;
const LINE_BREAK = 0x0a;

export interface FileLine {
  /** Without its line break. */
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The whole lines of a file from one that begins at `start`, some at a time; what follows the last line break is none.
 * Rejects with `file-unreadable`.
 */
export function linesFrom(path: string, start = 0, chunk = CHUNK_BYTES): AsyncGenerator<readonly FileLine[]> {
  return opened(path, async function* (file) {
    let at = start;
    let rest = Buffer.alloc(0);
    for (;;) {
      const more = await read(file, at + rest.length, chunk);
      if (more.length === 0) return;
      const bytes = Buffer.concat([rest, more]);
      const lines = split(bytes, at);
      yield lines;
      const end = lines.at(-1)?.end ?? at;
      rest = bytes.subarray(end - at);
      at = end;
      checkLine(rest, path);
    }
  });
}

/**
 * The whole lines of a file before the one that begins at `end`, else before the end of the file: some at a time, the
 * last of them first, each time in their order. Rejects with `file-unreadable`.
 */
export function linesBefore(
  path: string,
  end?: number,
  chunk = CHUNK_BYTES,
): AsyncGenerator<readonly FileLine[]> {
  return opened(path, async function* (file) {
    let at = end ?? (await file.stat()).size;
    let rest = Buffer.alloc(0);
    while (at > 0) {
      const length = Math.min(chunk, at);
      at -= length;
      const bytes = Buffer.concat([await read(file, at, length), rest]);
      // What stands before the first line break may have begun earlier.
      const begin = at === 0 ? 0 : bytes.indexOf(LINE_BREAK) + 1;
      yield split(bytes.subarray(begin), at + begin);
      rest = at === 0 || begin > 0 ? bytes.subarray(0, begin) : bytes;
      checkLine(rest, path);
    }
  });
}

async function* opened(
  path: string,
  read: (file: FileHandle) => AsyncGenerator<readonly FileLine[]>,
): AsyncGenerator<readonly FileLine[]> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    yield* read(file);
  } catch (error) {
    throw SallyportError.from(error, path, 'file-unreadable');
  } finally {
    await file?.close();
  }
}

/** As many as there are. */
async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function split(bytes: Buffer, at: number): FileLine[] {
  const lines: FileLine[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_BREAK, start);
    if (end < 0) return lines;
    lines.push({ text: bytes.toString('utf8', start, end), start: at + start, end: at + end + 1 });
    start = end + 1;
  }
}

function checkLine(rest: Buffer, path: string): void {
  if (rest.length <= MAX_LINE_BYTES) return;
  throw new SallyportError('file-unreadable', `${path} has a line of more than ${MAX_LINE_BYTES} bytes.`, {
    advice: 'Is it the right file?',
  });
}
