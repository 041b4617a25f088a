import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEntry, AuditEvent, RecordEvent } from '../../audit-event.ts';
import { unwritable, writeFileAtomic } from '../../base/atomic-file.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import type { Failure } from '../../errors.ts';
import { decodeEntry, encodeEntry, hashOf } from './line.ts';
import { readFrom, readRecent } from './read.ts';
import { bytesOf, listSegments, SEGMENT_BYTES, segmentPath } from './segments.ts';
import { type Verified, verifyJournal } from './verify.ts';

/** A place in the journal. */
export interface Mark {
  readonly n: number;
  /** Hash of that entry's line. */
  readonly hash: string;
}

export interface JournalOptions {
  /** Made where it is missing; for its owner alone. */
  readonly folder: string;
  /** Bytes of all files together; the oldest go first. */
  readonly maxBytes: number;
  readonly logger: Logger;
  /** Told whenever `problems` has changed. */
  readonly onProblem: () => void;
  /** What is known of the journal from elsewhere: an entry that must be there, with this hash. */
  readonly mark: Mark | null;
  readonly retryMs?: number;
}

/** Events that wait while the disk takes nothing. */
const MAX_PENDING = 10_000;
const MAX_BATCH = 256;
const RETRY_MS = 5_000;

interface Pending {
  readonly at: string;
  readonly event: AuditEvent;
}

/**
 * What happened on this jump host, a line each, written and synced before the next ones are. Every line names the
 * hash of the one before it: what is changed, taken out or put in later shows at the next start.
 */
export class AuditJournal {
  readonly #options: JournalOptions;
  readonly #added = new Emitter<AuditEntry>();
  #n: number;
  #hash: string;
  #segment: { path: string; bytes: number } | null;
  #file: FileHandle | null = null;
  #pending: Pending[] = [];
  #lost = 0;
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  #unwritable: Failure | null = null;
  #found: Failure | null = null;
  #over = false;

  /** Hears of every entry that is on the disk. */
  readonly onEntry = this.#added.on;

