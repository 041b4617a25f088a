/** Keeps the newest of what was pushed, up to a size, and counts all of it. */
export class Retained<T> {
  readonly #maxSize: number;
  readonly #items: { readonly item: T; readonly size: number }[] = [];
  #size = 0;
  #first = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** How many were ever pushed. */
  get count(): number {
    return this.#first + this.#items.length;
  }

  push(item: T, size: number): void {
    this.#items.push({ item, size });
    this.#size += size;
    if (this.#size <= this.#maxSize) return;
    // In one go, because taking the first of many away again and again is slow.
    let surplus = 0;
    while (surplus < this.#items.length - 1 && this.#size > this.#maxSize / 2) {
      this.#size -= this.#items[surplus]?.size ?? 0;
      surplus += 1;
    }
    this.#items.splice(0, surplus);
    this.#first += surplus;
  }

  /** Those that are still kept and came as number `index` or later, counted from 0. */
  since(index: number): T[] {
    return this.#items.slice(Math.max(0, index - this.#first)).map(({ item }) => item);
  }
}
