type Ending = () => void | Promise<void>;

/**
 * What has been started and must be ended, ended in reverse order.
 *
 * `end()` runs every ending once, also when one of them fails, and rejects with the first failure.
 * Adding to a lifetime that is over ends the newcomer at once.
 */
export class Lifetime {
  readonly #endings: Ending[] = [];
  #ended: Promise<void> | undefined;

  get over(): boolean {
    return this.#ended !== undefined;
  }

  add(ending: Ending): void {
    this.#endings.push(ending);
    if (!this.#ended) return;
    // Whether the others ended well or not. Who calls `end` after this hears of the newcomer's failure.
    this.#ended = this.#ended.finally(() => this.#run());
    this.#ended.catch(() => {});
  }

  end(): Promise<void> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  async #run(): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (let ending = this.#endings.pop(); ending; ending = this.#endings.pop()) {
      try {
        await ending();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }
}
