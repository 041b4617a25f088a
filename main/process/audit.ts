import { join } from 'node:path';
import type { AuditDesk, AuditFilter } from '../control/audit-schema.ts';
import type { AuditEntry, AuditEvent, RecordEvent } from '../core/audit-event.ts';
import { wantedBy } from '../core/audit-search.ts';
import type { AuthentikEvent } from '../core/authentik/api.ts';
import { Emitter } from '../core/base/emitter.ts';
import type { Logger } from '../core/base/logger.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import { HandOver, type HandOverStatus, readMark } from '../core/offline/audit/hand-over.ts';
import { AuditJournal } from '../core/offline/audit/journal.ts';

export interface AuditTrailOptions {
  readonly folder: string;
  /** Bytes of all its files together. */
  readonly maxBytes: number;
  readonly logger: Logger;
  readonly isOnline: () => boolean;
  /** Adds an event to authentik's log. */
  readonly tellAuthentik: (event: AuthentikEvent, signal: AbortSignal) => Promise<void>;
  /** Whether authentik shall be told at all. */
  readonly handsOver: () => boolean;
  /** How authentik knows this outpost; null while it is not known. */
  readonly outpostName: () => string | null;
  readonly onChange: () => void;
  readonly retryMs?: number;
}

/** By which authentik's event list tells them from others. */
const APP = 'sallyport';
/** Events that happen before the journal is open. */
const MAX_EARLY = 1_000;
/** How soon a journal that could not be opened is tried again, in milliseconds. */
const RETRY_MS = 30_000;

/** The folder of the journal in a state directory. */
export function journalFolder(stateDir: string): string {
  return join(stateDir, 'journal');
}

/** The journal of an outpost's process, with what of it is told to authentik. */
export class AuditTrail implements AuditDesk {
  readonly #options: AuditTrailOptions;
  #journal: AuditJournal | null = null;
  #handOver: HandOver | null = null;
  #early: AuditEvent[] = [];
  /** Why there is no journal yet. */
  #unopened: Failure | null = null;
  #retry: NodeJS.Timeout | undefined;
  readonly #added = new Emitter<AuditEntry>();
  readonly #handOverChanged = new Emitter<void>();

  readonly onEntry = this.#added.on;
  readonly onHandOver = this.#handOverChanged.on;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  /**
   * Opens and verifies the journal. Never rejects: without one, on a full disk for instance, sessions go on. It is said,
   * tried again, and what happens meanwhile is written then.
   */
  async begin(): Promise<void> {
    const { logger, onChange, retryMs = RETRY_MS } = this.#options;
    try {
      await this.#open();
      if (this.#unopened === null) return;
      this.#unopened = null;
    } catch (error) {
      this.#unopened = SallyportError.from(error, 'The journal', 'file-unwritable').toFailure();
      logger.log('error', 'The journal could not be opened', { reason: this.#unopened.message });
      this.#retry = setTimeout(() => void this.begin(), retryMs);
      this.#retry.unref();
    }
    onChange();
  }

  async #open(): Promise<void> {
    const { folder, maxBytes, logger, onChange } = this.#options;
    const mark = await readMark(folder);
    this.#journal = await AuditJournal.open({ folder, maxBytes, logger, mark, onProblem: onChange });
    this.#journal.onEntry((entry) => this.#added.emit(entry));
    this.#handOver = new HandOver({
      folder,
      journal: this.#journal,
      mark,
      send: (entry, hash, signal) => this.#tell(entry, hash, signal),
      isOnline: () => this.#options.handsOver() && this.#options.isOnline(),
      onChange: () => {
        this.#handOverChanged.emit();
        onChange();
      },
      logger,
    });
    for (const event of this.#early.splice(0)) this.#journal.record(event);
  }

  readonly record: RecordEvent = (event) => {
    if (this.#journal) this.#journal.record(event);
    else if (this.#early.length < MAX_EARLY) this.#early.push(event);
  };

  /** The link, or whether authentik shall be told, may have changed. */
  look(): void {
    this.#handOver?.look();
  }

  get warnings(): readonly Failure[] {
    return [...(this.#unopened === null ? [] : [this.#unopened]), ...(this.#journal?.problems ?? [])];
  }

  get handOver(): HandOverStatus & { readonly wanted: boolean } {
    const status = this.#handOver?.status ?? { upTo: 0, waiting: 0, failure: null };
    return { ...status, wanted: this.#options.handsOver() };
  }

  async recent({ limit, before, ...filter }: AuditFilter): Promise<readonly AuditEntry[]> {
    await this.#journal?.flush();
    return (await this.#journal?.recent(limit, before, wantedBy(filter))) ?? [];
  }

  async end(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#handOver?.end();
    await this.#journal?.end();
  }

  #tell({ n, at, event: { kind, ...facts } }: AuditEntry, hash: string, signal: AbortSignal): Promise<void> {
    const context = {
      message: `Sallyport: ${kind}`,
      kind,
      at,
      entry: n,
      hash,
      outpost: this.#options.outpostName(),
      ...facts,
    };
    return this.#options.tellAuthentik({ app: APP, context }, signal);
  }
}
