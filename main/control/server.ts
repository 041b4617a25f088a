import { createServer, type Server, type Socket } from 'node:net';
import * as v from 'valibot';
import type { Unsubscribe } from '../core/base/emitter.ts';
import type { Logger } from '../core/base/logger.ts';
import { SallyportError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { openChannel } from './channel.ts';
import {
  decodeIssue,
  type Method,
  type NotificationName,
  type NotificationParams,
  type Params,
  REQUESTS,
  type Result,
} from './contract.ts';
import { decodeHello, greetingLine, HELLO_MAX_BYTES, type Hello, questionLine } from './greeting.ts';
import { readLine } from './line.ts';
import type { Member } from './members.ts';
import { listenOnFile } from './socket-file.ts';
import { isStreamKind, type StreamKind, type Tickets } from './tickets.ts';

export interface ControlLimits {
  /** Connections at once, streams aside. */
  readonly connections: number;
  /** Streams at once: windows that show a session, recordings that are played. */
  readonly streams: number;
  /** Bytes of one message that comes in. */
  readonly messageBytes: number;
  /** Milliseconds a connection has for its hello line. */
  readonly helloMs: number;
  /** Requests of one connection that are being worked on. */
  readonly requestsInFlight: number;
  /** Bytes a connection may leave unread before notifications pass it by. */
  readonly notifyBytes: number;
  /** Bytes a connection may leave unread before it is cut. */
  readonly queuedBytes: number;
}

export const CONTROL_LIMITS: ControlLimits = {
  connections: 64,
  streams: 128,
  messageBytes: 1024 * 1024,
  helloMs: 5000,
  requestsInFlight: 32,
  notifyBytes: 1024 * 1024,
  queuedBytes: 32 * 1024 * 1024,
};

/** What a handler may do with the connection its request came on. */
export interface ControlContext {
  /** False where the connection reads too slowly: this one passed it by. */
  notify<N extends NotificationName>(name: N, params: NotificationParams<N>): boolean;
  /** Starts what `begin` starts once for this connection, and ends it with the connection. */
  once(key: string, begin: () => Unsubscribe): void;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** Who came in by the door for members; null at the socket of the outpost's own user. */
  readonly member: Member | null;
}

export type ControlHandlers = {
  readonly [M in Method]: (params: Params<M>, context: ControlContext) => Result<M> | Promise<Result<M>>;
};

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
   * Who is at the other end. `ask` says a word to them, and resolves when they say that its file is there; see
   * `Proofs`. As it rejects, so does this, and with `control-refused` for who is not to come in.
   */
  identify(ask: (nonce: string) => Promise<void>): Promise<Member>;
}

/** The outpost's side of the control socket. */
export class ControlServer {
  readonly path: string;
  readonly #server: Server;
  readonly #handlers: ControlHandlers;
  readonly #tickets: Tickets;
  readonly #logger: Logger;
  readonly #limits: ControlLimits;
  readonly #methods: ReadonlySet<Method> | null;
  readonly #gate: Gate | null;
  readonly #sockets = new Set<Socket>();
  /** Those among them that are streams. */
  readonly #streams = new Set<Socket>();

  private constructor(options: ControlServerOptions) {
    const { path, handlers, tickets, logger, limits, methods, gate } = options;
    this.#methods = methods ?? null;
    this.#gate = gate ?? null;
    this.path = path;
    this.#handlers = handlers;
    this.#tickets = tickets;
    this.#logger = logger.child('control');
    this.#limits = { ...CONTROL_LIMITS, ...limits };
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
    for (const socket of this.#sockets) socket.destroySoon();
    // Who does not read what is still to come is not waited for.
    setImmediate(() => {
      for (const socket of this.#sockets) socket.destroy();
    });
    // Node removes the file itself, right at the close: by now another outpost may have put its own there.
    await closed;
  }

  async #welcome(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', (error) => this.#logger.log('debug', 'A control connection failed', { error }));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#streams.delete(socket);
    });
    try {
      if (this.#sockets.size - this.#streams.size > this.#limits.connections)
        throw new SallyportError(
          'control-protocol',
          `All ${this.#limits.connections} control connections are taken.`,
          { advice: 'End some of the `sallyport` commands that watch this outpost.' },
        );
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
      const member = this.#gate && (await this.#gate.identify((nonce) => this.#question(socket, nonce)));
      // Finding out who it is takes a while.
      if (socket.destroyed) return;
      socket.write(greetingLine(VERSION, process.pid));
      this.#serve(socket, member);
    } catch (error) {
      this.#turnAway(socket, SallyportError.from(error, 'The hello'));
    }
  }

