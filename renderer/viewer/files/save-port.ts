import type { Failure } from '../../../main/core/errors.ts';
import type { SaveOutcome, SaveWord } from '../../../preload/contract/viewer.ts';

/** Larger messages are cut, in bytes. */
const PIECE_BYTES = 128 * 1024;

/** A file that the person has chosen a place for, as a stream that is written on the main side. */
export class SavePort {
  readonly #port: MessagePort;
  /** The other end says how much it takes, from the first byte on. */
  #granted = 0;
  #waiting: (() => void)[] = [];
  #outcome: SaveOutcome | null = null;
  /** Resolves with how it ended: under which name it was saved, or why it was not. */
  readonly done: Promise<SaveOutcome>;

  constructor(port: MessagePort) {
    this.#port = port;
    this.done = new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent) => {
        if (typeof data === 'number') {
          this.#granted += data;
          this.#wake();
        } else if (isOutcome(data)) {
          this.#outcome = data;
          this.#wake();
          port.close();
          resolve(data);
        }
      };
    });
    port.start();
  }

  /** Resolves when there is room for more; false where nothing is taken any more. */
  async write(bytes: Uint8Array): Promise<boolean> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      while (this.#granted <= 0 && this.#outcome === null)
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.#outcome !== null) return false;
      const piece = bytes.slice(at, at + PIECE_BYTES);
      this.#granted -= piece.length;
      this.#port.postMessage(piece);
    }
    return true;
  }

  finish(): Promise<SaveOutcome> {
    const word: SaveWord = { finish: true };
    this.#port.postMessage(word);
    return this.done;
  }

  abort(): void {
    const word: SaveWord = { abort: true };
    this.#port.postMessage(word);
    this.#outcome ??= { failure: CANCELLED };
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

const CANCELLED: Failure = { code: 'aborted', message: 'It was cancelled.' };

function isOutcome(data: unknown): data is SaveOutcome {
  return typeof data === 'object' && data !== null && ('saved' in data || 'failure' in data);
}
