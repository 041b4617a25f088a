import { constants } from 'node:os';
import { SallyportError } from '../../main/core/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish to end, as a signal of the system brings it. */
export interface Stop {
  readonly signal: AbortSignal;
  /** 128 and the signal's number, as shells have it; 0 where none has come. */
  readonly code: () => number;
}

/**
 * The first signal aborts; the second ends the process at once, and what it started is ended by the system or
 * cleared by the next run.
 */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let code = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
      code = 128 + constants.signals[name];
      controller.abort();
    });
  }
  return { signal: controller.signal, code: () => code };
}

/** Resolves as `promise` does; rejects with `aborted` as soon as `signal` is, and leaves `promise` to itself. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const fail = () => reject(new SallyportError('aborted', 'It was ended before it was done.'));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
    leave = () => signal.removeEventListener('abort', fail);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    leave();
  }
}
