import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { isMissing } from '../../base/missing.ts';

/** A journal is cut into files of about so many bytes: one can be read whole. */
export const SEGMENT_BYTES = 4 * 1024 * 1024;
/** One is begun anew when it has grown so far; a batch may still go over it. */
const MAX_READ_BYTES = SEGMENT_BYTES * 2;

const NAME = /^journal-(\d{12,15})\.jsonl$/;

/** A file of the journal; named after the first entry in it. */
export interface Segment {
  readonly path: string;
  readonly first: number;
}

export function segmentPath(folder: string, first: number): string {
  return join(folder, `journal-${String(first).padStart(12, '0')}.jsonl`);
}

/** In the order in which they were written. Rejects as `readdir` does, but not where there is no folder. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries
    .flatMap((entry) => {
      // Whatever else has such a name was not made here; a pipe would be waited for.
      if (!entry.isFile()) return [];
      const { name } = entry;
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [{ path: join(folder, name), first: Number(digits) }];
    })
    .sort((left, right) => left.first - right.first);
}

/**
 * The whole lines of a segment, and what stands behind the last line break: as bytes, because it may end in the middle
 * of a character. Rejects with `file-unreadable`.
 */
export async function readSegment({
  path,
}: Segment): Promise<{ lines: string[]; torn: Buffer; bytes: number }> {
  const bytes = await readBoundedFile(path, MAX_READ_BYTES);
  const end = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  return { lines, torn: bytes.subarray(end), bytes: bytes.length };
}

export async function bytesOf({ path }: Segment): Promise<number> {
  return (await stat(path)).size;
}
