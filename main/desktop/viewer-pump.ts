import type { Socket } from 'node:net';
import { type DisplayEnd, MAX_PORT_BYTES, WINDOW_BYTES } from '../../preload/contract/viewer.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { MainPort } from './viewer-port.ts';

/** What a window has said and the outpost not taken: a window that is not stopped by then gets no further. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;
const GOODBYE = '10.disconnect;';

/**
 * Moves a display stream between the outpost's socket and a window's port, as fast as the slower one takes it: the
 * window grants bytes as it has drawn them, and the socket is not read beyond that.
 */
export class DisplayPump {
  readonly #socket: Socket;
  readonly #port: MainPort;
  readonly #onEnd: () => void;
  readonly #outcome: (() => Promise<Failure | null>) | null;
  #granted = WINDOW_BYTES;
  #failure: Failure | null = null;
  #over = false;

  /**
   * `socket` is paused; `onEnd` is called once, when both ends are closed. `outcome` is asked when the socket has
   * ended by itself: whether that was all.
   */
  constructor(
    socket: Socket,
    port: MainPort,
    onEnd: () => void,
    outcome: (() => Promise<Failure | null>) | null = null,
  ) {
    this.#socket = socket;
    this.#port = port;
    this.#onEnd = onEnd;
    this.#outcome = outcome;
    socket.on('data', (chunk: Buffer) => this.#toWindow(chunk));
    socket.on('error', () => {
      this.#failure ??= LOST;
    });
    socket.on('close', () => this.#end());
    port.on('message', ({ data }) => this.#fromWindow(data));
    // The page is gone. Without a goodbye the outpost holds the session for it to come back.
    port.on('close', () => this.cut());
    port.start();
    if (socket.destroyed) this.#end();
    else socket.resume();
  }

  /** Bytes that may go to the window before it has to grant more. */
  get granted(): number {
    return this.#granted;
  }

  /** The person leaves: the outpost ends the session. */
  leave(): void {
    if (this.#over) return;
    this.#socket.end(GOODBYE);
    // What is still on its way is for nobody.
    this.#socket.resume();
  }

  /** The window's end is gone, or is gone soon; the session may be held. */
  cut(): void {
    this.#socket.destroy();
  }

  #toWindow(chunk: Buffer): void {
    if (this.#over) return;
    this.#granted -= chunk.length;
    // A copy of its own: a piece of a larger buffer would take all of that along.
    this.#port.postMessage(new Uint8Array(chunk));
    if (this.#granted <= 0) this.#socket.pause();
  }

  #fromWindow(data: unknown): void {
    if (this.#over) return;
    if (typeof data === 'number' && Number.isInteger(data) && data > 0) {
      this.#granted = Math.min(WINDOW_BYTES, this.#granted + data);
      if (this.#granted > 0 && this.#socket.isPaused()) this.#socket.resume();
    } else if (data instanceof Uint8Array && data.length <= MAX_PORT_BYTES) {
      this.#socket.write(data);
      if (this.#socket.writableLength > MAX_QUEUED_BYTES) this.#fail(FLOODED);
    } else this.#fail(UNREADABLE);
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#socket.destroy();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#failure !== null || this.#outcome === null) return this.#close();
    void this.#outcome()
      .catch((error: unknown) => SallyportError.from(error, 'The stream').toFailure())
      .then((failure) => {
        this.#failure = failure;
        this.#close();
      });
  }

  #close(): void {
    const word: DisplayEnd = { end: this.#failure };
    this.#port.postMessage(word);
    this.#port.close();
    this.#onEnd();
  }
}

const LOST = new SallyportError('connection-lost', 'The connection to the outpost was lost.', {
  advice: 'Connect again: the outpost keeps the session for a while.',
}).toFailure();
const FLOODED = new SallyportError(
  'control-protocol',
  'The window sent more than the outpost could take.',
).toFailure();
const UNREADABLE = new SallyportError(
  'control-protocol',
  'The window sent something that cannot be passed on.',
).toFailure();
