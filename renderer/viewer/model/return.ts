import { signal } from '@preact/signals';

/** Before each try to come back to a session that was lost, in seconds. The outpost holds it for about a minute. */
const PAUSES: readonly number[] = [1, 3, 6, 10];

/** Comes back by itself to a session whose stream broke, a few times. */
export class Return {
  /** Seconds until the next try; null where nobody tries. */
  readonly left = signal<number | null>(null);
  readonly #again: () => void;
  #tries = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(again: () => void) {
    this.#again = again;
  }

  /** The stream has broken. */
  begin(): void {
    const pause = PAUSES[this.#tries];
    this.stop();
    if (pause === undefined) return;
    this.#tries += 1;
    this.left.value = pause;
    this.#timer = setInterval(() => this.#count(), 1000);
  }

  /** A picture is there again. */
  arrived(): void {
    this.#tries = 0;
    this.stop();
  }

  /** The person decides, or a try has begun. */
  stop(): void {
    clearInterval(this.#timer);
    this.left.value = null;
  }

  #count(): void {
    const { value } = this.left;
    if (value === null) return;
    this.left.value = value - 1;
    if (value > 1) return;
    this.stop();
    this.#again();
  }
}
