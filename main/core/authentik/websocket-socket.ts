import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type WebSocket from 'ws';
import type { Failure } from '../errors.ts';
import type { Moment } from '../status.ts';
import type { Endpoint } from './endpoint.ts';
import { carrierOf } from './endpoint-agent.ts';
import { closeFailure, silenceFailure, streamFailure } from './websocket-failure.ts';

export interface LivenessOptions {
  /** A ping goes out this often; milliseconds. */
  readonly pingMs?: number;
  /** Without any sign of life for this long, the peer is gone; milliseconds. */
  readonly deadMs?: number;
}

export const LIVENESS = { pingMs: 10_000, deadMs: 20_000 } as const;

/** How a websocket ended. */
export interface SocketEnd {
  /** The websocket's close code; 1006 where there was none. */
  readonly code: number;
  readonly reason: string;
  /** What went wrong; null for an ordinary end and for one that we asked for. */
  readonly failure: Failure | null;
}

type MessageListener = (data: Buffer, isBinary: boolean) => void;

/**
 * An open websocket to authentik, with its own watch over the peer: pings, and `peer-lost` when nothing shows
 * any more that somebody is there. One listener each for messages and for the end.
 */
export class AuthentikSocket {
  readonly #websocket: WebSocket;
  readonly #connection: Socket;
  readonly #carrier: Socket;
  readonly #endpoint: Endpoint;
  readonly #pingMs: number;
  readonly #deadMs: number;
  readonly #timer: NodeJS.Timeout;
  #onMessage: MessageListener | undefined;
  #onClose: ((end: SocketEnd) => void) | undefined;
  #end: SocketEnd | undefined;
  #failure: Failure | null = null;
  #closing = false;
  #paused = true;
  // Moments on the monotonic clock: a corrected wall clock must not end a session.
  #proofAt = performance.now();
  #pingAt = performance.now();
  #bytesRead = 0;
  #bytesTaken = 0;
  #backlog = 0;

  constructor(
    websocket: WebSocket,
    connection: Socket,
    endpoint: Endpoint,
    { pingMs = LIVENESS.pingMs, deadMs = LIVENESS.deadMs }: LivenessOptions,
  ) {
    this.#websocket = websocket;
    this.#connection = connection;
    this.#carrier = carrierOf(connection);
    this.#endpoint = endpoint;
    this.#pingMs = pingMs;
    this.#deadMs = deadMs;
    // Looked at four times within `deadMs`, so that death is noticed at most half a `deadMs` late.
    this.#timer = setInterval(() => this.#watch(), Math.max(1, Math.min(pingMs, deadMs / 4)));
    this.#timer.unref();
    websocket.pause();
    websocket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    websocket.on('error', (error) => {
      this.#failure ??= streamFailure(endpoint, error);
    });
    websocket.on('close', (code, reason) => this.#ended(code, reason.toString('utf8')));
  }

  /** The last time something showed that the peer is there; looked at every few seconds, so it may be late by that. */
  get lastProofAt(): Moment {
    return Date.now() - (performance.now() - this.#proofAt);
  }

  /** Bytes that were sent but not taken by the network yet. */
  get queuedBytes(): number {
    return this.#websocket.bufferedAmount;
  }

  get open(): boolean {
    return this.#end === undefined && !this.#closing;
  }

  /**
   * Sends one text message. `data` must not be changed until `onSent` was called: with nothing when the network
   * took it, with an error when it never will.
   */
  send(data: Buffer | string, onSent?: (error?: Error) => void): void {
    this.#websocket.send(data, { binary: false }, onSent);
  }

  /** Holds back messages until `uncork` hands them to the system in one call; a socket that is gone takes no harm. */
  cork(): void {
    this.#connection.cork();
  }

  uncork(): void {
    this.#connection.uncork();
  }

  /** Sends one binary message; the rest as with `send`. */
  sendBytes(data: Buffer, onSent?: (error?: Error) => void): void {
    this.#websocket.send(data, { binary: true }, onSent);
  }

  /** Whole messages from now on, in order, as the bytes they came in. Starts the reading, unless `pause` was called. */
  onMessage(listener: MessageListener): void {
    const first = this.#onMessage === undefined;
    this.#onMessage = listener;
    if (first) this.resume();
  }

  /** Called once, with how it ended; on the next turn if it is over already. */
  onClose(listener: (end: SocketEnd) => void): void {
    this.#onClose = listener;
    const end = this.#end;
    if (end) queueMicrotask(() => listener(end));
  }

  /** Stops reading, so that TCP slows the peer. The watch over the peer rests: its answers cannot be read. */
  pause(): void {
    this.#paused = true;
    this.#websocket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#onMessage === undefined) return;
    this.#paused = false;
    this.#proofAt = performance.now();
    this.#websocket.resume();
  }

  /** Closes with a word; a peer that does not answer is cut off after `WEBSOCKET_LIMITS.closeTimeoutMs`. No message arrives any more. */
  close(code = 1000, reason = ''): void {
    if (this.#closing || this.#end) return;
    this.#closing = true;
    // The peer's answer has to be read.
    this.#websocket.resume();
    this.#websocket.close(code, shorten(reason));
  }

  /** Cuts the connection at once. */
  terminate(): void {
    this.#closing = true;
    this.#websocket.terminate();
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    // With ws' default binaryType it is always a Buffer.
    if (!this.#closing && Buffer.isBuffer(data)) this.#onMessage?.(data, isBinary);
  }

  #watch(): void {
    const now = performance.now();
    if (this.#showsLife()) this.#proofAt = now;
    if (this.#paused || this.#closing) return;
    if (now - this.#proofAt >= this.#deadMs) {
      this.#failure ??= silenceFailure(this.#endpoint.display, this.#deadMs);
      this.#websocket.terminate();
    } else if (now - this.#pingAt >= this.#pingMs && this.#websocket.readyState === this.#websocket.OPEN) {
      this.#pingAt = now;
      this.#websocket.ping();
    }
  }

  /**
   * Bytes that arrived, whatever they are; or bytes that left a queue which was standing: the system takes more
   * only when the peer has acknowledged some. A send that was taken at once proves nothing, for it may lie in
   * the system's buffer for ever.
   */
  #showsLife(): boolean {
    const { bytesRead, bytesWritten, writableLength } = this.#connection;
    const backlog = refusedBytes(this.#carrier);
    const taken = bytesWritten - writableLength;
    const life =
      bytesRead !== this.#bytesRead ||
      (this.#backlog > 0 && (backlog < this.#backlog || taken !== this.#bytesTaken));
    this.#bytesRead = bytesRead;
    this.#bytesTaken = taken;
    this.#backlog = backlog;
    return life;
  }

  #ended(code: number, reason: string): void {
    clearInterval(this.#timer);
    const failure =
      this.#failure ?? (this.#closing ? null : closeFailure(this.#endpoint.display, code, reason));
    this.#end = { code, reason, failure };
    this.#onMessage = undefined;
    this.#onClose?.(this.#end);
  }
}

/**
 * Bytes that were given to the system and that it has no room for. Node puts many messages into one write and
 * tells when all of it is taken, which on a slow line can be a minute later; the handle counts as it goes.
 */
function refusedBytes(carrier: Socket): number {
  const handle: unknown = Reflect.get(carrier, '_handle');
  const size: unknown =
    typeof handle === 'object' && handle !== null && Reflect.get(handle, 'writeQueueSize');
  return typeof size === 'number' ? size : carrier.writableLength;
}

/** A close frame has room for 123 bytes of reason. */
function shorten(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = [...text].slice(0, -1).join('');
  return text;
}
