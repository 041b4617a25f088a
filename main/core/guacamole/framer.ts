import { SallyportError } from '../errors.ts';
import { isAscii } from './ascii.ts';

export interface FramerOptions {
  /** Longest instruction in bytes; a longer one is refused as soon as a length announces it. */
  readonly maxInstructionBytes: number;
  /** What is forwarded at once has at most this many bytes, unless one instruction alone is longer. */
  readonly maxMessageBytes?: number;
  /** Takes one or several complete instructions, in order, without a byte changed. */
  readonly forward: (complete: Buffer) => void;
  /** Looks at single instructions on their way. */
  readonly inspect?: Inspection;
}

export interface Inspection {
  /** Whose instructions are looked at; `''` for the tunnel's own. All others pass unseen, at full speed. */
  readonly opcodes: readonly string[];
  /** Takes one complete instruction with one of these opcodes; false keeps it from being forwarded. */
  readonly keep: (instruction: Buffer) => boolean;
}

const DOT = 0x2e;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const ZERO = 0x30;
const NINE = 0x39;

/** Lengths of more digits than this announce more than any bound allows. */
const MAX_DIGITS = 8;
/** From here on it pays to ask whether a value is all ASCII before counting its code points one by one. */
const WORTH_ASKING = 128;

/** Less than this is joined with what waited before it, in bytes: a copy costs less than a message. */
const WORTH_A_MESSAGE = 16_384;

/** Blocks of this size are kept as they are; shorter ones are merged. */
const BLOCK_BYTES = 65_536;

// What is read next. Plain numbers, because the loop below is the hot path of every session.
const LENGTH = 0;
const VALUE = 1;
const TERMINATOR = 2;

/**
 * Finds instruction borders in a stream of bytes that comes in any pieces, and forwards what is complete.
 *
 * Guacamole's lengths count code points, so a value can be jumped over only where it is ASCII; that is asked once
 * for a whole chunk, because nearly all of a session's bytes are base64. Everything else counts UTF-8 lead bytes.
 * Nothing becomes a string.
 *
 * `push` throws `instruction-malformed` or `instruction-too-long` after it has forwarded all that was complete
 * before; a framer that threw is of no more use.
 */
export class Framer {
  readonly #maxInstruction: number;
  readonly #maxMessage: number;
  readonly #forward: (complete: Buffer) => void;
  #keep: ((instruction: Buffer) => boolean) | undefined;
  /** What instructions to inspect begin with, such as `5.error`; the tables tell whether a byte is among the firsts or thirds. */
  #prefixes: readonly Buffer[] = [];
  readonly #firstBytes = new Uint8Array(256);
  readonly #thirdBytes = new Uint8Array(256);

  /** Bytes of the instruction that is not complete yet. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  #state: number = LENGTH;
  /** In `Length`: the number read so far. In `Value`: code points that are still to come. */
  #count = 0;
  #digits = 0;

  constructor({ maxInstructionBytes, maxMessageBytes = 65_536, forward, inspect }: FramerOptions) {
    this.#maxInstruction = maxInstructionBytes;
    this.#maxMessage = maxMessageBytes;
    this.#forward = forward;
    if (inspect) this.inspect(inspect);
  }

  /** Looks at other instructions than before, from the next one on; `keep` may call it as well. */
  inspect({ opcodes, keep }: Inspection): void {
    this.#keep = keep;
    this.#prefixes = opcodes.map((opcode) => Buffer.from(`${opcode.length}.${opcode}`));
    // The tables stay the same objects: `push` holds on to them.
    this.#firstBytes.fill(0);
    this.#thirdBytes.fill(0);
    for (const prefix of this.#prefixes) {
      this.#firstBytes[prefix[0] ?? 0] = 1;
      // An empty opcode ends with its third byte.
      for (const third of prefix.length > 2 ? [prefix[2] ?? 0] : [COMMA, SEMICOLON])
        this.#thirdBytes[third] = 1;
    }
    this.#firstBytes[ZERO] = 1;
  }

