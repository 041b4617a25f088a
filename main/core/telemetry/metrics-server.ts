import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { Emitter, type Unsubscribe } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { failureText } from '../errors.ts';
import type { MetricsState } from '../status.ts';
import { listenFailure } from './listen-failure.ts';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The answer to `/metrics`. */
  readonly render: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** Whether `/-/ready` answers 200: the link is online. */
  readonly ready: () => boolean;
  readonly logger: Logger;
  /** Time between two tries to listen, in milliseconds; default 10 s. */
  readonly retryMs?: number;
  /** Connections at once; default 64. */
  readonly maxConnections?: number;
  /** Bytes of a request's head; default 8 KiB. */
  readonly maxHeaderBytes?: number;
  /** A request must have arrived, and an answer must be taken, within this many milliseconds; default 10 s. */
  readonly requestTimeoutMs?: number;
  /** A connection between two scrapes is kept this long, in milliseconds; default 75 s. */
  readonly keepAliveMs?: number;
}

type MetricsServerLimits = Required<MetricsServerOptions>;

/**
 * The endpoint for Prometheus and health checks. It never keeps the outpost from running: where its port is
 * taken, its state says so and it tries again.
 */
export class MetricsServer {
  readonly #options: MetricsServerLimits;
  readonly #states: Emitter<MetricsState>;
  readonly #sockets = new Set<Socket>();
  #state: MetricsState = { kind: 'off' };
  #server: Server | undefined;
  #retry: NodeJS.Timeout | undefined;
  #wanted = false;
  #rendering: Promise<{ readonly contentType: string; readonly body: string }> | undefined;

  constructor(options: MetricsServerOptions) {
    this.#options = {
      retryMs: 10_000,
      maxConnections: 64,
      maxHeaderBytes: 8 * 1024,
      requestTimeoutMs: 10_000,
      keepAliveMs: 75_000,
      ...options,
    };
    this.#states = new Emitter();
  }

  get state(): MetricsState {
    return this.#state;
  }

  onState(listener: (state: MetricsState) => void): Unsubscribe {
    return this.#states.on(listener);
  }

  /** Resolves after the first try, whether it listens or not; look at `state`. */
  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    await this.#listen();
  }

  /** Closes the port and every connection. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#retry);
    const server = this.#server;
    this.#server = undefined;
    if (server) {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of this.#sockets) socket.destroy();
      });
    }
    this.#setState({ kind: 'off' });
  }

  async #listen(): Promise<void> {
    const { host, port, logger, retryMs } = this.#options;
    const server = this.#createServer();
    this.#server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      if (this.#server !== server) return;
      const failure = listenFailure(error, host, port);
      const again = `The outpost runs without metrics and tries again every ${Math.ceil(retryMs / 1000)} s.`;
      const reason = { ...failure, advice: `${failure.advice} ${again}` };
      if (this.#state.kind !== 'failed' || this.#state.reason.message !== reason.message) {
        logger.log('warning', 'Metrics are not served', { reason: failureText(reason) });
      }
      this.#setState({ kind: 'failed', address: addressText(host, port), reason });
      this.#retry = setTimeout(() => void this.#listen(), retryMs);
      this.#retry.unref();
      return;
    }
    // Stopped while it was opening; `stop` has closed it.
    if (this.#server !== server) return;
    server.on('error', (error) => logger.log('warning', 'The metrics server had a problem', { error }));
    const bound = server.address();
    const address = addressText(host, bound !== null && typeof bound === 'object' ? bound.port : port);
    logger.log('info', 'Metrics are served', { address });
    this.#setState({ kind: 'listening', address });
  }

  #createServer(): Server {
    const { maxConnections, maxHeaderBytes, requestTimeoutMs, keepAliveMs } = this.#options;
    const server = createServer(
      {
        maxHeaderSize: maxHeaderBytes,
        // How often Node looks for requests that are late.
        connectionsCheckingInterval: Math.max(100, Math.min(2_000, requestTimeoutMs / 2)),
      },
      (request, response) => void this.#answerSafely(request, response),
    );
    server.maxConnections = maxConnections;
    server.headersTimeout = requestTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    server.timeout = requestTimeoutMs;
    server.keepAliveTimeout = keepAliveMs;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  async #answerSafely(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.#options.logger.log('error', 'Metrics could not be read', { error });
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'This could not be read; the log says why.\n');
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0];
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      // Its body is not read, so nothing can follow on this connection.
      response.setHeader('Connection', 'close');
      return sendText(response, 405, 'Only GET and HEAD are answered here.\n');
    }
    switch (path) {
      case '/metrics':
        return await this.#answerMetrics(response);
      case '/outpost.goauthentik.io/ping':
        response.writeHead(204).end();
        return;
      case '/-/ready':
        return this.#options.ready()
          ? sendText(response, 200, 'The outpost is connected to authentik.\n')
          : sendText(response, 503, 'The outpost is not connected to authentik.\n');
      default:
        return sendText(response, 404, 'Try /metrics, /-/ready or /outpost.goauthentik.io/ping.\n');
    }
  }

  async #answerMetrics(response: ServerResponse): Promise<void> {
    // Many readers at once get the same answer.
    this.#rendering ??= this.#options.render().finally(() => {
      this.#rendering = undefined;
    });
    const { contentType, body } = await this.#rendering;
    response.setHeader('Content-Type', contentType);
    response.end(body);
  }

  #setState(state: MetricsState): void {
    if (state.kind === 'off' && this.#state.kind === 'off') return;
    this.#state = state;
    this.#states.emit(state);
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

function addressText(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
