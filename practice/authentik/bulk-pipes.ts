import * as v from 'valibot';
import type { Channel } from './channel.ts';

/** Longest part of an upload, in bytes. */
export const PART_BYTES = 4 * 1024 * 1024;
const FRAME_BYTES = 256 * 1024;
const WINDOW_BYTES = 512 * 1024;
const WAIT_MS = 10_000;
const IDLE_MS = 60_000;

const Word = v.object({
  type: v.picklist(['credit', 'complete']),
  offset: v.optional(v.number(), 0),
  bytes: v.optional(v.number(), 0),
});
type Word = v.InferOutput<typeof Word>;

/** Why bytes cannot go over, with what a browser is answered. */
export class BulkError extends Error {
  override readonly name = 'BulkError';
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

interface Pipe {
  readonly tenant: string;
  direction: 'upload' | 'download' | undefined;
  size: number;
  /** Bytes of an upload that the outpost has acknowledged. */
  offset: number;
  channel: Channel | undefined;
  ended: boolean;
  readonly heard: (Word | Buffer)[];
  changed: () => void;
}

/** The websockets that outposts open for transfers, and the way of the bytes between them and browsers. */
export class BulkPipes {
  readonly #pipes = new Map<string, Pipe>();

  /** A transfer of this id is being asked for. */
  expect(id: string, { tenant }: { readonly tenant: string }): void {
    this.#pipes.set(id, {
      tenant,
      direction: undefined,
      size: 0,
      offset: 0,
      channel: undefined,
      ended: false,
      heard: [],
      changed: () => {},
    });
  }

  /** The outpost has agreed; only from now on is its websocket taken. False where it has ended already. */
  admit(id: string, direction: 'upload' | 'download', size: number): boolean {
    const pipe = this.#pipes.get(id);
    if (!pipe || pipe.ended) return false;
    pipe.direction = direction;
    pipe.size = size;
    return true;
  }

  /** Whether an outpost may open a websocket for this transfer. */
  isAdmitted(id: string, tenant: string | undefined): boolean {
    const pipe = this.#pipes.get(id);
    return pipe?.direction !== undefined && pipe.tenant === tenant && !pipe.channel;
  }

  attach(id: string, channel: Channel): void {
    const pipe = this.#pipes.get(id);
    if (!pipe) {
      channel.close();
      return;
    }
    pipe.channel = channel;
    channel.onFrame(({ data, binary }) => {
      const heard = binary ? data : parseWord(data);
      if (heard === undefined || (binary && data.length > FRAME_BYTES)) channel.close(1008);
      else pipe.heard.push(heard);
      pipe.changed();
    });
    channel.onClose(() => this.end(id));
    pipe.changed();
  }

  /** The outpost is done with it. */
  end(id: string): void {
    const pipe = this.#pipes.get(id);
    if (!pipe) return;
    pipe.ended = true;
    pipe.changed();
  }

  forget(id: string): void {
    const pipe = this.#pipes.get(id);
    this.#pipes.delete(id);
    pipe?.channel?.close();
  }

  /** Sends one part of an upload; resolves when the outpost has acknowledged all of it. Rejects with `BulkError`. */
  async put(id: string, offset: number, bytes: Buffer): Promise<void> {
    const pipe = await this.#open(id, 'upload');
    if (pipe.offset !== offset) throw new BulkError(409, 'That is not where the upload stands.');
    if (bytes.length === 0 || bytes.length > PART_BYTES || offset + bytes.length > pipe.size)
      throw new BulkError(413, 'The part is empty, too long, or beyond the end of the file.');
    say(pipe, { type: 'start', offset, length: bytes.length });
    let credit = await this.#credit(pipe);
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + Math.min(FRAME_BYTES, credit, bytes.length - at));
      if (piece.length === 0) {
        credit += await this.#credit(pipe);
        continue;
      }
      pipe.channel?.send(piece, true);
      credit -= piece.length;
      at += piece.length;
    }
    while (pipe.offset < offset + bytes.length) await this.#credit(pipe);
  }

  /** A whole download, piece by piece, as fast as it is taken. Rejects with `BulkError`. */
  async *get(id: string): AsyncGenerator<Buffer> {
    const pipe = await this.#open(id, 'download');
    try {
      say(pipe, { type: 'start', offset: 0, length: 0 });
      say(pipe, { type: 'credit', bytes: WINDOW_BYTES });
      for (let left = pipe.size; ; ) {
        const heard = await this.#next(pipe);
        if (!Buffer.isBuffer(heard)) {
          if (heard.type !== 'complete' || left !== 0) throw new BulkError(502, 'The download broke off.');
          return;
        }
        left -= heard.length;
        if (heard.length === 0 || left < 0) throw new BulkError(502, 'The outpost sent more than there is.');
        yield heard;
        say(pipe, { type: 'credit', bytes: heard.length });
      }
    } finally {
      this.forget(id);
    }
  }

  /** Bytes of a transfer as the outpost has announced them. */
  sizeOf(id: string): number | undefined {
    return this.#pipes.get(id)?.size;
  }

  async #open(id: string, direction: Pipe['direction']): Promise<Pipe> {
    const pipe = this.#pipes.get(id);
    if (!pipe || pipe.direction !== direction) throw new BulkError(404, 'There is no such transfer.');
    if (!pipe.channel) await changeOf(pipe, WAIT_MS);
    if (!pipe.channel) throw new BulkError(503, 'The outpost has not opened its websocket for the transfer.');
    return pipe;
  }

  async #credit(pipe: Pipe): Promise<number> {
    const heard = await this.#next(pipe);
    if (Buffer.isBuffer(heard) || heard.type !== 'credit' || heard.bytes > WINDOW_BYTES)
      throw new BulkError(502, 'The outpost did not grant what it should.');
    pipe.offset = Math.max(pipe.offset, heard.offset);
    return heard.bytes;
  }

  async #next(pipe: Pipe): Promise<Word | Buffer> {
    while (pipe.heard.length === 0) {
      if (pipe.ended) throw new BulkError(502, 'The outpost has ended the transfer.');
      if (!(await changeOf(pipe, IDLE_MS))) throw new BulkError(504, 'The outpost has gone silent.');
    }
    const heard = pipe.heard.shift();
    if (heard === undefined) throw new BulkError(502, 'The outpost has ended the transfer.');
    return heard;
  }
}

/** Resolves with true when something has happened to the pipe, with false when the time is over. */
function changeOf(pipe: Pipe, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    timer.unref();
    pipe.changed = () => {
      clearTimeout(timer);
      pipe.changed = () => {};
      resolve(true);
    };
  });
}

function say({ channel }: Pipe, word: object): void {
  channel?.send(JSON.stringify(word));
}

function parseWord(data: Buffer): Word | undefined {
  try {
    const parsed = v.safeParse(Word, JSON.parse(data.toString()));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
