import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a stream of bytes into lines. A line longer than `maxLength` is cut off there and the rest of it dropped, so
 * a program that never ends its line fills no memory. Empty lines are left out.
 */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  readonly #maxLength: number;
  #line = '';

  constructor(onLine: (line: string) => void, maxLength = 2_000) {
    this.#onLine = onLine;
    this.#maxLength = maxLength;
  }

  push(chunk: Buffer): void {
    const pieces = this.#decoder.write(chunk).split('\n');
    pieces.forEach((piece, index) => {
      if (index > 0) this.#flush();
      // One more than fits, so that it shows that something was cut off.
      this.#line += piece.slice(0, this.#maxLength + 1 - this.#line.length);
    });
  }

  end(): void {
    this.#flush();
  }

  #flush(): void {
    const whole = this.#line.replace(/\r$/, '');
    const line = whole.length > this.#maxLength ? `${whole.slice(0, this.#maxLength)}…` : whole;
    this.#line = '';
    if (line.trim() !== '') this.#onLine(line);
  }
}
