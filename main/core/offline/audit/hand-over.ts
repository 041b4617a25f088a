import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { AuditEntry } from '../../audit-event.ts';
import { isForAuthentik } from '../../audit-for-authentik.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import type { Logger } from '../../base/logger.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import type { AuditJournal } from './journal.ts';
import { GENESIS } from './line.ts';
import type { Mark } from './mark.ts';

export interface HandOverStatus {
  /** The last entry that authentik has, or that it need not have. */
  readonly upTo: number;
  /** Entries that are there and wait. */
  readonly waiting: number;
  /** Why the last attempt failed; null where it did not. */
  readonly failure: Failure | null;
}

export interface HandOverOptions {
  readonly folder: string;
  readonly journal: AuditJournal;
  readonly mark: Mark;
  /** Adds one event to authentik's log. */
  readonly send: (entry: AuditEntry, hash: string, signal: AbortSignal) => Promise<void>;
  /** Whether authentik can be reached now. */
  readonly isOnline: () => boolean;
  readonly onChange: () => void;
  readonly logger: Logger;
  /** Least time between two events, in milliseconds: authentik has other things to do. */
  readonly paceMs?: number;
  readonly retryMs?: number;
}

const PACE_MS = 100;
const RETRY_MS = 15_000;
/** An entry that authentik refuses so often is passed over, and that is an entry of its own. */
const MOST_REFUSALS = 5;
/** How long an end waits for an answer that is on its way: less than the outpost takes to stop. Milliseconds. */
const END_MS = 2_000;
const MAX_MARK_BYTES = 1024;
const markSchema = v.object({
  n: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const NOTHING_YET: Mark = { n: 0, hash: GENESIS };

/** The mark of the folder; the beginning where there is none, or it cannot be read: then authentik is told again. */
export async function readMark(folder: string): Promise<Mark> {
  try {
    const text = (await readBoundedFile(markPath(folder), MAX_MARK_BYTES)).toString('utf8');
    return v.parse(markSchema, JSON.parse(text));
  } catch {
    return NOTHING_YET;
  }
}

/**
 * Tells authentik what was done at this host, in order, one entry after the other, and marks how far it is.
 *
 * An entry is marked after authentik has taken it. Where the answer is lost, or this process dies before the mark is
 * on the disk, it is told again: authentik offers no way to ask. Each event carries the entry's number and hash, by
 * which the second one is known.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  #mark: Mark;
  #failure: Failure | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** How often authentik has refused the entry that is next. */
  #refusals = 0;
  /** What is being done; null where nothing is. */
  #run: Promise<void> | null = null;
  #again = false;
  /** Aborted when nothing new is to be told. */
  readonly #ending = new AbortController();
  /** Aborted when what is being told is not waited for any more. */
  readonly #over = new AbortController();

  /** Never rejects. */
  static async open(options: HandOverOptions): Promise<HandOver> {
    const { mark, journal, folder } = options;
    // Not the newest: what this start has written, first of all that the journal was cut, nobody has been told of.
    const cut = journal.before;
    if (mark.n <= cut.n) return new HandOver(options);
    // A journal that was cut short begins again with numbers that authentik knows: their hashes tell them apart. Kept
    // at once: when it has grown past the old mark, what was written meanwhile would count as told.
    await keepMark(folder, cut).catch(() => {});
    return new HandOver({ ...options, mark: cut });
  }

  private constructor(options: HandOverOptions) {
    this.#options = options;
    this.#mark = options.mark;
    options.journal.onEntry(() => this.look());
  }

  get status(): HandOverStatus {
    const { newest, oldest } = this.#options.journal;
    return {
      upTo: this.#mark.n,
      waiting: waitingOf(this.#mark, { newest: newest.n, oldest }),
      failure: this.#failure,
    };
  }

  /** Looks whether there is something to tell and somebody to tell it to; for every change of the link. */
  look(): void {
    if (this.#ending.signal.aborted) return;
    if (this.#run) {
      this.#again = true;
      return;
    }
    if (!this.#options.isOnline() || this.#timer !== undefined) return;
    if (this.#mark.n >= this.#options.journal.newest.n) return;
    this.#run = this.#tellAll().finally(() => {
      this.#run = null;
      if (!this.#again) return;
      this.#again = false;
      this.look();
    });
  }

  /**
   * Resolves when nothing is told and nothing is written any more. What authentik is being told gets a moment for its
   * answer: cut off, it may be in authentik's log and is told again at the next start.
   */
  async end(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    const late = setTimeout(() => this.#over.abort(), END_MS);
    await this.#run;
    clearTimeout(late);
  }

  /** Never rejects. */
  async #tellAll(): Promise<void> {
    try {
      const { journal, isOnline } = this.#options;
      for await (const { entry, hash } of journal.reader.from(this.#mark.n + 1)) {
        if (this.#ending.signal.aborted || !isOnline()) return;
        // Read, and removed before its turn came: the journal says that authentik has not been told of it.
        if (entry.n >= journal.oldest) await this.#tell(entry, hash);
      }
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#fail(SallyportError.from(error, 'Telling authentik what was done here').toFailure());
    }
  }

  async #tell(entry: AuditEntry, hash: string): Promise<void> {
    const { folder, paceMs = PACE_MS, onChange } = this.#options;
    const isTold = isForAuthentik(entry.event);
    if (isTold) await this.#send(entry, hash);
    this.#refusals = 0;
    this.#mark = { n: entry.n, hash };
    // What nobody is told of needs no mark of its own on the disk.
    if (!isTold) return;
    await keepMark(folder, this.#mark);
    this.#failure = null;
    onChange();
    await delay(paceMs, undefined, { signal: this.#ending.signal });
  }

  /** A refusal of the entry itself does not keep all that follow it from being told. */
  async #send(entry: AuditEntry, hash: string): Promise<void> {
    const { send, journal, logger } = this.#options;
    try {
      await send(entry, hash, this.#over.signal);
    } catch (error) {
      const { code, message } = SallyportError.from(error, 'authentik');
      if (code !== 'api-refused') throw error;
      this.#refusals += 1;
      if (this.#refusals < MOST_REFUSALS) throw error;
      logger.log('warning', 'authentik does not take an entry of the journal', {
        entry: entry.n,
        reason: message,
      });
      // One about one about one would never end.
      if (entry.event.kind !== 'hand-over-refused')
        journal.record({ kind: 'hand-over-refused', entry: entry.n, failure: message });
    }
  }

  #fail(failure: Failure): void {
    const { logger, onChange, retryMs = RETRY_MS } = this.#options;
    if (failure.message !== this.#failure?.message)
      logger.log('warning', 'authentik could not be told what was done here', { reason: failure.message });
    this.#failure = failure;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.look();
    }, retryMs);
    this.#timer.unref();
    onChange();
  }
}

/** How many entries wait that are still there. */
export function waitingOf(
  mark: Mark,
  { newest, oldest }: { readonly newest: number; readonly oldest: number },
): number {
  return Math.max(0, newest - Math.max(mark.n, oldest - 1));
}

async function keepMark(folder: string, mark: Mark): Promise<void> {
  await writeFileAtomic(markPath(folder), `${JSON.stringify(mark)}\n`);
}

function markPath(folder: string): string {
  return join(folder, 'handed-over.json');
}
