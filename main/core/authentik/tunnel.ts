import type { Failure } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { openWebSocket, type WebSocketOptions } from './websocket.ts';
import type { AuthentikSocket } from './websocket-socket.ts';

/** What a tunnel tells its session. */
export interface TunnelEvents {
  readonly onFrame: (frame: Buffer) => void;
  readonly onClosed: (failure: Failure | null) => void;
}

/** A session's websocket. authentik pairs it with the browser's by the channel in its path. */
export class Tunnel {
  readonly #socket: AuthentikSocket;
  readonly #closed: Promise<void>;
  /** Messages that the network has not taken yet. */
  #unsent = 0;
  #onAllSent: () => void = () => {};

  /**
   * Dials authentik for the session that instruction 3 named by `channel`. Rejects as `openWebSocket` does.
   * The reference forgets the sub-path of authentik's URL here; the endpoint does not.
   */
  static async open(
    endpoint: Endpoint,
    channel: string,
    events: TunnelEvents,
    options: WebSocketOptions,
  ): Promise<Tunnel> {
    const url = endpoint.websocketUrl(['outpost_rac', channel]);
    return new Tunnel(await openWebSocket(endpoint, url, options), events);
  }

  private constructor(socket: AuthentikSocket, { onFrame, onClosed }: TunnelEvents) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.onClose(({ failure }) => {
        resolve();
        onClosed(failure);
      });
    });
    socket.onMessage(onFrame);
  }

  send(instructions: Buffer, sent: () => void): void {
    this.#unsent += 1;
    this.#socket.send(instructions, (error) => {
      this.#unsent -= 1;
      if (!error) sent();
      if (this.#unsent === 0) this.#onAllSent();
    });
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /**
   * Closes when what was sent has left, or after `withinMs`: the websocket's own patience is for its answer, and
   * would cut off what a slow browser has not taken yet, the last word first of all.
   */
  async close(withinMs: number): Promise<void> {
    // Paused, it would not see that the other end has gone.
    this.#socket.resume();
    if (this.#unsent > 0) await this.#allSent(withinMs);
    this.#socket.close();
    await this.#closed;
  }

  async #allSent(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const sent = new Promise<void>((resolve) => {
      this.#onAllSent = resolve;
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([sent, this.#closed]);
    clearTimeout(timer);
  }
}