  /**
   * Opens the journal and verifies it. What was found wrong is a problem and an entry of its own: it is reported and
   * never repaired. Rejects with `file-unreadable` or `file-unwritable`.
   */
  static async open(options: JournalOptions): Promise<AuditJournal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const verified = await verifyJournal(options.folder, options.mark?.n ?? 0);
    const journal = new AuditJournal(options, verified);
    await journal.#report(verified);
    return journal;
  }

  private constructor(options: JournalOptions, { n, hash, last }: Verified) {
    this.#options = options;
    this.#n = n;
    this.#hash = hash;
    this.#segment = last;
  }

  /** Why it cannot be trusted, or not be written; for the status. */
  get problems(): readonly Failure[] {
    return [this.#found, this.#unwritable].filter((problem): problem is Failure => problem !== null);
  }

  /** The number of the newest entry on the disk. */
  get newest(): number {
    return this.#n;
  }

  readonly record: RecordEvent = (event) => {
    if (this.#over) return;
    this.#pending.push({ at: new Date().toISOString(), event });
    while (this.#pending.length > MAX_PENDING) {
      this.#pending.shift();
      this.#lost += 1;
    }
    this.#pump();
  };

  /** Entries from `from` on with their hashes, as far as they are still there; one file is read at a time. */
  entries(from: number): AsyncGenerator<{ entry: AuditEntry; hash: string }> {
    return readFrom(this.#options.folder, from);
  }

  /** The newest entries that `wanted` takes, newest first, from before entry `before`. */
  recent(
    limit: number,
    before?: number,
    wanted?: (entry: AuditEntry) => boolean,
  ): Promise<readonly AuditEntry[]> {
    return readRecent(this.#options.folder, limit, before, wanted);
  }

  /** Resolves when everything that was recorded so far is on the disk, or cannot be put there now. */
  async flush(): Promise<void> {
    this.#pump();
    while (this.#writing !== null) await this.#writing;
  }

  /** Writes what is still to be written, and closes the file. Never rejects. */
  async end(): Promise<void> {
    clearTimeout(this.#retry);
    await this.flush();
    this.#over = true;
    clearTimeout(this.#retry);
    await this.#file?.close().catch(() => {});
    this.#file = null;
  }

  /** Says what was found at the start, where something was; a torn end is kept beside the journal. */
  async #report({ broken, torn, last, first, markHash, n }: Verified): Promise<void> {
    const { folder, mark, logger } = this.#options;
    if (torn.length > 0 && last !== null) {
      const aside = join(folder, `torn-after-${n}-${Date.now()}.txt`);
      await writeFileAtomic(aside, torn);
      const whole = last.bytes - torn.length;
      await truncate(last.path, whole);
      this.#segment = { path: last.path, bytes: whole };
      logger.log('warning', 'The journal ended in the middle of a line', { kept: aside });
      this.record({
        kind: 'journal-found',
        problem: `It ended in the middle of a line; that is kept in ${aside}.`,
      });
    }
    const problem = broken ?? (mark !== null && mark.n >= first ? missingMark(mark, markHash) : null);
    if (problem === null) return;
    this.#found = {
      code: 'journal-broken',
      message: `The journal in ${folder} is not as it was written: ${problem}.`,
      advice:
        'Somebody or something has changed it. Keep a copy for whoever has to look into it; it goes on behind the break.',
    };
    logger.log('error', 'The journal is not as it was written', { problem });
    this.record({ kind: 'journal-found', problem });
  }

  #pump(): void {
    if (this.#writing !== null || this.#pending.length === 0 || this.#retry !== undefined) return;
    this.#writing = this.#write()
      .then(() => this.#tellUnwritable(null))
      .catch((error: unknown) => this.#later(error))
      .finally(() => {
        this.#writing = null;
        this.#pump();
      });
  }

  async #write(): Promise<void> {
    if (this.#lost > 0) {
      const problem = `${this.#lost} events could not be kept while the disk took nothing.`;
      this.#pending.unshift({ at: new Date().toISOString(), event: { kind: 'journal-found', problem } });
      this.#lost = 0;
    }
    // Taken out: what comes while this is written may push the oldest aside.
    const batch = this.#pending.splice(0, MAX_BATCH);
    let n = this.#n;
    let hash = this.#hash;
    const lines = batch.map(({ at, event }) => {
      n += 1;
      const line = encodeEntry(n, at, hash, event);
      hash = hashOf(line);
      return line;
    });
    try {
      const segment = await this.#room();
      await this.#append(segment, `${lines.join('\n')}\n`);
    } catch (error) {
      this.#pending.unshift(...batch);
      throw error;
    }
    this.#n = n;
    this.#hash = hash;
    for (const line of lines) {
      const entry = decodeEntry(line);
      if (entry) this.#added.emit(entry);
    }
  }

  /** The file to write to: a new one where the last is full. */
  async #room(): Promise<{ path: string; bytes: number }> {
    const isThere = await this.#isThere();
    if (isThere && this.#segment !== null && this.#segment.bytes < SEGMENT_BYTES) return this.#segment;
    await this.#file?.close();
    this.#file = null;
    await this.#trim();
    this.#segment = { path: segmentPath(this.#options.folder, this.#n + 1), bytes: 0 };
    return this.#segment;
  }

  /** Whether the open file still has a name: what is written to one that was deleted is lost. */
  async #isThere(): Promise<boolean> {
    if (this.#file === null || (await this.#file.stat()).nlink > 0) return true;
    const problem = 'Its file was deleted while it was written.';
    this.#pending.push({ at: new Date().toISOString(), event: { kind: 'journal-found', problem } });
    return false;
  }

  async #append(segment: { path: string; bytes: number }, text: string): Promise<void> {
    this.#file ??= await open(segment.path, 'a', 0o600);
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
      segment.bytes += Buffer.byteLength(text);
    } catch (error) {
      // Half a batch would be torn lines in the middle of the file.
      await this.#file.truncate(segment.bytes).catch(() => {});
      throw error;
    }
  }

  /** Takes the oldest files away until there is room for one more. */
  async #trim(): Promise<void> {
    const segments = await listSegments(this.#options.folder);
    const sizes = await Promise.all(segments.map(bytesOf));
    let bytes = sizes.reduce((sum, size) => sum + size, SEGMENT_BYTES);
    for (const [index, segment] of segments.entries()) {
      if (bytes <= this.#options.maxBytes) return;
      await unlink(segment.path);
      bytes -= sizes[index] ?? 0;
      this.#options.logger.log('info', 'The oldest part of the journal was removed', { path: segment.path });
    }
  }

  #later(error: unknown): void {
    this.#tellUnwritable(unwritable(error, 'The journal').toFailure());
    void this.#file?.close().catch(() => {});
    this.#file = null;
    if (this.#over) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }

  #tellUnwritable(failure: Failure | null): void {
    if (failure?.message === this.#unwritable?.message) return;
    this.#unwritable = failure;
    if (failure)
      this.#options.logger.log('error', 'The journal cannot be written', { reason: failure.message });
    this.#options.onProblem();
  }
}

function missingMark(mark: Mark, found: string | null): string | null {
  if (mark.n === 0 || found === mark.hash) return null;
  return found === null
    ? `entry ${mark.n}, which authentik has been told of, is missing`
    : `entry ${mark.n} is not the one that authentik has been told of`;
}

async function truncate(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
