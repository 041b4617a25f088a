import type { AuditEvent } from '../../audit-event.ts';

/** Events that wait while the disk takes nothing. */
const MAX_WAITING = 10_000;

interface Waiting {
  /** When it happened; ISO 8601. */
  readonly at: string;
  readonly event: AuditEvent;
}

/** What is to be written next, and how many that stood before it were dropped. */
export interface Batch {
  readonly dropped: number;
  readonly events: readonly Waiting[];
}

/** What has happened and is not in the journal yet. Where too much waits, the oldest are dropped and counted. */
export class EventQueue {
  readonly #most: number;
  #waiting: Waiting[] = [];
  #dropped = 0;

  constructor(most = MAX_WAITING) {
    this.#most = most;
  }

  /** Events that wait, and those that were dropped and are not accounted for yet. */
  get size(): number {
    return this.#waiting.length + this.#dropped;
  }

  push(event: AuditEvent): void {
    this.#waiting.push({ at: new Date().toISOString(), event });
    this.#bound();
  }

  /** Taken out: what comes while it is written may push the oldest aside. */
  take(most: number): Batch {
    const batch = { dropped: this.#dropped, events: this.#waiting.splice(0, most) };
    this.#dropped = 0;
    return batch;
  }

  /** What could not be written, back in its place. */
  putBack({ dropped, events }: Batch): void {
    this.#dropped += dropped;
    this.#waiting.unshift(...events);
    this.#bound();
  }

  #bound(): void {
    const over = this.#waiting.length - this.#most;
    if (over <= 0) return;
    this.#waiting.splice(0, over);
    this.#dropped += over;
  }
}
