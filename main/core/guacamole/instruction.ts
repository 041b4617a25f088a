import { SallyportError } from '../errors.ts';

/** An instruction in parts: the opcode and its arguments, as text. */
export type Instruction = readonly [opcode: string, ...args: string[]];

/** No instruction of guacd has more elements; its own parser takes 128, `args` of newer plugins comes close to that. */
export const MAX_ELEMENTS = 256;

/** The number of Unicode code points in `text`, which is what Guacamole's lengths count. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count -= 1;
      index += 1;
    }
  }
  return count;
}

/** An instruction as text, `4.name,3.arg;`. A lone surrogate becomes U+FFFD, as it does in UTF-8. */
export function encode(...elements: Instruction): string {
  return `${elements.map((element) => `${codePoints(element)}.${element}`).join(',')};`;
}

/**
 * The parts of one complete instruction, terminator included.
 *
 * Throws `instruction-malformed` for anything else: this is for instructions that a framer has cut out.
 */
export function decode(bytes: Buffer): Instruction {
  const text = bytes.toString('utf8');
  const elements: string[] = [];
  let position = 0;
  while (position < text.length) {
    const dot = text.indexOf('.', position);
    const digits = dot < 0 ? '' : text.slice(position, dot);
    if (!/^\d{1,8}$/.test(digits)) throw malformed('a length is missing');
    const start = dot + 1;
    const end = skipCodePoints(text, start, Number(digits));
    if (end === undefined) throw malformed('a value is shorter than its length says');
    elements.push(text.slice(start, end));
    if (elements.length > MAX_ELEMENTS) throw malformed(`it has more than ${MAX_ELEMENTS} elements`);
    const terminator = text[end];
    position = end + 1;
    if (terminator === ';') break;
    if (terminator !== ',') throw malformed('a value is not followed by a comma or a semicolon');
    if (position >= text.length) throw malformed('it breaks off after a comma');
  }
  const [opcode, ...args] = elements;
  if (opcode === undefined || position !== text.length) throw malformed('it is not one whole instruction');
  return [opcode, ...args];
}

/** The index in `text` after `count` code points from `start`; undefined where the text ends before. */
function skipCodePoints(text: string, start: number, count: number): number | undefined {
  let index = start;
  for (let left = count; left > 0; left -= 1) {
    const point = text.codePointAt(index);
    if (point === undefined) return undefined;
    index += point > 0xffff ? 2 : 1;
  }
  return index;
}

function malformed(why: string): SallyportError {
  return new SallyportError('instruction-malformed', `A Guacamole instruction could not be read: ${why}.`);
}
