import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import * as v from 'valibot';
import { Emitter, type Unsubscribe } from '../core/base/emitter.ts';
import { SallyportError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { type Channel, openChannel } from './channel.ts';
import {
  decodeIssue,
  type Method,
  NOTIFICATIONS,
  type NotificationName,
  type NotificationParams,
  type Params,
  REQUESTS,
  type Result,
} from './contract.ts';
import { decodeGreeting, GREETING_MAX_BYTES, type Greeting, helloLine } from './greeting.ts';
import { readLine } from './line.ts';
import { MEMBERS_SOCKET, proofFolder } from './members.ts';
import { leaveProof } from './proof.ts';
import { isNamedPipe } from './socket-file.ts';
import type { StreamKind } from './tickets.ts';

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export interface ConnectOptions {
  /** Milliseconds for the connection and for each request that does not bring its own. */
  readonly timeoutMs?: number;
  /** The door for members, the one place where this end says who it is; a test brings its own. */
  readonly membersDoor?: string;
}

export interface RequestOptions {
  /** Milliseconds to wait for the answer; null waits as long as the connection lives. */
  readonly timeoutMs?: number | null;
}

/**
 * Connects to the outpost that listens on `path`. Rejects with `control-unreachable` where none does, with
 * `control-protocol` where something else or another generation answers, with `control-refused` where it does not let
 * this person in.
 */
export async function connectControl(
  path: string,
  { timeoutMs = 10_000, membersDoor = MEMBERS_SOCKET }: ConnectOptions = {},
): Promise<ControlClient> {
  const { socket, greeting } = await greeted(path, helloLine('control', VERSION), { timeoutMs, membersDoor });
  return new ControlClient(socket, timeoutMs, greeting.version ?? 'unknown', greeting.pid ?? null, path);
}

/**
 * A stream that a request was answered with a ticket for. Resolves with the socket, paused, where the greeting has
 * been said: what comes now is the stream. Rejects with `ticket-invalid`, or as `connectControl` does.
 */
export async function openStream(
  path: string,
  kind: StreamKind,
  ticket: string,
  { timeoutMs = 10_000, membersDoor = MEMBERS_SOCKET }: ConnectOptions = {},
): Promise<Socket> {
  return (await greeted(path, helloLine(kind, VERSION, ticket), { timeoutMs, membersDoor })).socket;
}

/** A socket on which both have said what they are. */
async function greeted(
  path: string,
  hello: string,
  { timeoutMs, membersDoor }: Required<ConnectOptions>,
): Promise<{ readonly socket: Socket; readonly greeting: Greeting }> {
  await checkOwner(path, membersDoor);
  const socket = await dial(path, timeoutMs);
  const answer = async (line: string) => {
    socket.write(line);
    return decodeGreeting(await readLine(socket, { maxBytes: GREETING_MAX_BYTES, timeoutMs }));
  };
  try {
    const greeting = await answer(hello);
    const { prove } = greeting;
    if (prove === undefined) return { socket, greeting };
    // Elsewhere somebody might ask for it to show it to the outpost as theirs.
    if (path !== membersDoor) throw askedElsewhere(path);
    const remove = await leaveProof(proofFolder(path), prove);
    try {
      return { socket, greeting: await answer(helloLine('proof', VERSION)) };
    } finally {
      await remove();
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The other side of `contract.ts`, typed from its tables. */
export class ControlClient {
  readonly #channel: Channel;
  readonly #timeoutMs: number;
  readonly #closed = new Emitter<SallyportError | undefined>();
  readonly #told = new Map<NotificationName, Emitter<unknown>>();
  #open = true;

  /** Only `connectControl` makes one: the hello has been said. */
  constructor(
    socket: Socket,
    timeoutMs: number,
    /** The outpost's version. */
    readonly serverVersion: string,
    readonly serverPid: number | null,
    /** The socket that it listens on. */
    readonly path: string,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#channel = openChannel(
      socket,
      { maxMessageBytes: MAX_MESSAGE_BYTES, maxQueuedBytes: MAX_MESSAGE_BYTES },
      {
        onRequest: async () => {
          throw new SallyportError('control-protocol', 'This end answers no requests.');
        },
        onNotification: (method, params) => {
          if (isNotification(method)) this.#told.get(method)?.emit(params);
        },
        onClose: (violation) => {
          this.#open = false;
          this.#closed.emit(violation);
        },
      },
    );
  }

  /** Rejects with the outpost's own failure, `connection-lost`, `connect-timeout` or `control-protocol`. */
  async request<M extends Method>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    const answer = await this.#inTime(method, this.#channel.request(method, params), options);
    // The table's type for this line; the compiler sees the union of all lines.
    const decoder = REQUESTS[method].result as v.GenericSchema<unknown, Result<M>>;
    const decoded = v.safeParse(decoder, answer);
    if (decoded.success) return decoded.output;
    throw new SallyportError(
      'control-protocol',
      `The outpost’s answer to “${method}” cannot be read: ${decodeIssue(decoded.issues)}.`,
      { advice: `It is version ${this.serverVersion}, this is ${VERSION}: restart the older one.` },
    );
  }

  /** A stream of the same outpost’s, as the function of this name opens it. */
  openStream(kind: StreamKind, ticket: string): Promise<Socket> {
    return openStream(this.path, kind, ticket, { timeoutMs: this.#timeoutMs });
  }

  /** What the outpost tells on its own; what cannot be read (a newer outpost's) is passed over. */
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): Unsubscribe {
    const decoder = NOTIFICATIONS[name] as v.GenericSchema<unknown, NotificationParams<N>>;
    const emitter = this.#told.get(name) ?? new Emitter<unknown>();
    this.#told.set(name, emitter);
    return emitter.on((params) => {
      const decoded = v.safeParse(decoder, params);
      if (decoded.success) listener(decoded.output);
    });
  }

  /** Called once when the connection is gone, whoever ended it; at once where it already is. */
  onClose(listener: (violation: SallyportError | undefined) => void): Unsubscribe {
    if (this.#open) return this.#closed.on(listener);
    listener(undefined);
    return () => {};
  }

  close(): void {
    this.#channel.close();
  }

  async #inTime<T>(method: string, answer: Promise<T>, options: RequestOptions): Promise<T> {
    const timeoutMs = options.timeoutMs === undefined ? this.#timeoutMs : options.timeoutMs;
    if (timeoutMs === null) return answer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new SallyportError(
              'connect-timeout',
              `The outpost did not answer “${method}” within ${timeoutMs / 1000} s.`,
              {
                advice: 'Is it busy or stopped? Look at its log.',
              },
            ),
          ),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function dial(path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const fail = (error: unknown) => {
      socket.destroy();
      reject(unreachable(path, error));
    };
    socket.setTimeout(timeoutMs, () => fail(undefined));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      // Its end is told by `close`.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

function askedElsewhere(path: string): SallyportError {
  return new SallyportError('control-protocol', `What answers at ${path} asks for a proof of who you are.`, {
    advice: 'An outpost asks for that at its door for members alone; find out what runs there.',
  });
}

function unreachable(path: string, error: unknown): SallyportError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM')
    return new SallyportError('control-unreachable', `The outpost at ${path} belongs to another user.`, {
      advice: 'Run the command as that user, or with sudo.',
      cause: error,
    });
  return new SallyportError('control-unreachable', `No outpost is running here (looked at ${path}).`, {
    advice: 'Start it with `sallyport run`.',
    cause: error,
  });
}

/** A token is sent over this socket: nobody else may have put it there. */
async function checkOwner(path: string, membersDoor: string): Promise<void> {
  const me = process.getuid?.();
  if (me === undefined || me === 0 || isNamedPipe(path) || path === membersDoor) return;
  const owner = await stat(path).then(
    ({ uid }) => uid,
    () => me,
  );
  if (owner === me || owner === 0) return;
  throw new SallyportError('control-unreachable', `The control socket ${path} belongs to another user.`, {
    advice: 'Run the command as that user, or name another --state-dir.',
  });
}

function isNotification(method: string): method is NotificationName {
  return Object.hasOwn(NOTIFICATIONS, method);
}
