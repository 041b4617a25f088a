import type { Socket } from 'node:net';
import { SallyportError } from '../core/errors.ts';
import type { OpenPeer, Peer, PeerEvents } from '../core/sessions/peer.ts';
import type { Tickets } from './tickets.ts';

/** The person's end of a session as a stream over the control socket. */
class SocketPeer implements Peer {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  #cut: NodeJS.Timeout | undefined;

  constructor(socket: Socket, { onFrame, onClosed }: PeerEvents) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.once('close', (failed) => {
        clearTimeout(this.#cut);
        resolve();
        onClosed(failed ? LOST : null);
      });
    });
    socket.on('error', () => {}); // `close` follows and says it.
    socket.on('data', onFrame);
    socket.resume();
  }

  send(instructions: Buffer, sent: () => void): void {
    if (this.#socket.writableEnded) return;
    this.#socket.write(instructions, (error) => {
      if (!error) sent();
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

  async close(withinMs: number): Promise<void> {
    clearTimeout(this.#cut);
    if (this.#socket.destroyed) return this.#closed;
    this.#cut = setTimeout(() => this.#socket.destroy(), withinMs);
    // Paused, it would not see that the other end has closed as well.
    this.#socket.resume();
    this.#socket.end();
    await this.#closed;
  }
}

const LOST = new SallyportError('peer-lost', 'The connection to the window was lost.').toFailure();

/** A peer over `socket`, which is paused and whose greeting has been said. */
export function socketPeer(socket: Socket): OpenPeer {
  return async (events, signal) => {
    if (signal.aborted || socket.destroyed) {
      socket.destroy();
      throw signal.aborted ? notAwaited() : new SallyportError('peer-lost', LOST.message);
    }
    return new SocketPeer(socket, events);
  };
}

/**
 * A peer over the display stream that brings the ticket. `openPeer` waits for it; the ticket is issued at once, and
 * throws as `Tickets.issue` does.
 */
export function ticketPeer(
  tickets: Tickets,
  member: number | null,
): { readonly ticket: string; readonly openPeer: OpenPeer } {
  let onSocket: (socket: Socket) => void = () => {};
  const arrived = new Promise<Socket>((resolve) => {
    onSocket = resolve;
  });
  const ticket = tickets.issue('display', member, (socket) => onSocket(socket));
  return {
    ticket,
    openPeer: async (events, signal) => socketPeer(await unlessAborted(arrived, signal))(events, signal),
  };
}

/** Whoever comes later is sent away. */
function unlessAborted(arrived: Promise<Socket>, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      void arrived.then((socket) => socket.destroy());
      reject(notAwaited());
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void arrived.then((socket) => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
  });
}

function notAwaited(): SallyportError {
  return new SallyportError('aborted', 'No window came to show the session.');
}
