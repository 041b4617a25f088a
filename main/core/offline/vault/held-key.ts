import type { Moment } from '../../status.ts';
import type { CredentialInfo } from './shapes.ts';

export interface HeldKeyOptions {
  /** How long it is held, in minutes. */
  readonly minutes: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Its time is over; who is told drops it. */
  readonly onTimeUp: () => void;
}

/** What is in memory while the vault is unlocked. */
export interface Held {
  readonly key: Buffer;
  readonly until: Moment;
  /** What is told of the credentials, by id. */
  readonly infos: ReadonlyMap<string, CredentialInfo>;
}

/** The vault's key, in memory for its time only. Secrets are there for as long as somebody uses them. */
export class HeldKey {
  readonly #options: HeldKeyOptions;
  #held: Held | null = null;
  /** Of the monotonic clock, in ms: a clock that is set back must not keep it open. */
  #untilUptime = 0;
  #timer: NodeJS.Timeout | undefined;
  #drops = 0;

  constructor(options: HeldKeyOptions) {
    this.#options = options;
  }

  /** Grows with each drop, also of what was not held: who opens it has to see that nobody locked it meanwhile. */
  get drops(): number {
    return this.#drops;
  }

  /** Null where it is not held. Timers stand still while a machine sleeps: the time is looked at whenever it is wanted. */
  get current(): Held | null {
    const held = this.#held;
    if (held === null) return null;
    if (this.#options.now() < held.until && performance.now() < this.#untilUptime) return held;
    this.#options.onTimeUp();
    return null;
  }

  /** Holds it for the whole time. */
  hold(key: Buffer, infos: Held['infos']): void {
    const ms = this.#options.minutes() * 60_000;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#options.onTimeUp, ms);
    this.#timer.unref();
    this.#untilUptime = performance.now() + ms;
    const old = this.#held;
    this.#held = { key, until: this.#options.now() + ms, infos };
    if (old !== null && old.key !== key) old.key.fill(0);
  }

  /** What is told is another now, where it is still this key that is held: whoever locked it meanwhile meant it. */
  tell(key: Buffer, infos: () => Held['infos']): void {
    if (this.#held?.key === key) this.#held = { ...this.#held, infos: infos() };
  }

  /** Forgets it at once; whether it was held. */
  drop(): boolean {
    this.#drops += 1;
    const held = this.#held;
    if (held === null) return false;
    clearTimeout(this.#timer);
    held.key.fill(0);
    this.#held = null;
    return true;
  }
}
