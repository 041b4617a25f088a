import { Framer, type FramerOptions } from '../../../main/core/guacamole/framer.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';

/** A random number generator that gives the same numbers every time: xorshift, after Marsaglia. */
export function dice(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** One complete instruction or an error's code, as the naive parser sees it. */
export type Seen = { readonly instructions: readonly string[]; readonly rest: string } | 'malformed';

/** Reads a whole text the slow and obvious way: into code points, then one after the other. */
export function parseNaively(text: string): Seen {
  const points = [...text];
  const instructions: string[] = [];
  let start = 0;
  let at = 0;
  while (at < points.length) {
    let digits = '';
    while (at < points.length && /[0-9]/.test(points[at] ?? '')) digits += points[at++];
    if (at === points.length) break;
    if (digits === '' || points[at] !== '.') return 'malformed';
    at += 1 + Number(digits);
    const terminator = points[at++];
    if (terminator === undefined) break;
    if (terminator !== ',' && terminator !== ';') return 'malformed';
    if (terminator === ',') continue;
    instructions.push(points.slice(start, at).join(''));
    start = at;
  }
  return { instructions, rest: points.slice(start).join('') };
}

/** Text of all sorts: short, longer than the framer's shortcut for ASCII, of one to four bytes a code point. */
export function randomStream(random: (below: number) => number, instructions: number): string {
  const alphabets = ['abcXYZ019+/=', 'aäß€', '😀🎉a', ';,.0123456789', '\u0301e\u200d👩👧'];
  const value = (): string => {
    const alphabet = [...(alphabets[random(alphabets.length)] ?? '')];
    const length = [0, 1, 3, 10, 127, 128, 300][random(7)] ?? 0;
    let text = '';
    for (let index = 0; index < length; index += 1) text += alphabet[random(alphabet.length)];
    return text;
  };
  const opcodes = ['', 'img', 'blob', 'error', 'errors', 'sync', '😀'];
  let stream = '';
  for (let index = 0; index < instructions; index += 1) {
    const args = Array.from({ length: random(4) }, value);
    stream += encode(opcodes[random(opcodes.length)] ?? '', ...args);
  }
  return stream;
}

/** Cuts `bytes` into `pieces` at random. Some pieces are empty. */
export function cut(bytes: Buffer, pieces: number, random: (below: number) => number): Buffer[] {
  const cuts = Array.from({ length: pieces - 1 }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

export interface Framed {
  readonly messages: readonly Buffer[];
  readonly bytes: Buffer;
  readonly framer: Framer;
}

/** What a framer forwards of `pieces`, message by message. */
export function frame(pieces: Iterable<Buffer>, options: Partial<FramerOptions> = {}): Framed {
  const messages: Buffer[] = [];
  const framer = new Framer({
    maxInstructionBytes: 1_000_000,
    forward: (complete) => messages.push(complete),
    ...options,
  });
  for (const piece of pieces) framer.push(piece);
  return { messages, bytes: Buffer.concat(messages), framer };
}

export function* byteByByte(bytes: Buffer): Generator<Buffer> {
  for (let index = 0; index < bytes.length; index += 1) yield bytes.subarray(index, index + 1);
}