  /** Bytes that wait for the rest of their instruction. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The bytes that wait for the rest of their instruction, which are then no longer the framer's. */
  takePending(): Buffer {
    const bytes = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return bytes;
  }

  push(chunk: Buffer): void {
    const ascii = isAscii(chunk);
    const end = chunk.length;
    const firstBytes = this.#firstBytes;
    const thirdBytes = this.#thirdBytes;
    let position = 0;
    /** Where what has not been forwarded begins. */
    let from = 0;
    /** The last border seen. */
    let border = 0;
    let state = this.#state;
    let count = this.#count;
    let digits = this.#digits;

    while (position < end) {
      if (ascii && state === LENGTH && digits === 0) {
        position = afterPlainElements(chunk, position, end);
        if (position === end) break;
      }
      if (state === LENGTH) {
        const byte = chunk[position++] as number;
        if (byte >= ZERO && byte <= NINE) {
          count = count * 10 + (byte - ZERO);
          if (++digits > MAX_DIGITS) throw this.#refused(chunk, from, border, tooLong(this.#maxInstruction));
          continue;
        }
        if (byte !== DOT || digits === 0)
          throw this.#refused(chunk, from, border, malformed('a length was expected'));
        if (this.#sizeSoFar(border, position) + count + 1 > this.#maxInstruction)
          throw this.#refused(chunk, from, border, tooLong(this.#maxInstruction));
        digits = 0;
        state = VALUE;
      }
      if (state === VALUE) {
        const available = end - position;
        if (ascii || (count >= WORTH_ASKING && isAscii(chunk.subarray(position, position + count)))) {
          const jump = Math.min(count, available);
          position += jump;
          count -= jump;
        }
        if (!ascii) {
          // Also after a jump: bytes that are no UTF-8 must read the same wherever the stream was cut.
          while (position < end && (count > 0 || isContinuation(chunk[position] as number))) {
            if (!isContinuation(chunk[position++] as number)) count -= 1;
          }
        }
        if (position === end) break;
        state = TERMINATOR;
      }
      const terminator = chunk[position++] as number;
      count = 0;
      state = LENGTH;
      if (terminator === COMMA) continue;
      if (terminator !== SEMICOLON)
        throw this.#refused(chunk, from, border, malformed('a value is not as long as it says'));
      if (this.#sizeSoFar(border, position) > this.#maxInstruction)
        throw this.#refused(chunk, from, border, tooLong(this.#maxInstruction));

      if (this.#waiting(from) + position - from > this.#maxMessage && border > from) {
        this.#emit(chunk, from, border);
        from = border;
      }
      if (border === 0 && this.#pendingBytes > 0) {
        if (firstBytes[this.#firstPending()] === 1) from = this.#inspect(chunk, from, border, position);
      } else if (firstBytes[chunk[border] as number] === 1) {
        // `05.error` reads as `5.error` to guacd: what begins with a zero is always looked at.
        const third = thirdBytes[chunk[border + 2] as number] === 1;
        if (third || chunk[border] === ZERO) from = this.#inspect(chunk, from, border, position);
      }
      border = position;
      // What was waiting is complete. Sent alone, for joining it with all that follows would copy the whole chunk.
      if (this.#pendingBytes > 0 && end - border >= WORTH_A_MESSAGE) {
        this.#emit(chunk, from, border);
        from = border;
      }
    }

    this.#state = state;
    this.#count = count;
    this.#digits = digits;
    if (border > from) this.#emit(chunk, from, border);
    if (border < end) this.#hold(chunk, border);
  }

  /** Bytes of the instruction being read, of which `position - border` are in this chunk. */
  #sizeSoFar(border: number, position: number): number {
    return position - border + (border === 0 ? this.#pendingBytes : 0);
  }

  /** Bytes that go out before `from`. */
  #waiting(from: number): number {
    return from === 0 ? this.#pendingBytes : 0;
  }

  #emit(chunk: Buffer, from: number, to: number): void {
    const slice = from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
    if (from > 0 || this.#pendingBytes === 0) {
      this.#forward(slice);
      return;
    }
    this.#pending.push(slice);
    this.#pendingBytes += slice.length;
    this.#forward(this.takePending());
  }

  /** Forwards what was complete before the fault: it must not matter where the stream was cut. */
  #refused(chunk: Buffer, from: number, border: number, fault: SallyportError): SallyportError {
    if (border > from) this.#emit(chunk, from, border);
    return fault;
  }

  #hold(chunk: Buffer, border: number): void {
    const rest = border === 0 ? chunk : chunk.subarray(border);
    // A short rest is copied: else it would keep the whole chunk (64 KiB) in memory while a session is idle.
    let block = rest.length * 2 < chunk.length ? Buffer.from(rest) : rest;
    this.#pendingBytes += rest.length;
    // Merged with those before it that are no longer: a peer that sends byte by byte costs log n blocks, not n.
    for (let last = this.#pending.at(-1); last; last = this.#pending.at(-1)) {
      if (last.length > block.length || block.length >= BLOCK_BYTES) break;
      this.#pending.pop();
      block = Buffer.concat([last, block]);
    }
    this.#pending.push(block);
    if (this.#pendingBytes > this.#maxInstruction) throw tooLong(this.#maxInstruction);
  }

  #firstPending(): number {
    return this.#pending[0]?.[0] ?? 0;
  }

