/**
 * A time limit joined with somebody else's wish to stop. `signal` aborts on whichever comes first; `expired`
 * tells which it was. Whoever makes one calls `clear()` when the work is done: after that it never aborts.
 */
export class Deadline {
  readonly signal: AbortSignal;
  #expired = false;
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => this.#controller.abort();

  /** @param ms the limit in milliseconds */
  constructor(ms: number, parent?: AbortSignal) {
    this.signal = this.#controller.signal;
    this.#parent = parent;
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.#abort();
    }, ms);
    if (parent?.aborted) this.#abort();
    else parent?.addEventListener('abort', this.#abort, { once: true });
  }

  /** The time ran out (as opposed to: somebody aborted). */
  get expired(): boolean {
    return this.#expired;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#abort);
  }
}
