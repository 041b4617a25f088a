import type { AuditDesk, AuditFilter, AuditPage } from '../control/audit-schema.ts';
import type { AuditEntry, RecordEvent } from '../core/audit-event.ts';
import { wantedBy } from '../core/audit-search.ts';
import type { AuthentikEvent } from '../core/authentik/api.ts';
import { Emitter } from '../core/base/emitter.ts';
import type { Logger } from '../core/base/logger.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import { EventQueue } from '../core/offline/audit/event-queue.ts';
import { HandOver, type HandOverStatus, readMark } from '../core/offline/audit/hand-over.ts';
import { AuditJournal } from '../core/offline/audit/journal.ts';
import { LastSeen } from '../core/offline/audit/last-seen.ts';
import type { KnownMark } from '../core/offline/audit/mark.ts';
import type { SeenDocuments, SeenFile } from '../core/offline/audit/seen-documents.ts';

export interface AuditTrailOptions {
  readonly folder: string;
  /** Bytes of all its files together. */
  readonly maxBytes: number;
  /** What somebody may change while the outpost is stopped; without it that is not looked for. */
  readonly documents?: SeenDocuments;
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
/** How soon a journal that could not be opened is tried again, in milliseconds. */
const RETRY_MS = 30_000;

/** The journal of an outpost's process, with what of it is told to authentik. */
export class AuditTrail implements AuditDesk {
  readonly #options: AuditTrailOptions;
  #journal: AuditJournal | null = null;
  #handOver: HandOver | null = null;
  #lastSeen: LastSeen | null = null;
  /** Of the journal, and filled before there is one. */
  readonly #waiting = new EventQueue();
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
    const { documents, logger, onChange, retryMs = RETRY_MS } = this.#options;
    if (documents) this.#lastSeen ??= await LastSeen.open(documents);
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
    const last = this.#lastSeen?.mark ?? null;
    const known: KnownMark[] = [{ ...mark, by: 'authentik' }];
    if (last) known.push({ ...last, by: 'last-run' });
    const journal = await AuditJournal.open({
      folder,
      maxBytes,
      logger,
      known,
      told: () => this.#handOver?.status.upTo ?? mark.n,
      waiting: this.#waiting,
      onProblem: onChange,
    });
    this.#journal = journal;
    journal.onEntry((entry) => this.#added.emit(entry));
    this.#handOver = await HandOver.open({
      folder,
      journal,
      mark,
      send: (entry, hash, signal) => this.#tell(entry, hash, signal),
      isOnline: () => this.#options.handsOver() && this.#options.isOnline(),
      onChange: () => {
        this.#handOverChanged.emit();
        onChange();
      },
      logger,
    });
    await this.#lastSeen?.follow(journal);
  }

  readonly record: RecordEvent = (event) => {
    if (this.#journal) this.#journal.record(event);
    else this.#waiting.push(event);
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
    return (await this.#journal?.reader.recent(limit, before, wantedBy(filter))) ?? [];
  }

  async page({ from, limit }: AuditPage): Promise<readonly AuditEntry[]> {
    await this.#journal?.flush();
    return (await this.#journal?.reader.page(from, limit)) ?? [];
  }

  /** The outpost has changed a file by itself, which is no event: at the next start it is not new. */
  changed(file: SeenFile): void {
    this.#lastSeen?.changed(file);
  }

  async end(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#handOver?.end();
    await this.#journal?.end();
    await this.#lastSeen?.end();
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