  /** Shows the instruction that ends at `to` where its opcode is asked for; returns where to forward from. */
  #inspect(chunk: Buffer, from: number, border: number, to: number): number {
    const inPending = border === 0 && this.#pendingBytes > 0;
    const slice = chunk.subarray(border, to);
    const instruction = inPending ? Buffer.concat([...this.#pending, slice]) : slice;
    // `05.error` reads as `5.error` to guacd and would pass unseen here.
    if (instruction[0] === ZERO && instruction[1] !== DOT)
      throw this.#refused(chunk, from, border, malformed('a length begins with a zero'));
    if (!this.#prefixes.some((prefix) => startsWithElement(instruction, prefix))) return from;
    if (this.#keep?.(instruction) !== false) return from;
    if (inPending) this.takePending();
    else if (border > from) this.#emit(chunk, from, border);
    return to;
  }
}

/** Cuts complete instructions apart. Throws `instruction-malformed` where `complete` holds anything else. */
export function splitInstructions(complete: Buffer): Buffer[] {
  const instructions: Buffer[] = [];
  const framer = new Framer({
    maxInstructionBytes: complete.length,
    maxMessageBytes: 1,
    forward: (instruction) => instructions.push(instruction),
  });
  framer.push(complete);
  if (framer.pendingBytes > 0) throw malformed('it breaks off');
  return instructions;
}

/** Whether the first element of `instruction` is exactly the one that `prefix` holds. */
function startsWithElement(instruction: Buffer, prefix: Buffer): boolean {
  const terminator = instruction[prefix.length];
  if (terminator !== COMMA && terminator !== SEMICOLON) return false;
  return instruction.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

/**
 * Skips elements that are whole, ASCII and not the last of their instruction, which are most of all that guacd
 * sends; stops before anything else, for the state machine to look at. A loop of its own, because a tight one is
 * three times as fast.
 */
function afterPlainElements(chunk: Buffer, start: number, end: number): number {
  let position = start;
  let at = start;
  let length = 0;
  while (at < end) {
    const byte = chunk[at++] as number;
    if (byte >= ZERO && byte <= NINE) {
      length = length * 10 + (byte - ZERO);
      if (at - position > MAX_DIGITS) break;
      continue;
    }
    // The value's end, where it has a length and ends in this chunk.
    const comma = at + length;
    if (byte !== DOT || at === position + 1 || comma >= end || chunk[comma] !== COMMA) break;
    at = comma + 1;
    position = at;
    length = 0;
  }
  return position;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function malformed(why: string): SallyportError {
  return new SallyportError('instruction-malformed', `The stream is not Guacamole’s language: ${why}.`);
}

function tooLong(limit: number): SallyportError {
  return new SallyportError(
    'instruction-too-long',
    `An instruction is longer than the limit of ${limit} bytes.`,
  );
}