  async #hello(socket: Socket): Promise<Hello> {
    return decodeHello(
      await readLine(socket, { maxBytes: HELLO_MAX_BYTES, timeoutMs: this.#limits.helloMs }),
    );
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
    if (this.#streams.size >= this.#limits.streams)
      throw new SallyportError('control-protocol', `All ${this.#limits.streams} streams are taken.`, {
        advice: 'Close some of the windows that show sessions of this outpost.',
      });
    const accept = this.#tickets.redeem(kind, ticket);
    this.#streams.add(socket);
    socket.write(greetingLine(VERSION, process.pid));
    accept(socket);
  }

  #turnAway(socket: Socket, error: SallyportError): void {
    this.#logger.log('debug', 'A control connection was turned away', { error: error.message });
    if (socket.destroyed) return;
    socket.end(greetingLine(VERSION, process.pid, error.toFailure()));
    // It takes in what still comes, so that the sentence is not lost in a reset; but not for ever.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), this.#limits.helloMs);
    socket.on('close', () => clearTimeout(timer));
  }

  #serve(socket: Socket, member: Member | null): void {
    const { messageBytes, queuedBytes, notifyBytes, requestsInFlight } = this.#limits;
    const gone = new AbortController();
    const running = new Map<string, Unsubscribe>();
    let inFlight = 0;
    const context: ControlContext = {
      signal: gone.signal,
      member,
      notify: (name, params) => {
        if (gone.signal.aborted || channel.queuedBytes > notifyBytes) return false;
        channel.notify(name, params);
        return true;
      },
      once: (key, begin) => {
        if (!gone.signal.aborted && !running.has(key)) running.set(key, begin());
      },
    };
    const channel = openChannel(
      socket,
      { maxMessageBytes: messageBytes, maxQueuedBytes: queuedBytes },
      {
        onRequest: async (method, params) => {
          if (inFlight >= requestsInFlight)
            throw new SallyportError('control-protocol', `More than ${requestsInFlight} requests at once.`);
          inFlight += 1;
          try {
            return await this.#answer(method, params, context);
          } finally {
            inFlight -= 1;
          }
        },
        // This version knows none; a newer client may.
        onNotification: () => {},
        onClose: (violation) => {
          if (violation)
            this.#logger.log('warning', 'A control connection was cut', { why: violation.message });
          gone.abort();
          for (const end of running.values()) end();
          running.clear();
        },
      },
    );
  }

  async #answer(method: string, params: unknown, context: ControlContext): Promise<object> {
    if (!isMethod(method))
      throw new SallyportError(
        'control-protocol',
        `This outpost (version ${VERSION}) does not know “${method}”.`,
        {
          advice: 'Restart it, so that it and the command are of the same version.',
        },
      );
    if (this.#methods?.has(method) === false)
      throw new SallyportError('request-invalid', `“${method}” is for the admin of this outpost alone.`, {
        advice: 'Ask them, or use the `sallyport` command as the user that the outpost runs as.',
      });
    try {
      return await this.#handle(method, params, context);
    } catch (error) {
      const failure = SallyportError.from(error, `The command “${method}”`);
      // Its own sentences are for whoever asked; what nobody foresaw is for the log too.
      if (failure.code === 'internal')
        this.#logger.log('error', 'A control command failed', { method, error });
      throw failure;
    }
  }

  async #handle<M extends Method>(method: M, params: unknown, context: ControlContext): Promise<object> {
    const { params: decoder, result: encoder } = REQUESTS[method];
    const decoded = v.safeParse(decoder, params);
    if (!decoded.success)
      throw new SallyportError(
        'request-invalid',
        `“${method}” was asked wrongly: ${decodeIssue(decoded.issues)}.`,
      );
    const handler: (params: never, context: ControlContext) => object | Promise<object> =
      this.#handlers[method];
    // `decoded` and `handler` come from the same line of the table, which the compiler cannot follow.
    const answer = v.safeParse(encoder, await handler(decoded.output as never, context));
    if (!answer.success)
      throw new Error(`the answer is not what the contract says: ${decodeIssue(answer.issues)}`);
    return answer.output;
  }
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(REQUESTS, method);
}
