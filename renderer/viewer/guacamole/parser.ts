import { isAscii } from './ascii.ts';

/** What one end says to the other is not Guacamole's language; the stream is of no more use. */
export class BrokenStream extends Error {}

export interface ParserLimits {
  /** Longest instruction in bytes; a longer one is refused as soon as a length announces it. */
  readonly instructionBytes: number;
  /** Elements of one instruction. */
  readonly elements: number;
}

/** The same as the outpost's for what it passes on. */
export const PARSER_LIMITS: ParserLimits = { instructionBytes: 16 * 1024 * 1024, elements: 256 };

export type OnInstruction = (opcode: string, args: string[]) => void;

const DOT = 0x2e;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const ZERO = 0x30;
const NINE = 0x39;

/** Lengths of more digits than this announce more than any bound allows. */
const MAX_DIGITS = 8;
/** From here on it pays to ask whether a value is all ASCII before its code points are counted one by one. */
const WORTH_ASKING = 128;
const NOTHING = new Uint8Array(0);

// What is read next.
const LENGTH = 0;
const VALUE = 1;
const TERMINATOR = 2;

/**
 * Reads instructions from bytes that come in any pieces, cut anywhere.
 *
 * Lengths count code points, so the stream is read as bytes and lead bytes are counted: text as JavaScript has it
 * counts an emoji twice. What is all ASCII, nearly everything, is jumped over and cut out of one string, which costs
 * nothing for each character.
 *
 * `push` throws `BrokenStream` after it has told all that was complete before; a parser that threw is of no more use.
 */
export class InstructionParser {
  readonly #onInstruction: OnInstruction;
  readonly #limits: ParserLimits;
  // A byte order mark at the beginning of a value is a character like any other.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #elements: string[] = [];
  /** The beginning of a value whose end has not come yet. */
  #parts: Uint8Array[] = [];
  /** Bytes of this instruction that came in earlier pieces. */
  #before = 0;
  #state: number = LENGTH;
  /** In `LENGTH`: the number read so far. In `VALUE`: code points that are still to come. */
  #count = 0;
  #digits = 0;

  constructor(onInstruction: OnInstruction, limits: Partial<ParserLimits> = {}) {
    this.#onInstruction = onInstruction;
    this.#limits = { ...PARSER_LIMITS, ...limits };
  }

  push(chunk: Uint8Array): void {
    const end = chunk.length;
    const ascii = isAscii(chunk);
    const text = ascii ? this.#decoder.decode(chunk) : '';
    let position = 0;
    /** Where the instruction that is read begins in this piece. */
    let border = 0;
    while (position < end) {
      if (this.#state === LENGTH) {
        const byte = chunk[position++] as number;
        if (byte >= ZERO && byte <= NINE) {
          this.#count = this.#count * 10 + byte - ZERO;
          if (++this.#digits > MAX_DIGITS) throw tooLong();
          continue;
        }
        if (byte !== DOT || this.#digits === 0) throw malformed();
        if (this.#before + position - border + this.#count > this.#limits.instructionBytes) throw tooLong();
        this.#digits = 0;
        this.#state = VALUE;
      }
      if (this.#state === VALUE) {
        const from = position;
        position = this.#afterValue(chunk, position, ascii);
        if (position === end) {
          // The byte behind tells whether a last character is whole.
          if (position > from) this.#parts.push(chunk.subarray(from, position));
          break;
        }
        const cut = ascii && this.#parts.length === 0;
        this.#elements.push(cut ? text.slice(from, position) : this.#decoded(chunk.subarray(from, position)));
        if (this.#elements.length > this.#limits.elements) throw malformed();
        this.#state = TERMINATOR;
      }
      const terminator = chunk[position++] as number;
      this.#state = LENGTH;
      this.#count = 0;
      if (terminator === COMMA) continue;
      if (terminator !== SEMICOLON) throw malformed();
      this.#before = 0;
      border = position;
      this.#tell();
    }
    this.#before += end - border;
    if (this.#before > this.#limits.instructionBytes) throw tooLong();
  }

  /** Where the value ends, or the piece where the value goes on in the next one. */
  #afterValue(chunk: Uint8Array, start: number, ascii: boolean): number {
    const end = chunk.length;
    let position = start;
    const whole =
      ascii ||
      (this.#count >= WORTH_ASKING &&
        isAscii(chunk.subarray(position, Math.min(end, position + this.#count))));
    if (whole) {
      const jump = Math.min(this.#count, end - position);
      position += jump;
      this.#count -= jump;
    }
    if (ascii) return position;
    while (position < end && (this.#count > 0 || isContinuation(chunk[position] as number))) {
      if (!isContinuation(chunk[position++] as number)) this.#count -= 1;
    }
    return position;
  }

  #decoded(last: Uint8Array): string {
    if (this.#parts.length === 0) return this.#decoder.decode(last);
    this.#parts.push(last);
    const whole = joined(this.#parts);
    this.#parts = [];
    return this.#decoder.decode(whole);
  }

  #tell(): void {
    const [opcode = '', ...args] = this.#elements;
    this.#elements = [];
    this.#onInstruction(opcode, args);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] ?? NOTHING;
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function malformed(): BrokenStream {
  return new BrokenStream('The stream is not Guacamole’s language.');
}

function tooLong(): BrokenStream {
  return new BrokenStream('An instruction is longer than is allowed.');
}
