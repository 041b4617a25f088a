import type { Unsubscribe } from '../../main/core/base/emitter.ts';

export interface UntilOptions {
  /** How long to wait at most, in milliseconds; 60 s unless told. */
  readonly timeoutMs?: number;
  /** What is waited for, for the error's sentence. */
  readonly what?: string;
}

const LOOK_AGAIN_MS = 50;

/**
 * Resolves with the first value of `look` that is neither undefined nor false; looks now, whenever `onChange`
 * says so, and now and then for what only time changes. Rejects when the time is over.
 */
export function until<T>(
  look: () => T | undefined | false,
  onChange: (listener: () => void) => Unsubscribe,
  { timeoutMs = 60_000, what = 'what was waited for' }: UntilOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      clearTimeout(timer);
      clearInterval(again);
      unsubscribe();
      end();
    };
    const check = () => {
      try {
        const found = look();
        if (found !== undefined && found !== false) finish(() => resolve(found));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const timer = setTimeout(() => {
      finish(() => reject(new Error(`Within ${timeoutMs} ms this did not happen: ${what}.`)));
    }, timeoutMs);
    const again = setInterval(() => check(), LOOK_AGAIN_MS);
    const unsubscribe = onChange(check);
    check();
  });
}
