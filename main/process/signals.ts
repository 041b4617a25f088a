import { constants } from 'node:os';

const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** The wish that this process ends, from a signal or from whoever drives it. */
export class EndRequest {
  #asked = false;
  readonly #begun: Promise<string>;
  #begin: (by: string) => void = () => {};

  constructor() {
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /** Asking again changes nothing. */
  ask(by: string): void {
    this.#asked = true;
    this.#begin(by);
  }

  /**
   * Resolves with who asked first. A signal that comes after that ends the process at once, after `last` has done
   * what cannot be left undone.
   */
  untilAsked(last: () => void): Promise<string> {
    const hear = (signal: NodeJS.Signals) => {
      if (this.#asked) {
        last();
        process.exit(128 + (constants.signals[signal] ?? 0));
      }
      this.ask(signal);
    };
    for (const signal of ENDING) process.on(signal, hear);
    return this.#begun;
  }
}

/** Calls `listener` once for an error that nobody caught; what comes after the first changes nothing any more. */
export function onFatalError(listener: (error: unknown) => void): void {
  let told = false;
  process.on('uncaughtException', (error) => {
    if (told) return;
    told = true;
    listener(error);
  });
}
