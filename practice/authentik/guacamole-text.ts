import { codePoints } from '../../main/core/guacamole/instruction.ts';

/** What a length counts: code points as guacd does, or UTF-16 units as browsers do. */
export type LengthUnit = 'code-points' | 'utf16';

export interface TextParserOptions {
  readonly lengths: LengthUnit;
  /** Longest instruction, in what the lengths count. */
  readonly maxInstruction: number;
  readonly maxElements: number;
}

/** A text that is not Guacamole's language, or more of it than is allowed. */
export class GuacamoleTextError extends Error {
  override readonly name = 'GuacamoleTextError';
}

/** An instruction as text with lengths in `unit`. */
export function writeInstruction(elements: readonly string[], unit: LengthUnit): string {
  const length = unit === 'utf16' ? (text: string) => text.length : codePoints;
  return `${elements.map((element) => `${length(element)}.${element}`).join(',')};`;
}

/**
 * Reads instructions from text that comes in any pieces. Plain and slow on purpose: it shares nothing with the
 * outpost's framer, so that neither hides the other's mistakes.
 */
export class TextParser {
  readonly #options: TextParserOptions;
  #rest = '';

  constructor(options: TextParserOptions) {
    this.#options = options;
  }

  /** Characters that wait for the rest of their instruction. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The instructions that `text` completes. Throws `GuacamoleTextError`. */
  feed(text: string): string[][] {
    const buffer = this.#rest + text;
    const instructions: string[][] = [];
    let elements: string[] = [];
    let start = 0;
    let position = 0;
    while (position < buffer.length) {
      const element = this.#element(buffer, position);
      if (!element) break;
      elements.push(buffer.slice(element.from, element.to));
      this.#check(elements.length, element.to - start);
      position = element.to + 1;
      if (buffer[element.to] === ';') {
        instructions.push(elements);
        elements = [];
        start = position;
      }
    }
    this.#rest = buffer.slice(start);
    this.#check(elements.length, this.#rest.length);
    return instructions;
  }

  /** Where the element at `position` begins and ends; undefined where it is not complete. */
  #element(buffer: string, position: number): { from: number; to: number } | undefined {
    const dot = buffer.indexOf('.', position);
    const digits = buffer.slice(position, dot < 0 ? position + 9 : dot);
    if (!/^\d{1,8}$/.test(digits))
      throw new GuacamoleTextError('A length is missing or longer than 8 digits.');
    if (dot < 0) return undefined;
    this.#check(1, Number(digits));
    const from = dot + 1;
    const to = this.#end(buffer, from, Number(digits));
    if (to === undefined || to >= buffer.length) return undefined;
    if (buffer[to] !== ',' && buffer[to] !== ';') {
      throw new GuacamoleTextError('A value is not followed by a comma or a semicolon.');
    }
    return { from, to };
  }

  #end(buffer: string, from: number, length: number): number | undefined {
    if (this.#options.lengths === 'utf16') return from + length;
    // Code points are never more than UTF-16 units; saves counting a long value again with every frame of it.
    if (buffer.length - from < length) return undefined;
    let position = from;
    for (let left = length; left > 0; left -= 1) {
      const point = buffer.codePointAt(position);
      if (point === undefined) return undefined;
      position += point > 0xffff ? 2 : 1;
    }
    return position;
  }

  #check(elements: number, length: number): void {
    const { maxElements, maxInstruction } = this.#options;
    if (elements > maxElements) throw new GuacamoleTextError(`It has more than ${maxElements} elements.`);
    if (length > maxInstruction) throw new GuacamoleTextError(`It is longer than ${maxInstruction}.`);
  }
}
