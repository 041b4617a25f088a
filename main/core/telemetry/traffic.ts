import { Emitter } from '../base/emitter.ts';
import { Ring } from '../base/ring.ts';
import type { Moment } from '../status.ts';

/** What all sessions together have moved since the process began, and how many are open. */
export interface TrafficTotals {
  readonly sessions: number;
  readonly toPeer: number;
  readonly toGuacd: number;
}

/** Bytes since the sample before; `sessions` are those that were open at that moment. */
export interface TrafficSample extends TrafficTotals {
  readonly at: Moment;
}

export interface TrafficOptions {
  readonly totals: () => TrafficTotals;
  /** Milliseconds between two samples; default 5 s. */
  readonly everyMs?: number;
  /** How many are kept; default 720, an hour. */
  readonly keep?: number;
}

/** The last hour in samples, so that a window that is opened now can show what was. */
export class Traffic {
  readonly everyMs: number;
  readonly #totals: () => TrafficTotals;
  readonly #samples: Ring<TrafficSample>;
  readonly #sampled = new Emitter<TrafficSample>();
  readonly #timer: NodeJS.Timeout;
  #last: TrafficTotals;

  readonly onSample = this.#sampled.on;

  /** Samples until `stop`. */
  constructor({ totals, everyMs = 5_000, keep = 720 }: TrafficOptions) {
    this.everyMs = everyMs;
    this.#totals = totals;
    this.#samples = new Ring(keep);
    this.#last = totals();
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#timer.unref();
  }

  recent(): { readonly everyMs: number; readonly samples: readonly TrafficSample[] } {
    return { everyMs: this.everyMs, samples: this.#samples.toArray() };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const totals = this.#totals();
    const sample: TrafficSample = {
      at: Date.now(),
      sessions: totals.sessions,
      toPeer: totals.toPeer - this.#last.toPeer,
      toGuacd: totals.toGuacd - this.#last.toGuacd,
    };
    this.#last = totals;
    this.#samples.push(sample);
    this.#sampled.emit(sample);
  }
}
