import { Breath } from '../../base/breath.ts';
import { decodeEntry, GENESIS, hashOf } from './line.ts';
import { listSegments, readSegment, type Segment } from './segments.ts';

/** Where the journal ends, and what was found on the way there. */
export interface Verified {
  /** Of the first line that is still there; 1 where there is none. */
  readonly first: number;
  /** Of the last whole line; 0 where there is none. */
  readonly n: number;
  /** Hash of that line. */
  readonly hash: string;
  /** The file that goes on; null where none is there. */
  readonly last: (Segment & { readonly bytes: number }) | null;
  /** Where the chain does not hold, in words; null where it does. */
  readonly broken: string | null;
  /** What follows the last whole line: a crash in the middle of writing leaves it. */
  readonly torn: Uint8Array;
  /** The hash of entry `mark.n`, for whoever knows what it should be; null where it is not there. */
  readonly markHash: string | null;
}

/**
 * Reads the whole journal, one file at a time, and looks whether every line names the hash of the one before it.
 * Rejects with `file-unreadable`. Repairs nothing.
 */
export async function verifyJournal(folder: string, mark: number): Promise<Verified> {
  const breath = new Breath();
  const segments = await listSegments(folder);
  let n = 0;
  let hash = GENESIS;
  let broken: string | null = null;
  let torn: Uint8Array = new Uint8Array();
  let markHash: string | null = mark === 0 ? GENESIS : null;
  let last: Verified['last'] = null;
  for (const segment of segments) {
    // Older files may have been taken away to be kept elsewhere: the chain is held from what is there.
    const isFirst = segment === segments[0];
    const read = await readSegment(segment);
    if (torn.length > 0) broken ??= `a file ends in the middle of line ${n + 1}`;
    for (const line of read.lines) {
      await breath.take();
      const entry = decodeEntry(line);
      if (entry === null) {
        broken ??= `what should be entry ${n + 1} is no entry`;
      } else if (isFirst && n === 0 && entry.n === segment.first) {
        if (entry.n === 1 && entry.previous !== GENESIS)
          broken ??= 'the first entry does not begin the journal';
      } else if (entry.n !== n + 1) {
        broken ??= `entry ${entry.n} follows entry ${n}`;
      } else if (entry.previous !== hash) {
        broken ??= `entry ${n}, or what stands before it, was changed after it was written`;
      }
      n = entry?.n ?? n + 1;
      hash = hashOf(line);
      if (n === mark) markHash = hash;
    }
    ({ torn } = read);
    last = { ...segment, bytes: read.bytes };
  }
  return { first: segments[0]?.first ?? 1, n, hash, last, broken, torn, markHash };
}
