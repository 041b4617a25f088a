import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import { staysHere } from '../base/host.ts';
import { SallyportError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { Deadline } from './endpoint-deadline.ts';
import { handshakeFailure, upgradeRefusal } from './websocket-failure.ts';
import { AuthentikSocket, type LivenessOptions } from './websocket-socket.ts';

export interface WebSocketOptions extends LivenessOptions {
  /** Ends the opening; an open websocket is not touched by it. */
  readonly signal?: AbortSignal;
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For everything up to the open websocket, from name resolution on; milliseconds. */
  readonly handshakeTimeoutMs?: number;
  /** Bytes of one message. */
  readonly maxPayload?: number;
  /** Frames of one message. */
  readonly maxFragments?: number;
  /** Pieces, as the network delivered them, of one frame that is not complete yet. */
  readonly maxBufferedChunks?: number;
}

/** authentik's own limit for a message is 16 MiB. */
export const WEBSOCKET_LIMITS = {
  handshakeTimeoutMs: 15_000,
  maxPayload: 16 * 1024 * 1024,
  maxFragments: 4096,
  maxBufferedChunks: 65_536,
  /** How long the peer may take to answer our close before the connection is cut; milliseconds. */
  closeTimeoutMs: 1_500,
} as const;

/** Of the body of an answer that refuses the upgrade: enough to tell a web page. */
const MAX_REFUSAL_BYTES = 4096;

/**
 * Opens a websocket to authentik. Resolves with a socket that reads nothing until `onMessage` is called, so that
 * the first message cannot be missed.
 *
 * Rejects with `token-rejected` (401, 403), `upgrade-refused` or `http-status` for another answer, with what
 * `Endpoint.failure` says for the way there, `connect-timeout` when the time is up, `aborted` when `signal` aborts.
 */
export async function openWebSocket(
  endpoint: Endpoint,
  url: URL,
  options: WebSocketOptions = {},
): Promise<AuthentikSocket> {
  const timeoutMs = options.handshakeTimeoutMs ?? WEBSOCKET_LIMITS.handshakeTimeoutMs;
  const deadline = new Deadline(timeoutMs, options.signal);
  try {
    return await open(endpoint, url, options, deadline.signal);
  } catch (error) {
    if (deadline.expired) {
      throw new SallyportError(
        'connect-timeout',
        `authentik at ${endpoint.display} did not open the websocket within ${timeoutMs / 1000} seconds.`,
        { advice: 'Is it overloaded, or does a firewall drop the packets on the way?' },
      );
    }
    if (options.signal?.aborted) throw new SallyportError('aborted', 'Opening the websocket was cancelled.');
    throw handshakeFailure(endpoint, error);
  } finally {
    deadline.clear();
  }
}

function open(
  endpoint: Endpoint,
  url: URL,
  options: WebSocketOptions,
  signal: AbortSignal,
): Promise<AuthentikSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('aborted'));
    const clientOptions: ClientOptions & { closeTimeout: number } = {
      agent: endpoint.agent('websocket', signal),
      headers: { ...options.headers, ...endpoint.headers() },
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: options.maxPayload ?? WEBSOCKET_LIMITS.maxPayload,
      maxFragments: options.maxFragments ?? WEBSOCKET_LIMITS.maxFragments,
      maxBufferedChunks: options.maxBufferedChunks ?? WEBSOCKET_LIMITS.maxBufferedChunks,
      closeTimeout: WEBSOCKET_LIMITS.closeTimeoutMs,
      ...(isUnseen(endpoint) && { generateMask: noMask }),
    };
    // noDelay is set by ws itself on every connection.
    const websocket = new WebSocket(url, clientOptions);
    const abort = () => {
      reject(new Error('aborted'));
      websocket.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    let connection: IncomingMessage['socket'] | undefined;
    websocket.once('upgrade', (response) => {
      connection = response.socket;
    });
    websocket.once('unexpected-response', (request, response) => {
      refusalOf(endpoint, response).then((refusal) => {
        reject(refusal);
        request.destroy();
      });
    });
    // Stays: an error after a refusal or an abort belongs to nobody and must not end the process.
    websocket.on('error', reject);
    websocket.once('open', () => {
      signal.removeEventListener('abort', abort);
      websocket.removeListener('error', reject);
      if (!connection) return reject(new Error('The websocket has no connection.'));
      resolve(new AuthentikSocket(websocket, connection, endpoint, options));
    });
  });
}

/** Whether nobody on the way can read what is sent: it is encrypted, or does not leave this machine. */
function isUnseen({ route }: Endpoint): boolean {
  return route.secure || (route.proxy === null && staysHere(route.host));
}

/** A key of zeros leaves the data as it is, and `ws` does not go through it. See docs/decisions/0012. */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

function refusalOf(endpoint: Endpoint, response: IncomingMessage): Promise<SallyportError> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = () =>
      resolve(
        upgradeRefusal(endpoint, {
          status: response.statusCode ?? 0,
          location: response.headers.location,
          contentType: response.headers['content-type'],
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_REFUSAL_BYTES) done();
    });
    response.once('end', done);
    response.once('error', done);
    response.once('close', done);
  });
}
