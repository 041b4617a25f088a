/** Most entries of one page. */
export const PAGE_ENTRIES = 200;

/** The first names after a cursor out of any number of them, in the order of their bytes; the rest takes no memory. */
export class Page {
  readonly #cursor: Buffer;
  readonly #names: Buffer[] = [];
  #more = false;

  constructor(cursor: Buffer) {
    this.#cursor = cursor;
  }

  get names(): readonly string[] {
    return this.#names.map((name) => name.toString('utf8'));
  }

  /** Whether there are names after these. */
  get more(): boolean {
    return this.#more;
  }

  offer(name: Buffer): void {
    if (name.compare(this.#cursor) <= 0) return;
    const at = this.#placeOf(name);
    if (at < PAGE_ENTRIES) this.#names.splice(at, 0, name);
    if (at >= PAGE_ENTRIES || this.#names.length > PAGE_ENTRIES) this.#more = true;
    this.#names.length = Math.min(this.#names.length, PAGE_ENTRIES);
  }

  #placeOf(name: Buffer): number {
    let low = 0;
    let high = this.#names.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#names[middle]?.compare(name) ?? 1) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
