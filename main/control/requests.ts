import type { Socket } from 'node:net';
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
import type { Member } from './members.ts';

export interface RequestLimits {
  /** Bytes of one message that comes in. */
  readonly messageBytes: number;
  /** Requests of one connection that are being worked on. */
  readonly requestsInFlight: number;
  /** Bytes a connection may leave unread before notifications pass it by. */
  readonly notifyBytes: number;
  /** Bytes a connection may leave unread before it is cut. */
  readonly queuedBytes: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  messageBytes: 1024 * 1024,
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

export interface RequestsOptions {
  readonly handlers: ControlHandlers;
  /** What may be asked; null for everything. */
  readonly methods: ReadonlySet<Method> | null;
  readonly limits: RequestLimits;
  readonly logger: Logger;
}

/** Answers what comes on connections that have been let in. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** From here on the socket belongs to this connection; `member` is who it is, where that was asked. */
  serve(socket: Socket, member: Member | null): void {
    const { logger, limits } = this.#options;
    const { messageBytes, queuedBytes, notifyBytes, requestsInFlight } = limits;
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
          if (violation) logger.log('warning', 'A control connection was cut', { why: violation.message });
          gone.abort();
          for (const end of running.values()) end();
          running.clear();
        },
      },
    );
  }

  async #answer(method: string, params: unknown, context: ControlContext): Promise<object> {
    const { methods, logger } = this.#options;
    if (!isMethod(method))
      throw new SallyportError(
        'control-protocol',
        `This outpost (version ${VERSION}) does not know “${method}”.`,
        {
          advice: 'Restart it, so that it and the command are of the same version.',
        },
      );
    if (methods?.has(method) === false)
      throw new SallyportError('request-invalid', `“${method}” is for the admin of this outpost alone.`, {
        advice: 'Ask them, or use the `sallyport` command as the user that the outpost runs as.',
      });
    try {
      return await this.#handle(method, params, context);
    } catch (error) {
      const failure = SallyportError.from(error, `The command “${method}”`);
      // Its own sentences are for whoever asked; what nobody foresaw is for the log too.
      if (failure.code === 'internal') logger.log('error', 'A control command failed', { method, error });
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
      this.#options.handlers[method];
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
