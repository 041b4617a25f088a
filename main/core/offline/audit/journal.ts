import { mkdir, unlink } from 'node:fs/promises';
import type { AuditEntry, RecordEvent } from '../../audit-event.ts';
import { unwritable } from '../../base/atomic-file.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import { type Batch, EventQueue } from './event-queue.ts';
import { sayBroken, takeOffTorn } from './findings.ts';
import { decodeEntry, encodeEntry, hashOf } from './line.ts';
import type { KnownMark, Mark } from './mark.ts';
import { JournalReader } from './read.ts';
import { type Condition, SegmentFile } from './segment-file.ts';
import { listSegments, SEGMENT_BYTES, segmentPath } from './segments.ts';
import { findSurplus, type Surplus } from './trim.ts';
import { type Verified, verifyJournal } from './verify.ts';

export interface JournalOptions {
  /** Made where it is missing; for its owner alone. */
  readonly folder: string;
  /** Bytes of all files together; the oldest go first. */
  readonly maxBytes: number;
  readonly logger: Logger;
  /** Told whenever `problems` has changed. */
  readonly onProblem: () => void;
  /** What is known of the journal from elsewhere. */
  readonly known: readonly KnownMark[];
  /** Up to which entry authentik has been told by now. */
  readonly told: () => number;
  /** What is to be written; what has happened before is in it already. */
  readonly waiting?: EventQueue;
  readonly retryMs?: number;
  /** How large a file may grow before the next is begun, in bytes; a test brings its own. */
  readonly segmentBytes?: number;
}

const MAX_BATCH = 256;
const RETRY_MS = 5_000;

const NOT_AS_LEFT: Readonly<Record<Exclude<Condition, 'as-left'>, string>> = {
  gone: 'Its file was deleted or moved away while it was written.',
  changed: 'Something else has changed its file while it was written.',
};

/**
 * What happened on this jump host, a line each, written and synced before the next ones are. Every line names the
 * hash of the one before it: what is changed, taken out or put in later shows at the next start.
 */
export class AuditJournal {
  readonly reader: JournalReader;
  /** The newest entry that was there when it was opened; number 0 where there was none. */
  readonly before: Mark;
  readonly #options: JournalOptions;
  readonly #added = new Emitter<AuditEntry>();
  readonly #waiting: EventQueue;
  #oldest: number;
  #n: number;
  #hash: string;
  #file: SegmentFile | null;
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  #unwritable: Failure | null = null;
  readonly #found: Failure | null;
  #over = false;

  /** Hears of every entry that is on the disk. */
  readonly onEntry = this.#added.on;

