import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Channel } from './channel.ts';
import { PARTS, type Part } from './faults.ts';

/** Everything that is connected, so that faults can strike it and the end leaves nothing behind. */
export class Connections {
  readonly #sockets = new Map<number, Socket>();
  readonly #channels = new Map<Channel, Part | 'browser'>();

  /** A TCP connection as the server takes it, before TLS. */
  add(socket: Socket): void {
    const port = socket.remotePort;
    if (port === undefined) return;
    this.#sockets.set(port, socket);
    socket.on('close', () => this.#sockets.delete(port));
    // A peer's reset is everyday here.
    socket.on('error', () => {});
  }

  /** The TCP connection below `stream`. All come from this machine, so the port tells them apart. */
  below(stream: Duplex): Socket | undefined {
    const port = 'remotePort' in stream ? stream.remotePort : undefined;
    return typeof port === 'number' ? this.#sockets.get(port) : undefined;
  }

  /** A websocket that has been opened; undefined where its connection is gone already. */
  channel(socket: WebSocket, stream: Duplex, part: Part | 'browser'): Channel | undefined {
    const raw = this.below(stream);
    if (!raw) {
      socket.terminate();
      return undefined;
    }
    const channel = new Channel(socket, stream, raw);
    this.#channels.set(channel, part);
    channel.onClose(() => this.#channels.delete(channel));
    return channel;
  }

  channels(parts: readonly Part[] = PARTS): Channel[] {
    return [...this.#channels].flatMap(([channel, part]) =>
      part !== 'browser' && parts.includes(part) ? [channel] : [],
    );
  }

  /** Ends every connection at once, without a word. */
  destroyAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}
