import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { until } from '../guacd/fake-guacd.ts';

/** A word on a transfer's websocket, as it came. */
export interface SaidWord {
  readonly type: string;
  readonly offset?: number;
  readonly bytes?: number;
}

const FRAME_BYTES = 256 * 1024;
const WINDOW_BYTES = 512 * 1024;

/** A transfer's websocket at authentik's end. */
export class BulkEnd {
  readonly id: string;
  readonly websocket: WebSocket;
  readonly tenant: string | undefined;
  readonly words: SaidWord[] = [];
  readonly pieces: Buffer[] = [];
  /** Whether pieces are only counted. */
  forgetful = false;
  received = 0;
  closed: number | undefined;
  #changed: () => void = () => {};

  constructor(id: string, websocket: WebSocket, request: IncomingMessage) {
    this.id = id;
    this.websocket = websocket;
    const tenant = request.headers['x-rac-tenant'];
    this.tenant = typeof tenant === 'string' ? tenant : undefined;
    websocket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.received += data.length;
      if (isBinary && !this.forgetful) this.pieces.push(data);
      if (!isBinary) this.words.push(JSON.parse(data.toString()));
      this.#changed();
    });
    websocket.on('error', () => {});
    websocket.on('close', (code) => {
      this.closed = code;
      this.#changed();
    });
  }

  say(word: object): void {
    this.websocket.send(JSON.stringify(word));
  }

  send(bytes: Buffer): void {
    this.websocket.send(bytes, { binary: true });
  }

  /** The offset up to which the outpost has written. */
  get acknowledged(): number {
    return this.words.findLast(({ type }) => type === 'credit')?.offset ?? 0;
  }

  /** Sends one part as authentik does; resolves when all of it is acknowledged. */
  async part(bytes: Buffer, offset: number): Promise<void> {
    const from = this.words.length;
    this.say({ type: 'start', offset, length: bytes.length });
    let credit = 0;
    let seen = from;
    for (let at = 0; at < bytes.length; ) {
      for (; seen < this.words.length; seen += 1) credit += this.words[seen]?.bytes ?? 0;
      const piece = bytes.subarray(at, at + Math.min(FRAME_BYTES, credit, bytes.length - at));
      if (piece.length === 0) {
        await this.#next();
        continue;
      }
      this.send(piece);
      credit -= piece.length;
      at += piece.length;
    }
    while (this.acknowledged < offset + bytes.length) await this.#next();
  }

  /** Takes a whole file as authentik does, and resolves when `complete` has come. */
  async take(): Promise<void> {
    this.say({ type: 'start' });
    this.say({ type: 'credit', bytes: WINDOW_BYTES });
    let granted = 0;
    while (!this.words.some(({ type }) => type === 'complete')) {
      await this.#next();
      const { received } = this;
      if (received > granted) this.say({ type: 'credit', bytes: received - granted });
      granted = received;
    }
  }

  async isClosed(): Promise<void> {
    await until(() => this.closed !== undefined);
  }

  #next(): Promise<void> {
    if (this.closed !== undefined) throw new Error('The outpost has closed the transfer.');
    return new Promise((resolve) => {
      this.#changed = () => {
        this.#changed = () => {};
        resolve();
      };
    });
  }
}
