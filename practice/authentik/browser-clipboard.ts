/** Raw bytes in one blob; guacd takes no more. Source: `GUAC_PROTOCOL_BLOB_MAX_LENGTH`. */
const BLOB_BYTES = 6048;
const MAX_TEXTS = 1000;
/** A machine's clipboard may be large; practice keeps this much of it. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** The clipboard of a practice browser, both ways, in Guacamole's streams. */
export class BrowserClipboard {
  readonly #send: (...elements: readonly string[]) => void;
  readonly #open = new Map<string, Buffer[]>();
  readonly #received: string[] = [];

  constructor(send: (...elements: readonly string[]) => void) {
    this.#send = send;
  }

  get received(): readonly string[] {
    return [...this.#received];
  }

  send(text: string): void {
    // One stream at a time, so one index does.
    this.#send('clipboard', '0', 'text/plain');
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += BLOB_BYTES) {
      this.#send('blob', '0', bytes.subarray(start, start + BLOB_BYTES).toString('base64'));
    }
    this.#send('end', '0');
  }

  /** Looks at an instruction that came; takes and acknowledges those of a clipboard. */
  take([opcode, stream = '', data = '']: readonly string[]): void {
    if (opcode === 'clipboard') {
      this.#open.set(stream, []);
      this.#send('ack', stream, 'OK', '0');
      return;
    }
    const pieces = this.#open.get(stream);
    if (!pieces) return;
    if (opcode === 'blob') {
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (size < MAX_TEXT_BYTES) pieces.push(Buffer.from(data, 'base64'));
      this.#send('ack', stream, 'OK', '0');
    } else if (opcode === 'end') {
      this.#open.delete(stream);
      this.#received.push(Buffer.concat(pieces).toString());
      if (this.#received.length > MAX_TEXTS) this.#received.shift();
    }
  }
}
