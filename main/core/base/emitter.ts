/** Ends what it was returned for; calling it again does nothing. */
export type Unsubscribe = () => void;

/**
 * A list of listeners for one kind of event.
 *
 * Listeners run in the order they came, synchronously; one who leaves meanwhile hears no more. A listener that throws does not keep the others from hearing: its error goes to `onError`.
 */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = reportLater) {
    this.#onError = onError;
  }

  readonly on = (listener: (value: T) => void): Unsubscribe => {
    // Wrapped, so that the same function may listen twice and leave once.
    const entry = (value: T) => listener(value);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      // Another listener may just have unsubscribed it: whoever has left hears no more.
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

function reportLater(error: unknown): void {
  // Out of the emitter's way, but never swallowed: the process' own handler logs it.
  setImmediate(() => {
    throw error;
  });
}
