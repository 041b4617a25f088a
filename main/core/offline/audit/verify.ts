import { basename } from 'node:path';
import type { AuditEvent } from '../../audit-event.ts';
import { Breath } from '../../base/breath.ts';
import { decodeEntry, GENESIS, hashOf } from './line.ts';
import { listSegments, readSegment, type Segment } from './segments.ts';

/** Where the journal ends, and what was found on the way there. */
export interface Verified {
  /** Of the first line that is still there; 1 where there is none. */
  readonly first: number;
  /** The highest number there is: of the last whole line, unless the journal is broken. 0 where there is none. */
  readonly n: number;
  /** Hash of the last whole line. */
  readonly hash: string;
  /** The file that goes on; null where none is there. */
  readonly last: (Segment & { readonly bytes: number }) | null;
  /** Where the chain does not hold, in words; null where it does. */
  readonly broken: string | null;
  /** What follows the last whole line: a crash in the middle of writing leaves it. */
  readonly torn: Uint8Array;
  /** The hashes of the entries that were asked for, as far as they are there. */
  readonly hashes: ReadonlyMap<number, string>;
}

/**
 * Reads the whole journal, one file at a time, and looks whether it begins where it says that it does, and whether every
 * line names the hash of the one before it. `wanted`: entries whose hashes the caller knows from elsewhere. Rejects with
 * `file-unreadable`. Repairs nothing.
 */
export async function verifyJournal(folder: string, wanted: readonly number[] = []): Promise<Verified> {
  const segments = await listSegments(folder);
  const chain = new Chain(segments[0]?.first ?? 1, wanted);
  const breath = new Breath();
  let torn: Uint8Array = new Uint8Array();
  let last: Verified['last'] = null;
  for (const segment of segments) {
    const read = await readSegment(segment);
    if (torn.length > 0) chain.break(`a file ends in the middle of line ${chain.n + 1}`);
    if (read.lines.length > 0) chain.begin(segment);
    for (const line of read.lines) {
      await breath.take();
      chain.take(line);
    }
    ({ torn } = read);
    last = { ...segment, bytes: read.bytes };
  }
  const { first, highest: n, hash, hashes } = chain;
  return { first, n, hash, last, broken: chain.broken, torn, hashes };
}

/** The lines that were read so far, and the first place where they do not hold together. */
class Chain {
  readonly first: number;
  n: number;
  /** What is written next must have a higher one, or it would be taken for another, and its file for an older one. */
  highest: number;
  readonly hashes = new Map<number, string>();
  readonly #wanted: ReadonlySet<number>;
  /** What the next line has to name; null where what stood before is not there any more. */
  #hash: string | null;
  #broken: string | null = null;
  /** From this entry on everything must be there. */
  #trimmed = 1;

  constructor(first: number, wanted: readonly number[]) {
    this.first = first;
    this.n = first - 1;
    this.highest = this.n;
    this.#hash = this.n === 0 ? GENESIS : null;
    this.#wanted = new Set(wanted);
  }

  get hash(): string {
    return this.#hash ?? GENESIS;
  }

  get broken(): string | null {
    if (this.first > this.#trimmed)
      return `entry ${this.first} is the first that is there, and what stood before it was not removed by the journal itself`;
    return this.#broken;
  }

  break(problem: string): void {
    this.#broken ??= problem;
  }

  begin({ path, first }: Segment): void {
    this.highest = Math.max(this.highest, first);
    if (first !== this.n + 1) this.break(`the file ${basename(path)} should begin with entry ${this.n + 1}`);
  }

  take(line: string): void {
    const entry = decodeEntry(line);
    const { n } = this;
    if (entry === null) {
      this.break(`what should be entry ${n + 1} is no entry`);
    } else if (entry.n !== n + 1) {
      this.break(`entry ${entry.n} follows entry ${n}`);
    } else if (this.#hash !== null && entry.previous !== this.#hash) {
      this.break(
        n === 0
          ? 'the first entry does not begin the journal'
          : `entry ${n}, or what stands before it, was changed after it was written`,
      );
    }
    this.n = entry?.n ?? n + 1;
    this.highest = Math.max(this.highest, this.n);
    this.#hash = hashOf(line);
    if (this.#wanted.has(this.n)) this.hashes.set(this.n, this.#hash);
    if (entry !== null) this.#trimmed = Math.max(this.#trimmed, firstAfter(entry.event));
  }
}

/** Where the journal begins after it has removed its oldest part. */
function firstAfter(event: AuditEvent): number {
  return event.kind === 'journal-trimmed' && Number.isSafeInteger(event.first) ? event.first : 1;
}
