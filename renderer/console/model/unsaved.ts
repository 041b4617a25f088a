import { computed, signal } from '@preact/signals';

/** Something on the page that is being changed. */
export interface Draft {
  /** What it is called where it is asked about. */
  readonly name: string;
  /** Keeps it, and resolves with whether that worked; null where it cannot be kept as it stands. */
  readonly save: (() => Promise<boolean>) | null;
}

/** Says how a draft stands when it is asked about. */
export type Held = () => Draft;

/** What is asked before something unsaved is left. */
export interface Question {
  readonly drafts: readonly Draft[];
  /** Saves all, then goes; stays where one of them is refused, for that is said on the page. */
  readonly save: () => Promise<void>;
  /** Goes; what was not saved is lost. */
  readonly leave: () => void;
  readonly stay: () => void;
}

/** What is not saved on the page that is shown. Whoever would take it away asks here first. */
export class Unsaved {
  readonly question = signal<Question | null>(null);
  /** The newest last. */
  readonly #held = signal<readonly Held[]>([]);
  readonly isThere = computed(() => this.#held.value.length > 0);

  /** Counts until the returned function is called. */
  hold(draft: Held): () => void {
    this.#held.value = [...this.#held.peek(), draft];
    return () => {
      this.#held.value = this.#held.peek().filter((one) => one !== draft);
    };
  }

  /** Calls `leave` at once where all is saved, else when the person says so; else `stay`. The newest question counts. */
  ask(leave: () => void, stay: () => void = () => {}): void {
    this.#ask(() => this.#held.peek(), leave, stay);
  }

  /** The same about one draft alone: what lies around it stays. */
  askAbout(draft: Held, leave: () => void): void {
    this.#ask(
      () => this.#held.peek().filter((one) => one === draft),
      leave,
      () => {},
    );
  }

  #ask(held: () => readonly Held[], leave: () => void, stay: () => void): void {
    this.question.peek()?.stay();
    if (held().length === 0) return leave();
    const answer = (act: () => void) => () => {
      this.question.value = null;
      act();
    };
    this.question.value = {
      drafts: held().map((draft) => draft()),
      save: async () => ((await saveAll(held)) ? answer(leave) : answer(stay))(),
      leave: answer(leave),
      stay: answer(stay),
    };
  }
}

/**
 * The newest first, for it lies over the others and is kept in them: a rule in the guardrails, a credential in a machine.
 * What becomes unsaved by that is saved as well.
 */
async function saveAll(held: () => readonly Held[]): Promise<boolean> {
  const done = new Set<Held>();
  for (;;) {
    const next = [...held()].reverse().find((draft) => !done.has(draft));
    if (next === undefined) return true;
    done.add(next);
    const { save } = next();
    if (save === null || !(await save())) return false;
    await drawn();
  }
}

/** Resolves when the page stands as it is kept now. */
function drawn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
