import type { Output } from './io.ts';
import { cutPainted } from './view/style.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_LINE_END = '\u001b[K';

/** A block of lines on a terminal that is drawn over again in place. */
export class Redraw {
  readonly #output: Output;
  #drawn = 0;

  constructor(output: Output) {
    this.#output = output;
    output.write(HIDE_CURSOR);
  }

  /** Draws as many lines as fit, and as much of each: one that went on in the next row would spoil the count. */
  draw(lines: readonly string[]): void {
    const room = Math.max(1, (this.#output.rows ?? 24) - 1);
    const columns = this.#output.columns ?? 80;
    const shown = lines.slice(0, room).map((line) => cutPainted(line, columns));
    // Line by line over the old ones, in one write: nothing flickers.
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    this.#output.write(`${up}\r${shown.map((line) => `${line}${CLEAR_LINE_END}\n`).join('')}${CLEAR_BELOW}`);
    this.#drawn = shown.length;
  }

  end(): void {
    this.#output.write(SHOW_CURSOR);
  }
}
