import http from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SallyportError } from '../errors.ts';
import type { ProxyServer } from './proxy.ts';
import { proxyRefused, proxyUnreachable } from './proxy-failure.ts';
import type { PeerTrust } from './trust.ts';

/** The way to authentik. */
export interface Route {
  /** Name or address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly proxy: ProxyServer | null;
  readonly trust: PeerTrust;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];
type Connected = (error: Error | null, socket: Duplex) => void;

/** The TCP connection below each TLS connection that was opened here. */
const carriers = new WeakMap<Socket, Socket>();

/** The connection that carries the bytes as the network sees them: below TLS the TCP connection, else `socket` itself. */
export function carrierOf(socket: Socket): Socket {
  return carriers.get(socket) ?? socket;
}

/**
 * An agent that opens one connection along the route and hands it over only when the peer has been checked,
 * so that not a byte (the token least of all) is written to anyone else. Aborting `signal` ends the attempt; throws
 * `aborted` where that was before.
 * Agents keep no connections: requests are minutes apart, and sessions are websockets.
 */
export function agentFor(route: Route, purpose: 'rest' | 'websocket', signal: AbortSignal): http.Agent {
  // Node connects all the same then, and leaves a connection that nobody ends.
  if (signal.aborted) throw new SallyportError('aborted', 'Connecting to authentik was cancelled.');
  if (!route.proxy) return route.secure ? new SecureAgent(route, signal) : new PlainAgent(route, signal);
  // A plain request goes through a proxy as it is; TLS and websockets need a tunnel.
  return route.secure || purpose === 'websocket'
    ? new TunnelAgent(route, route.proxy, signal)
    : new ForwardAgent(route, route.proxy, signal);
}

class PlainAgent extends http.Agent {
  readonly #open: () => Promise<Socket>;

  constructor(route: Route, signal: AbortSignal) {
    super();
    this.#open = () => connect(route, signal);
  }

  override createConnection(_options: http.ClientRequestArgs, done?: Connected): undefined {
    handOver(this.#open(), done);
  }
}

class SecureAgent extends https.Agent {
  readonly #open: () => Promise<Socket>;

  constructor(route: Route, signal: AbortSignal) {
    super({ maxCachedSessions: 0 });
    this.#open = async () => secure(await connect(route, signal), route, signal);
  }

  override createConnection(_options: https.RequestOptions, done?: Connected): undefined {
    handOver(this.#open(), done);
  }
}

class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #route: Route;
  readonly #proxy: ProxyServer;
  readonly #signal: AbortSignal;

  constructor(route: Route, proxy: ProxyServer, signal: AbortSignal) {
    super(proxy.url, { headers: () => proxyHeaders(proxy) });
    Object.assign(this.connectOpts, proxyConnectOptions(route, signal));
    this.#route = route;
    this.#proxy = proxy;
    this.#signal = signal;
  }

  override async connect(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    let status = 0;
    request.once('proxyConnect', (answer: { statusCode: number }) => {
      status = answer.statusCode;
    });
    let socket: Socket;
    try {
      // TLS is ours to do: the agent would check the certificate of an address against the proxy's name.
      socket = await super.connect(request, { ...options, ...{ secureEndpoint: false } });
    } catch (error) {
      throw proxyUnreachable(this.#proxy, error);
    }
    if (status !== 200) {
      socket.destroy();
      throw proxyRefused(this.#proxy, status);
    }
    return this.#route.secure ? secure(socket, this.#route, this.#signal) : socket;
  }
}

class ForwardAgent extends HttpProxyAgent<string> {
  readonly #proxy: ProxyServer;

  constructor(route: Route, proxy: ProxyServer, signal: AbortSignal) {
    super(proxy.url, { headers: () => proxyHeaders(proxy) });
    Object.assign(this.connectOpts, proxyConnectOptions(route, signal));
    this.#proxy = proxy;
  }

  override async connect(
    request: Parameters<HttpProxyAgent<string>['connect']>[0],
    options: Parameters<HttpProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    try {
      return await super.connect(request, options);
    } catch (error) {
      throw proxyUnreachable(this.#proxy, error);
    }
  }
}

function proxyHeaders({ authorization }: ProxyServer): Record<string, string> {
  // Not in the URL, which the agent's own debug output would print.
  return authorization ? { 'Proxy-Authorization': authorization.reveal() } : {};
}

function proxyConnectOptions(
  { trust, proxy }: Route,
  signal: AbortSignal,
): tls.ConnectionOptions & { signal: AbortSignal } {
  const host = proxy?.url.hostname ?? '';
  return {
    signal,
    secureContext: trust.strangerContext,
    rejectUnauthorized: !trust.insecure,
    ...(net.isIP(host) === 0 && !host.startsWith('[') && { servername: host }),
  };
}

async function connect({ host, port }: Route, signal: AbortSignal): Promise<Socket> {
  const socket = net.connect({ host, port, signal });
  socket.setNoDelay();
  await ready(socket, 'connect');
  return socket;
}

async function secure(raw: Socket, { host, trust }: Route, signal: AbortSignal): Promise<Socket> {
  const socket = tls.connect({
    socket: raw,
    servername: net.isIP(host) ? '' : host,
    secureContext: trust.secureContext,
    ALPNProtocols: ['http/1.1'],
    // Verified all the same, by `trust.refusal` below, before the socket is given to anyone.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const abort = () => socket.destroy(new Error('The TLS handshake was cancelled.'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await ready(socket, 'secureConnect');
  } catch (error) {
    raw.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const refusal = trust.refusal(socket, host);
  if (refusal) {
    // Ends both at once: what is queued is dropped, and nothing of ours was queued yet.
    socket.destroy();
    raw.destroy();
    throw refusal;
  }
  carriers.set(socket, raw);
  return socket;
}

/** Resolves on `event`; rejects on error, or on a close that comes first. */
function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      socket.removeListener(event, onReady);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
    };
    const onReady = () => {
      settle();
      resolve();
    };
    const onError = (error: Error) => {
      settle();
      // A second error of a socket nobody owns any more must not end the process.
      socket.on('error', () => {});
      reject(error);
    };
    const onClose = () =>
      onError(new Error('Client network socket disconnected before secure TLS connection was established'));
    socket.once(event, onReady);
    socket.once('error', onError);
    socket.once('close', onClose);
  });
}

function handOver(opening: Promise<Socket>, done: Connected | undefined): undefined {
  opening.then(
    (socket) => done?.(null, socket),
    // Node takes the error alone; its type asks for a socket.
    (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
  );
}
