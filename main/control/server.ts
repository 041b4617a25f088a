import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../core/base/logger.ts';
import { SallyportError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import type { Method } from './contract.ts';
import { CROWD_LIMITS, Crowd, type CrowdLimits } from './crowd.ts';
import { decodeHello, greetingLine, HELLO_MAX_BYTES, type Hello, questionLine } from './greeting.ts';
import { readLine } from './line.ts';
import type { Member } from './members.ts';
import { type ControlHandlers, REQUEST_LIMITS, type RequestLimits, Requests } from './requests.ts';
import { listenOnFile } from './socket-file.ts';
import { isStreamKind, type StreamKind, type Tickets } from './tickets.ts';

export interface ControlLimits extends CrowdLimits, RequestLimits {
  /** Milliseconds a connection has for its hello line, and again for its proof. */
  readonly helloMs: number;
}

const CONTROL_LIMITS: ControlLimits = { ...CROWD_LIMITS, ...REQUEST_LIMITS, helloMs: 5000 };

export interface ControlServerOptions {
  /** A socket file, or a named pipe of Windows. */
  readonly path: string;
  readonly handlers: ControlHandlers;
  /** What the handlers give out for streams. */
  readonly tickets: Tickets;
  readonly logger: Logger;
  readonly limits?: Partial<ControlLimits>;
  /** What may be asked here; everything where left out. */
  readonly methods?: ReadonlySet<Method>;
  /** Whom it lets in beside the owner; nobody where left out. */
  readonly gate?: Gate;
}

/** A door that others than the outpost's own user come in by. */
export interface Gate {
  /** A group of the system, whose members may connect. */
  readonly groupId: number;
  /**
   * The number of the user at the other end. `ask` says a word to them, and resolves when they say that its file is
   * there; see `Proofs`. As it rejects, so does this, and with `control-refused` for who does not show it.
   */
  uidOf(ask: (nonce: string) => Promise<void>): Promise<number>;
  /** Who that is. Rejects with `control-refused` for who is not to come in. */
  member(uid: number): Promise<Member>;
}

/** The outpost's side of the control socket. */
export class ControlServer {
  readonly path: string;
  readonly #server: Server;
  readonly #tickets: Tickets;
  readonly #logger: Logger;
  readonly #helloMs: number;
  readonly #gate: Gate | null;
  readonly #crowd: Crowd;
  readonly #requests: Requests;

  private constructor(options: ControlServerOptions) {
    const { path, handlers, tickets, methods = null, gate = null } = options;
    const limits = { ...CONTROL_LIMITS, ...options.limits };
    const logger = options.logger.child('control');
    this.path = path;
    this.#tickets = tickets;
    this.#logger = logger;
    this.#helloMs = limits.helloMs;
    this.#gate = gate;
    this.#crowd = new Crowd(limits);
    this.#requests = new Requests({ handlers, methods, limits, logger });
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** Resolves when it listens; rejects with `already-running` or `listen-failed`. */
  static async listen(options: ControlServerOptions): Promise<ControlServer> {
    const control = new ControlServer(options);
    await listenOnFile(control.#server, options.path, options.gate?.groupId);
    control.#server.on('error', (error) =>
      control.#logger.log('error', 'The control socket failed', { error }),
    );
    return control;
  }

  /** Cuts every connection and removes the socket file; what was being answered is lost. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#crowd.sockets) socket.destroySoon();
    // Who does not read what is still to come is not waited for.
    setImmediate(() => {
      for (const socket of this.#crowd.sockets) socket.destroy();
    });
    // Node removes the file itself, right at the close: by now another outpost may have put its own there.
    await closed;
  }

  /** Numbers of the members who are connected. */
  get members(): ReadonlySet<number> {
    return this.#crowd.members;
  }

  /** Cuts every connection and stream of one who is no member any more. */
  dismiss(member: number): void {
    for (const socket of this.#crowd.of(member)) socket.destroy();
  }

  async #welcome(socket: Socket): Promise<void> {
    socket.on('error', (error) => this.#logger.log('debug', 'A control connection failed', { error }));
    const crowdedOut = this.#crowd.arrive(socket);
    if (crowdedOut) this.#turnAway(crowdedOut, tooMany());
    try {
      const { kind, ticket } = await this.#hello(socket);
      if (isStreamKind(kind)) return this.#stream(socket, kind, ticket);
      if (kind !== 'control')
        throw new SallyportError(
          'control-protocol',
          `This outpost has no connections of the kind “${kind}”.`,
          {
            advice: 'Is the program that asked newer than this outpost?',
          },
        );
      const member = await this.#identify(socket);
      // Finding out who it is takes a while.
      if (socket.destroyed) return;
      socket.write(greetingLine(VERSION, process.pid));
      this.#requests.serve(socket, member);
    } catch (error) {
      this.#turnAway(socket, SallyportError.from(error, 'The hello'));
    }
  }

  async #identify(socket: Socket): Promise<Member | null> {
    if (this.#gate === null) {
      this.#crowd.letIn(socket, null);
      return null;
    }
    const uid = await this.#gate.uidOf((nonce) => this.#question(socket, nonce));
    // Before the system is asked, which costs processes: nobody has more of them than their share.
    this.#crowd.letIn(socket, uid);
    return this.#gate.member(uid);
  }

  async #hello(socket: Socket): Promise<Hello> {
    return decodeHello(await readLine(socket, { maxBytes: HELLO_MAX_BYTES, timeoutMs: this.#helloMs }));
  }

  async #question(socket: Socket, nonce: string): Promise<void> {
    socket.write(questionLine(VERSION, process.pid, nonce));
    const { kind } = await this.#hello(socket);
    if (kind === 'proof') return;
    throw new SallyportError('control-protocol', `Not “${kind}” but a proof of who you are was asked for.`, {
      advice: 'Is the program that asked older than this outpost?',
    });
  }

  #stream(socket: Socket, kind: StreamKind, ticket: string | undefined): void {
    const accept = this.#tickets.redeem(kind, ticket, (member) => this.#crowd.makeStream(socket, member));
    socket.write(greetingLine(VERSION, process.pid));
    accept(socket);
  }

  #turnAway(socket: Socket, error: SallyportError): void {
    this.#logger.log('debug', 'A control connection was turned away', { error: error.message });
    if (socket.destroyed || socket.writableEnded) return;
    this.#crowd.leave(socket)?.destroy();
    socket.end(greetingLine(VERSION, process.pid, error.toFailure()));
    // It takes in what still comes, so that the sentence is not lost in a reset; but not for ever.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), this.#helloMs);
    socket.on('close', () => clearTimeout(timer));
  }
}

function tooMany(): SallyportError {
  return new SallyportError('control-protocol', 'Too many connect to this outpost at once.', {
    advice: 'Try again in a moment.',
  });
}
