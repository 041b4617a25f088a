import { computed, signal } from '@preact/signals';

/** Something on the page that is being changed. */
export interface Draft {
  /** What it is called where it is asked about. */
  readonly name: string;
  /** Keeps it, and resolves with whether that worked; null where it cannot be kept as it stands. */
  readonly save: (() => Promise<boolean>) | null;
}

/** What is asked before something unsaved is left. */
export interface Question {
  readonly drafts: readonly Draft[];
  /** Goes; what was not saved is lost. */
  readonly leave: () => void;
  readonly stay: () => void;
}

/** What is not saved on the page that is shown. Whoever would take the page away asks here first. */
export class Unsaved {
  readonly question = signal<Question | null>(null);
  readonly #drafts = signal<ReadonlySet<() => Draft>>(new Set());
  readonly isThere = computed(() => this.#drafts.value.size > 0);

  /** Counts until the returned function is called; `draft` says how it stands when it is asked about. */
  hold(draft: () => Draft): () => void {
    this.#drafts.value = new Set([...this.#drafts.peek(), draft]);
    return () => {
      this.#drafts.value = new Set([...this.#drafts.peek()].filter((one) => one !== draft));
    };
  }

  /** Calls `leave` at once where all is saved, else when the person says so; else `stay`. The newest question counts. */
  ask(leave: () => void, stay: () => void = () => {}): void {
    this.question.peek()?.stay();
    if (!this.isThere.peek()) return leave();
    const answer = (act: () => void) => () => {
      this.question.value = null;
      act();
    };
    this.question.value = {
      drafts: [...this.#drafts.peek()].map((draft) => draft()),
      leave: answer(leave),
      stay: answer(stay),
    };
  }
}
