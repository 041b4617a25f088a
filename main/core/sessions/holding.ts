import type { GuacdConnection } from '../guacd/guacd.ts';
import type { Moment } from '../status.ts';
import { Keeper, type KeeperOptions } from './keeper.ts';
import type { Ending } from './words.ts';

export interface HoldingOptions extends Omit<KeeperOptions, 'connection' | 'leftover' | 'onEnd'> {
  /** Nobody came back in time. */
  readonly onExpired: () => void;
  /** guacd has ended the connection while nobody else is on it. */
  readonly onEnd: (how: Ending) => void;
}

/** Places of one session that are kept at the same time, however often a page is reloaded. */
const MAX_KEPT = 4;
/** Whoever could not come back in the last moment has this long to try again, in milliseconds. */
const LEAST_MS = 2_000;

/** Keeps a session's place at guacd while the person is away, and a little longer. */
export class Holding {
  readonly #options: HoldingOptions;
  readonly #keepers = new Set<Keeper>();
  readonly #leaving = new Set<Promise<void>>();
  #until: Moment | null = null;
  #isHeld = false;
  #clock: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(options: HoldingOptions) {
    this.#options = options;
  }

  /** Until when the person may come back; null while nobody is waited for. */
  get until(): Moment | null {
    return this.#until;
  }

  /** Takes the person's place at `connection` for `ms` milliseconds. */
  begin(connection: GuacdConnection, leftover: Buffer, ms: number): void {
    clearTimeout(this.#settling);
    this.#isHeld = true;
    const { onEnd, ...options } = this.#options;
    const keeper: Keeper = new Keeper({
      ...options,
      connection,
      leftover,
      onPassed: (complete) => {
        // One stream, though several places are kept.
        if (this.#isHeld && this.#newest === keeper) options.onPassed(complete);
      },
      onEnd: (how) => {
        this.#leave(keeper);
        if (this.#isHeld && this.#keepers.size === 0) onEnd(how);
      },
    });
    this.#keepers.add(keeper);
    for (const oldest of this.#keepers) {
      if (this.#keepers.size <= MAX_KEPT) break;
      this.#leave(oldest);
    }
    this.#startClock(ms);
  }

  /** Somebody is on the way: the time stands still. Returns what was left of it, in milliseconds. */
  stopClock(): number {
    clearTimeout(this.#clock);
    return this.#until === null ? 0 : Math.max(LEAST_MS, this.#until - Date.now());
  }

  /** Whoever was on the way did not arrive. */
  goOn(ms: number): void {
    if (this.#isHeld) this.#startClock(ms);
  }

  /** Somebody has a place of their own: the kept ones are left, soon. */
  letGo(): void {
    clearTimeout(this.#clock);
    clearTimeout(this.#settling);
    this.#isHeld = false;
    this.#until = null;
    this.#settling = setTimeout(() => this.#leaveAll(), this.#options.limits.settleMs);
  }

  /** Leaves all places; resolves when their sockets are closed. */
  async end(): Promise<void> {
    clearTimeout(this.#clock);
    clearTimeout(this.#settling);
    this.#isHeld = false;
    this.#leaveAll();
    await Promise.all(this.#leaving);
  }

  get #newest(): Keeper | undefined {
    return [...this.#keepers].at(-1);
  }

  #startClock(ms: number): void {
    clearTimeout(this.#clock);
    this.#until = Date.now() + ms;
    this.#clock = setTimeout(() => this.#options.onExpired(), ms);
  }

  #leaveAll(): void {
    for (const keeper of [...this.#keepers]) this.#leave(keeper);
  }

  #leave(keeper: Keeper): void {
    this.#keepers.delete(keeper);
    const leaving = keeper.leave().then(() => {
      this.#leaving.delete(leaving);
    });
    this.#leaving.add(leaving);
  }
}
