import type { Writable } from 'node:stream';

/** Lines are handed over together up to this, in bytes; the last of them may reach beyond. */
export const CHUNK_BYTES = 64 * 1024;

export interface BoundedOutputOptions {
  /** Opens the stream that is written to; called again after it broke. May throw. */
  readonly open: () => Writable;
  /** Bytes that may wait for the stream; default 4 MiB. Lines beyond are dropped and counted. */
  readonly maxBuffered?: number;
  /** How long a broken stream is left alone, in milliseconds; default 15 s. */
  readonly retryMs?: number;
  /** Told once when lines begin to be lost; `error` is null where the other end is only too slow. */
  readonly onTrouble: (error: unknown) => void;
  /** Told when lines arrive again, with the number that were lost. */
  readonly onRecovered: (lost: number) => void;
}

/**
 * Lines into a stream that may be slow, broken or full: never throws, never waits, holds a bounded number of
 * bytes, loses lines where it must, and says so once.
 */
export class BoundedOutput {
  readonly #options: Required<BoundedOutputOptions>;
  #stream: Writable | undefined;
  #retryAt = 0;
  #buffered = 0;
  #troubled = false;
  #lostNow = 0;
  #lost = 0;
  #closed = false;
  #queue: Buffer[] = [];
  #inFlight: ((error?: Error | null) => void) | undefined;
  readonly #heard = new WeakSet<Writable>();
  readonly #waiting = new Set<() => void>();

  constructor(options: BoundedOutputOptions) {
    this.#options = { maxBuffered: 4 * 1024 * 1024, retryMs: 15_000, ...options };
  }

  /** Lines lost since the beginning. */
  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    if (this.#closed) return;
    const bytes = Buffer.from(line);
    if (this.#buffered + bytes.length > this.#options.maxBuffered) {
      this.#lose(1);
      this.#trouble(null);
      return;
    }
    this.#buffered += bytes.length;
    this.#queue.push(bytes);
    this.#pump();
  }

  /** Resolves when everything written so far has arrived or is lost, or after `timeoutMs`. */
  flush(timeoutMs = 2000): Promise<void> {
    if (this.#buffered === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiting.add(finish);
    });
  }

  /** Flushes, then ends the stream with `end`; later lines are ignored. */
  async close(end: (stream: Writable) => void): Promise<void> {
    await this.flush();
    this.#closed = true;
    if (this.#stream) end(this.#stream);
    this.#stream = undefined;
  }

  /** Hands over what waits, many lines at a time: a stream takes one big chunk far quicker than its lines. */
  #pump(): void {
    if (this.#inFlight || this.#closed) return;
    if (this.#queue.length > 0) {
      const stream = this.#usable();
      if (stream) this.#hand(stream);
      else {
        this.#lose(this.#queue.length);
        this.#queue = [];
        this.#buffered = 0;
      }
    }
    if (this.#buffered === 0) for (const finish of [...this.#waiting]) finish();
  }

  #hand(stream: Writable): void {
    let size = 0;
    let count = 0;
    while (count < this.#queue.length && size < CHUNK_BYTES) size += this.#queue[count++]?.length ?? 0;
    const chunk = Buffer.concat(this.#queue.splice(0, count));
    const done = (error?: Error | null) => {
      if (this.#inFlight !== done) return;
      this.#inFlight = undefined;
      this.#buffered -= chunk.length;
      if (error) {
        this.#lose(count);
        this.#broke(stream, error);
      } else this.#arrived();
      this.#pump();
    };
    this.#inFlight = done;
    try {
      stream.write(chunk, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #usable(): Writable | undefined {
    if (this.#stream || Date.now() < this.#retryAt) return this.#stream;
    try {
      const stream = this.#options.open();
      // Standard output comes back as the same stream, and keeps its listener.
      if (!this.#heard.has(stream)) stream.on('error', (error) => this.#onStreamError(stream, error));
      this.#heard.add(stream);
      this.#stream = stream;
    } catch (error) {
      this.#broke(undefined, error);
    }
    return this.#stream;
  }

  #onStreamError(stream: Writable, error: Error): void {
    if (stream === this.#stream && this.#inFlight) this.#inFlight(error);
    else this.#broke(stream, error);
  }

  #broke(stream: Writable | undefined, error: unknown): void {
    // A break can be reported twice, by the write and by the stream; only the first one counts.
    if (stream === this.#stream) {
      this.#stream = undefined;
      this.#retryAt = Date.now() + this.#options.retryMs;
    }
    this.#trouble(error);
  }

  #trouble(error: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#options.onTrouble(error);
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#lostNow += lines;
  }

  #arrived(): void {
    // A slow reader is only over it when it has taken half of what waits; else each line would be news.
    if (!this.#troubled || !this.#stream || this.#buffered > this.#options.maxBuffered / 2) return;
    const lost = this.#lostNow;
    this.#troubled = false;
    this.#lostNow = 0;
    this.#options.onRecovered(lost);
  }
}
