import { describeUntil } from '../describe-units.ts';
import { SallyportError } from '../errors.ts';
import type { Admission } from './admission.ts';
import type { Input } from './input.ts';
import { type Ending, ending } from './words.ts';

/** A timer of Node takes no more; whoever may stay for 24 days is asked again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long an admission lets a session last, and how long nobody may touch it. */
export class Bounds {
  readonly #input: Input;
  readonly #onReached: (how: Ending) => void;
  #longest: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(input: Input, onReached: (how: Ending) => void) {
    this.#input = input;
    this.#onReached = onReached;
  }

  /** From the first picture on. */
  begin({ longestMs, idleMs, rule }: Admission): void {
    if (longestMs !== null)
      this.#longest = setTimeout(
        () =>
          this.#onReached(
            reached(rule, `lets it last no longer than ${describeUntil(longestMs)}`, 'Open it again.'),
          ),
        Math.min(longestMs, LONGEST_TIMER_MS),
      );
    if (idleMs !== null) this.#watchIdle(idleMs, rule);
  }

  end(): void {
    clearTimeout(this.#longest);
    clearTimeout(this.#idle);
  }

  #watchIdle(idleMs: number, rule: string | null): void {
    const left = idleMs - this.#input.idleMs;
    if (left <= 0) {
      const why = `ends it when nobody has touched it for ${describeUntil(idleMs)}`;
      return this.#onReached(reached(rule, why, 'Open it again to go on.'));
    }
    this.#idle = setTimeout(() => this.#watchIdle(idleMs, rule), Math.min(left + 1, LONGEST_TIMER_MS));
  }
}

function reached(rule: string | null, why: string, advice: string): Ending {
  const who = rule === null ? 'a guardrail of this jump host' : `a guardrail of this jump host (${rule})`;
  const failure = new SallyportError('guardrail', `This session was ended: ${who} ${why}.`, { advice });
  return ending('guardrail', failure.toFailure());
}
