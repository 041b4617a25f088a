import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was, in seconds. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Milliseconds between two samples; what the sampling itself adds is taken off. */
const RESOLUTION_MS = 20;
/** A window is at least this long, in milliseconds, so that two readers do not empty it for each other. */
const SHORTEST_WINDOW_MS = 5_000;
/** Whoever has not read for as long, in milliseconds, does not read: Prometheus asks every minute or more often. */
const UNREAD_MS = 300_000;

const NONE: EventLoopDelay = { p50: 0, p99: 0, max: 0 };

/**
 * Measures how long callbacks wait for their turn: the number that shows whether one session can disturb
 * another. Each reading is about the time since the window before it ended.
 *
 * Sampling wakes the process fifty times a second, which is most of what an idle outpost does: so it begins with the
 * first reading, which tells nothing yet, and ends when nobody reads any more.
 */
export class EventLoopMonitor {
  readonly #unreadMs: number;
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #unread: NodeJS.Timeout | undefined;
  #windowStart = 0;
  #last = NONE;

  constructor({ unreadMs = UNREAD_MS }: { readonly unreadMs?: number } = {}) {
    this.#unreadMs = unreadMs;
  }

  /** Whether it samples now. */
  get on(): boolean {
    return this.#unread !== undefined;
  }

  read(): EventLoopDelay {
    if (this.#unread === undefined) this.#begin();
    else this.#unread.refresh();
    // Without a sample percentiles are NaN or the last window's.
    if (this.#histogram.max > 0) {
      this.#last = {
        p50: this.#seconds(this.#histogram.percentile(50)),
        p99: this.#seconds(this.#histogram.percentile(99)),
        max: this.#seconds(this.#histogram.max),
      };
    }
    if (Date.now() - this.#windowStart >= SHORTEST_WINDOW_MS) this.#newWindow();
    return this.#last;
  }

  stop(): void {
    clearTimeout(this.#unread);
    this.#unread = undefined;
    this.#histogram.disable();
  }

  #begin(): void {
    this.#unread = setTimeout(() => this.stop(), this.#unreadMs);
    this.#unread.unref();
    this.#last = NONE;
    this.#newWindow();
    this.#histogram.enable();
  }

  #newWindow(): void {
    this.#histogram.reset();
    this.#windowStart = Date.now();
  }

  #seconds(nanoseconds: number): number {
    const delay = nanoseconds / 1e9 - RESOLUTION_MS / 1e3;
    return Number.isFinite(delay) ? Math.max(0, delay) : 0;
  }
}
