import type { Socket } from 'node:net';
import * as v from 'valibot';
import { createMessageConnection, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { Unsubscribe } from '../core/base/emitter.ts';
import type { Failure } from '../core/errors.ts';
import { SallyportError } from '../core/errors.ts';
import { BoundedReader, BoundedWriter } from './messages.ts';
import { failure } from './status-schema.ts';

/** JSON-RPC's range for errors of the application. */
const APPLICATION_ERROR = -32000;

export interface ChannelLimits {
  /** Bytes of one message that comes in. */
  readonly maxMessageBytes: number;
  /** Bytes that may wait for the other end to read them; beyond, the connection is cut. */
  readonly maxQueuedBytes: number;
}

export interface ChannelHandlers {
  /** Answers a request, or rejects with what becomes the error's `data`. */
  readonly onRequest: (method: string, params: unknown) => Promise<object>;
  readonly onNotification: (method: string, params: unknown) => void;
  /** Once; `violation` says what the other end did wrong, where that was the cause. */
  readonly onClose: (violation: SallyportError | undefined) => void;
}

/** One control connection after its hello: requests and notifications both ways, not yet typed. */
export interface Channel {
  /** Rejects with the other end's failure, or `connection-lost`. */
  request(method: string, params: object): Promise<unknown>;
  /** Without a promise: what cannot be sent is lost with the connection. */
  notify(method: string, params: object): void;
  /** Bytes that wait for the other end. */
  readonly queuedBytes: number;
  close: Unsubscribe;
}

export function openChannel(
  socket: Socket,
  { maxMessageBytes, maxQueuedBytes }: ChannelLimits,
  { onRequest, onNotification, onClose }: ChannelHandlers,
): Channel {
  const connection = createMessageConnection(
    new BoundedReader(socket, maxMessageBytes),
    new BoundedWriter(socket, maxQueuedBytes),
  );
  let closed = false;
  const finish = (violation?: SallyportError) => {
    if (closed) return;
    closed = true;
    connection.dispose();
    onClose(violation);
  };
  connection.onRequest(async (method, params) => {
    try {
      return await onRequest(method, params ?? {});
    } catch (error) {
      return responseError(SallyportError.from(error, `The command “${method}”`).toFailure());
    }
  });
  connection.onNotification((method, params) => onNotification(method, params ?? {}));
  connection.onError(([error]) => {
    socket.end();
    // The peer that broke the rules may also not read its end.
    setImmediate(() => socket.destroy());
    finish(SallyportError.from(error, 'The control connection', 'control-protocol'));
  });
  connection.onClose(() => finish());
  connection.listen();
  // It was paused since its hello line.
  socket.resume();
  return {
    async request(method, params) {
      try {
        return await connection.sendRequest<unknown>(method, params);
      } catch (error) {
        throw requestFailure(method, error);
      }
    },
    notify(method, params) {
      if (closed) return;
      connection.sendNotification(method, params).catch(() => {});
    },
    get queuedBytes() {
      return socket.writableLength;
    },
    close() {
      socket.end();
      finish();
    },
  };
}

function responseError(told: Failure): ResponseError<Failure> {
  return new ResponseError(APPLICATION_ERROR, told.message, told);
}

function requestFailure(method: string, error: unknown): SallyportError {
  if (error instanceof SallyportError) return error;
  if (!(error instanceof ResponseError) || error.code !== APPLICATION_ERROR) {
    const cut =
      !(error instanceof ResponseError) ||
      error.code === ErrorCodes.PendingResponseRejected ||
      error.code === ErrorCodes.MessageWriteError;
    return cut
      ? new SallyportError('connection-lost', `The outpost went away before it answered “${method}”.`, {
          advice: 'Look at its log for the reason.',
          cause: error,
        })
      : new SallyportError('control-protocol', `The outpost did not take “${method}”: ${error.message}`);
  }
  const told = v.safeParse(failure, error.data);
  return told.success
    ? new SallyportError(told.output.code, told.output.message, { advice: told.output.advice })
    : new SallyportError('control-protocol', `The outpost refused “${method}”: ${error.message}`);
}
