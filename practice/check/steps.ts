import type { Style } from '../../main/cli/view/style.ts';
import { type Column, table } from '../../main/cli/view/table.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';

/** What came of one step of a check. */
export interface StepResult {
  readonly what: string;
  /** What was seen, in a few words. */
  readonly seen: string;
  readonly ms: number;
  /** Why it is not good, as a sentence; null where it is. */
  readonly failure: string | null;
}

/** A check's steps as they are taken, one after the other. */
export class Steps {
  readonly results: StepResult[] = [];
  readonly #onResult: (result: StepResult) => Promise<void>;

  constructor(onResult: (result: StepResult) => Promise<void>) {
    this.#onResult = onResult;
  }

  /** Resolves with whether it went well; `act` resolves with what was seen, or rejects with what was wrong. */
  async take(what: string, act: () => Promise<string>): Promise<boolean> {
    const began = performance.now();
    const result = await act().then(
      (seen): StepResult => ({ what, seen, ms: performance.now() - began, failure: null }),
      (error: unknown): StepResult => {
        const failure = error instanceof SallyportError ? failureText(error.toFailure()) : messageOf(error);
        return { what, seen: '-', ms: performance.now() - began, failure };
      },
    );
    this.results.push(result);
    await this.#onResult(result);
    return result.failure === null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The results as a table, and below it each failure in its own words. */
export function stepLines(style: Style, results: readonly StepResult[]): string[] {
  const columns: readonly Column<StepResult>[] = [
    { title: 'STEP', text: ({ what }) => what },
    { title: 'TIME', text: ({ ms }) => `${Math.round(ms)} ms`, align: 'right' },
    { title: 'RESULT', text: ({ failure }) => (failure === null ? 'good' : 'failed') },
    { title: 'SEEN', text: ({ seen }) => seen },
  ];
  const failures = results.flatMap(({ what, failure }) => (failure === null ? [] : [`${what}: ${failure}`]));
  return [...table(style, columns, results), ...(failures.length > 0 ? ['', ...failures] : [])];
}

export function allGood(results: readonly StepResult[]): boolean {
  return results.length > 0 && results.every(({ failure }) => failure === null);
}
