import { type Output, styleOf, writeLines } from '../../main/cli/io.ts';
import { marked } from '../../main/cli/view/failure.ts';
import type { Style } from '../../main/cli/view/style.ts';
import { outcomeSign } from '../../main/cli/view/symbols.ts';

/** Tells how a check goes, a line for each step. */
export class Report {
  readonly style: Style;
  readonly #output: Output;

  constructor(output: Output, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.style = styleOf({ env }, output);
  }

  step(kind: 'passed' | 'failed' | 'skipped', sentence: string): Promise<void> {
    return this.lines(marked(this.style, outcomeSign(this.style, kind), sentence, null));
  }

  lines(lines: readonly string[]): Promise<void> {
    return writeLines(this.#output, lines);
  }
}
