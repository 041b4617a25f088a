import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // The only thing a sleep rejects with is the abort, which the caller sees on its signal.
  }
}

/** Waits that somebody else may cut short. One may wait at a time. */
export class Snooze {
  #waiting: AbortController | undefined;

  /** Resolves after `ms` milliseconds, when `signal` aborts, or at `wake`. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const wake = () => waiting.abort();
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    await pause(ms, waiting.signal);
    signal.removeEventListener('abort', wake);
    this.#waiting = undefined;
  }

  wake(): void {
    this.#waiting?.abort();
  }
}
