/**
 * Hands out turns to work that comes in pieces, one piece for each turn of the event loop, whoever asks: sixteen
 * transfers at full speed hold up a key that is pressed elsewhere for one piece, not for sixteen.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #planned = false;

  /** Resolves when it is this one's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#plan();
    });
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#waiting.shift()?.();
      if (this.#waiting.length > 0) this.#plan();
    });
  }
}