  /**
   * Opens the journal and verifies it. What was found wrong is a problem and an entry of its own: it is reported and
   * never repaired. Rejects with `file-unreadable` or `file-unwritable`.
   */
  static async open(options: JournalOptions): Promise<AuditJournal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const verified = await verifyJournal(
      options.folder,
      options.known.map(({ n }) => n),
    );
    const waiting = options.waiting ?? new EventQueue();
    const whole = await takeOffTorn(verified, options, waiting);
    const found = sayBroken(verified, options, waiting);
    const journal = new AuditJournal({ ...options, waiting }, { ...verified, last: whole }, found);
    journal.#pump();
    return journal;
  }

  private constructor(
    options: JournalOptions & { readonly waiting: EventQueue },
    { first, n, hash, last }: Verified,
    found: Failure | null,
  ) {
    this.#options = options;
    this.#waiting = options.waiting;
    this.#found = found;
    this.reader = new JournalReader(options.folder);
    this.#oldest = first;
    this.before = { n, hash };
    this.#n = n;
    this.#hash = hash;
    this.#file = last && new SegmentFile(last.path, last.bytes);
  }

  /** Why it cannot be trusted, or not be written; for the status. */
  get problems(): readonly Failure[] {
    return [this.#found, this.#unwritable].filter((problem): problem is Failure => problem !== null);
  }

  /** The newest entry on the disk; number 0 where there is none. */
  get newest(): Mark {
    return { n: this.#n, hash: this.#hash };
  }

  /** The number of the oldest entry that is kept; of the first to come where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  readonly record: RecordEvent = (event) => {
    if (this.#over) return;
    this.#waiting.push(event);
    this.#pump();
  };

  /** Resolves when everything that was recorded so far is on the disk, or cannot be put there now: with whether it is. */
  async flush(): Promise<boolean> {
    this.#pump();
    while (this.#writing !== null) await this.#writing;
    return this.#waiting.size === 0;
  }

  /** Writes what is still to be written, and closes the file. Never rejects. */
  async end(): Promise<void> {
    this.#cancelRetry();
    await this.flush();
    this.#over = true;
    this.#cancelRetry();
    await this.#file?.close();
    const lost = this.#waiting.size;
    if (lost > 0) this.#options.logger.log('error', 'Events could not be written to the journal', { lost });
  }

  #pump(): void {
    if (this.#over || this.#writing !== null || this.#waiting.size === 0 || this.#retry !== undefined) return;
    this.#writing = this.#write()
      .then(() => this.#tellUnwritable(null))
      .catch((error: unknown) => this.#later(error))
      .finally(() => {
        this.#writing = null;
        this.#pump();
      });
  }

  async #write(): Promise<void> {
    const { folder, maxBytes, told } = this.#options;
    const file = await this.#room();
    const next = this.#n + 1;
    // Said before it is done: what is missing without a word was removed by somebody else.
    const surplus =
      file.bytes > 0
        ? null
        : await findSurplus(folder, { room: maxBytes - this.#segmentBytes, next, told: told() });
    const batch = this.#waiting.take(MAX_BATCH);
    const { lines, newest } = this.#linesOf(surplus, batch);
    try {
      await file.append(`${lines.join('\n')}\n`);
    } catch (error) {
      this.#waiting.putBack(batch);
      throw error;
    }
    this.#n = newest.n;
    this.#hash = newest.hash;
    if (surplus) await this.#remove(surplus);
    for (const line of lines) {
      const entry = decodeEntry(line);
      if (entry) this.#added.emit(entry);
    }
  }

  /** The lines of a batch in their chain, before them what there is to say of the journal itself. */
  #linesOf(surplus: Surplus | null, { dropped, events }: Batch): { lines: readonly string[]; newest: Mark } {
    const at = new Date().toISOString();
    let { n, hash } = this.newest;
    const lines: string[] = [];
    const add = (when: string, event: Parameters<RecordEvent>[0]) => {
      n += 1;
      const line = encodeEntry(n, when, hash, event);
      hash = hashOf(line);
      lines.push(line);
    };
    if (surplus) add(at, { kind: 'journal-trimmed', first: surplus.first, untold: surplus.untold });
    if (dropped > 0) add(at, { kind: 'events-lost', count: dropped });
    for (const waiting of events) add(waiting.at, waiting.event);
    return { lines, newest: { n, hash } };
  }

  /** The file to write to: a new one where the last is full, or is not what it was. */
  async #room(): Promise<SegmentFile> {
    const file = this.#file;
    const condition = (await file?.condition()) ?? 'as-left';
    if (file && condition === 'as-left' && file.bytes < this.#segmentBytes) return file;
    const { folder } = this.#options;
    await file?.close();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [oldest] = await listSegments(folder);
    if (condition !== 'as-left')
      this.#waiting.push({ kind: 'journal-found', problem: NOT_AS_LEFT[condition] });
    const made = new SegmentFile(segmentPath(folder, this.#n + 1), null);
    this.#file = made;
    this.#oldest = oldest?.first ?? this.#n + 1;
    return made;
  }

  get #segmentBytes(): number {
    return this.#options.segmentBytes ?? SEGMENT_BYTES;
  }

  /** What cannot be removed now is removed with the next: it keeps nothing from being written. */
  async #remove({ segments, first }: Surplus): Promise<void> {
    const { logger } = this.#options;
    for (const { path, first: oldest } of segments) {
      this.#oldest = oldest;
      try {
        await unlink(path);
      } catch (error) {
        const { message } = SallyportError.from(error, path, 'file-unwritable');
        logger.log('warning', 'The oldest part of the journal could not be removed', { reason: message });
        return;
      }
      logger.log('info', 'The oldest part of the journal was removed', { path });
    }
    this.#oldest = first;
  }

  #later(error: unknown): void {
    this.#tellUnwritable(unwritable(error, 'The journal').toFailure());
    void this.#file?.close();
    if (this.#over) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }

  #cancelRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #tellUnwritable(failure: Failure | null): void {
    if (failure?.message === this.#unwritable?.message) return;
    this.#unwritable = failure;
    if (failure)
      this.#options.logger.log('error', 'The journal cannot be written', { reason: failure.message });
    this.#options.onProblem();
  }
}
