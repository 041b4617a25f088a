import { type Colour, columnsOf, paint, plain, type Style, wrap } from './style.ts';
import type { DrawnSign } from './symbols.ts';

/** A failure, or an error that carries one. */
export interface Told {
  readonly message: string;
  readonly advice?: string | undefined;
}

/** A failure as everyone sees it: the sentence, and below it, quieter, what to do. */
export function failureLines(style: Style, sign: DrawnSign, failure: Told): string[] {
  return marked(style, sign, failure.message, failure.advice ?? null);
}

/** A sign, a sentence, and the advice under it; long ones go on under themselves. */
export function marked(
  style: Style,
  sign: DrawnSign,
  sentence: string,
  advice: string | null,
  colour?: Colour,
): string[] {
  const indent = ' '.repeat(columnsOf(sign.plain) + 1);
  const room = style.width === null ? null : Math.max(20, style.width - indent.length);
  const said = wrap(plain(style, sentence), room).map((line) => (colour ? paint(style, colour, line) : line));
  const todo =
    advice === null ? [] : wrap(plain(style, advice), room).map((line) => paint(style, 'dim', line));
  return [...said, ...todo].map((line, index) =>
    index === 0 ? `${sign.shown} ${line}` : `${indent}${line}`,
  );
}
