import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';

/** What a frame holds, and whether it was a binary one. */
export interface Frame {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** An open websocket whose reading can be held by several who do not know of each other, and that can be broken. */
export class Channel {
  readonly #socket: WebSocket;
  /** What the websocket writes to: TLS or TCP. */
  readonly #stream: Duplex;
  /** The TCP socket, also where TLS lies between. */
  readonly #raw: Socket;
  readonly #holders = new Set<string>();

  constructor(socket: WebSocket, stream: Duplex, raw: Socket) {
    this.#socket = socket;
    this.#stream = stream;
    this.#raw = raw;
    // Without a listener a peer's protocol error would end the process; the close that follows is enough.
    socket.on('error', () => {});
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether it neither reads nor, for practice, writes: the black hole. */
  get frozen(): boolean {
    return this.#holders.has('freeze');
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#socket.on('message', (data, binary) => listener({ data: toBuffer(data), binary }));
  }

  onClose(listener: (code: number, reason: string) => void): void {
    this.#socket.on('close', (code, reason) => listener(code, reason.toString()));
  }

  /** Sends a frame; `sent` is called when it has left the process, or can no longer. */
  send(data: string | Buffer, binary = false, sent: () => void = () => {}): void {
    this.#socket.send(data, { binary }, () => sent());
  }

  /** Stops reading, which TCP tells the peer, until everyone who held has released. */
  hold(holder: string): void {
    this.#holders.add(holder);
    this.#socket.pause();
  }

  release(holder: string): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0) this.#socket.resume();
  }

  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Closes the TCP connection without a word of the websocket's. */
  destroy(): void {
    this.#socket.terminate();
  }

  /** Resets the TCP connection. */
  reset(): void {
    this.#raw.resetAndDestroy();
  }

  /** Ends the connection in the middle of a frame: it announces 64 KiB and sends one byte. */
  breakMidFrame(): void {
    this.#stream.end(Buffer.from([0x81, 0x7e, 0xff, 0xff, 0x7b]));
  }
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
