import { performance } from 'node:perf_hooks';

/** How long something long works before everything else of the process has its turn, in milliseconds. */
const TURN_MS = 5;

/** Lets everything else have its turn, now and then: nothing long must delay a session. */
export class Breath {
  #since = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
