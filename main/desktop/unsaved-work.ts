/** Whether the console's page holds something that is not saved, and what its person wants done with it. */
export class UnsavedWork {
  readonly #ask: () => void;
  #isThere = false;
  #pending: { readonly answer: Promise<boolean>; readonly settle: (leave: boolean) => void } | null = null;

  /** `ask` shows the page, and has it ask its person. */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  /** The page says how it is. */
  tell(isThere: boolean): void {
    this.#isThere = isThere;
  }

  /** The page says what its person wants; an answer that nobody waits for changes nothing. */
  answer(leave: boolean): void {
    this.#pending?.settle(leave);
    this.#pending = null;
  }

  /** The page is gone, or answers nobody: there is nothing left to be asked about. */
  forget(): void {
    this.#isThere = false;
    this.answer(true);
  }

  /** Resolves with whether the page may go: at once where all is saved. Asked twice, the page asks once more. */
  mayGo(): Promise<boolean> {
    if (!this.#isThere) return Promise.resolve(true);
    this.#pending ??= pending();
    const { answer } = this.#pending;
    this.#ask();
    return answer;
  }
}

function pending() {
  let settle: (leave: boolean) => void = () => {};
  const answer = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  return { answer, settle };
}
