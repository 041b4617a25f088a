/** How long a passphrase counts for the session that it was typed for, in milliseconds. */
const FRESH_MS = 60_000;

/**
 * Passphrases typed for one session. Each counts for one session, within a minute, and only for whoever typed it: an
 * asker is a connection to the control socket, so that nobody opens a session with another's.
 */
export class FreshUnlocks {
  readonly #at = new WeakMap<object, number>();
  readonly #now: () => number;

  /** Milliseconds of a clock that nobody sets; a test brings its own. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The passphrase was right. */
  typed(asker: object): void {
    this.#at.set(asker, this.#now());
  }

  isFresh(asker: object): boolean {
    const at = this.#at.get(asker);
    return at !== undefined && this.#now() - at < FRESH_MS;
  }

  /** It has opened its session. */
  spend(asker: object): void {
    this.#at.delete(asker);
  }
}
