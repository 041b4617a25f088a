/** Where an entry's line begins. */
export interface Place {
  /** Number of the first entry in its file, by which the file is named. */
  readonly file: number;
  /** In bytes. */
  readonly offset: number;
}

/** As many readers can be on their way at once without reading anything twice. */
const MOST = 32;

/** Where readers have been: who goes on from there need not read what stands before. */
export class Places {
  readonly #known = new Map<number, Place>();

  /** Where entry `n` begins, or will begin; whoever goes there looks whether it does. */
  of(n: number): Place | undefined {
    return this.#known.get(n);
  }

  note(n: number, place: Place): void {
    // The latest is the last to be forgotten.
    this.#known.delete(n);
    this.#known.set(n, place);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) return;
      this.#known.delete(oldest);
    }
  }
}
