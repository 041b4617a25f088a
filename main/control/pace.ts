import { SallyportError } from '../core/errors.ts';

export interface PaceLimits {
  /** Sessions that one member may ask for, granted or not. */
  readonly asked: number;
  /** Within so many milliseconds. */
  readonly withinMs: number;
}

export const PACE_LIMITS: PaceLimits = { asked: 30, withinMs: 60_000 };

/**
 * How fast one member may ask for sessions. Each leaves lines in the journal, which keeps so many and no more: nobody shall
 * wash out of it what was there before.
 */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  /** When each member has asked; members are no more than the system has. */
  readonly #asked = new Map<number, readonly number[]>();

  constructor(limits: Partial<PaceLimits> = {}, now: () => number = () => performance.now()) {
    this.#limits = { ...PACE_LIMITS, ...limits };
    this.#now = now;
  }

  /** One asks now. Throws `offline-refused` where they have asked too often lately. */
  step(member: number): void {
    const { asked, withinMs } = this.#limits;
    const now = this.#now();
    const lately = (this.#asked.get(member) ?? []).filter((at) => now - at < withinMs);
    if (lately.length >= asked)
      throw new SallyportError(
        'offline-refused',
        `You have asked for ${asked} sessions within ${withinMs / 1000} s, and may ask for no more.`,
        { advice: 'Wait a minute, then try again.' },
      );
    this.#asked.set(member, [...lately, now]);
  }
}
