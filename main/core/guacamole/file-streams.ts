const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Opcodes and the numbers of streams are short; a longer value is none of these. */
const MAX_VALUE = 32;

/** What opens or announces a file, in the order that guacd sends it. */
const BEGINNINGS: readonly string[] = ['filesystem', 'file', 'body'];
/** What belongs to a stream that is open. */
const PARTS: readonly string[] = ['blob', 'ack', 'end'];
/** What opens another kind of stream, perhaps under a number that a file had. */
const OTHERS: readonly string[] = ['argv', 'audio', 'clipboard', 'img', 'pipe', 'video'];
const WHILE_OPEN: readonly string[] = [...BEGINNINGS, ...PARTS, ...OTHERS];

/**
 * Tells which instructions of guacd belong to Guacamole's own file transfer. Blobs of pictures, sound and the
 * clipboard use the same opcodes and are none of it, so streams are told apart by their numbers.
 */
export class FileStreams {
  readonly #open = new Set<string>();
  readonly #withClipboard: boolean;

  /** `withClipboard`: what the machine puts into the clipboard is taken as well. */
  constructor({ withClipboard = false }: { readonly withClipboard?: boolean } = {}) {
    this.#withClipboard = withClipboard;
  }

  /** Whether a stream is open whose parts are still to come. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Which instructions must be shown to `takes` at this moment; fewer while no file is open. */
  get opcodes(): readonly string[] {
    return this.#open.size === 0 ? BEGINNINGS : WHILE_OPEN;
  }

  /** Whether one complete instruction belongs to a file. `opcodes` may be others afterwards. */
  takes(instruction: Buffer): boolean {
    const [opcode = '', first = '', second = ''] = beginningOf(instruction, 3);
    switch (opcode) {
      case 'filesystem':
        return true;
      case 'file':
        this.#open.add(first);
        return true;
      case 'body':
        this.#open.add(second);
        return true;
      case 'clipboard':
        if (!this.#withClipboard) {
          this.#open.delete(first);
          return false;
        }
        this.#open.add(first);
        return true;
      case 'end':
        return this.#open.delete(first);
      case 'blob':
      case 'ack':
        return this.#open.has(first);
      default:
        if (OTHERS.includes(opcode)) this.#open.delete(first);
        return false;
    }
  }
}

/** The first values of an instruction as far as they are short and ASCII; a blob's data is not looked at. */
function beginningOf(instruction: Buffer, count: number): string[] {
  const values: string[] = [];
  let position = 0;
  while (values.length < count && position < instruction.length) {
    let length = 0;
    let byte = instruction[position] ?? DOT;
    for (; byte >= ZERO && byte <= NINE; byte = instruction[position] ?? DOT) {
      length = length * 10 + byte - ZERO;
      position += 1;
    }
    if (byte !== DOT || length > MAX_VALUE) break;
    values.push(instruction.toString('latin1', position + 1, position + 1 + length));
    position += length + 2;
  }
  return values;
}
