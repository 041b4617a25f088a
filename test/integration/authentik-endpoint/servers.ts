import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Issued } from './certificates.ts';

/** A server on 127.0.0.1 that can be asked what reached it. */
export interface TestServer {
  readonly port: number;
  /** `METHOD path` of every request and upgrade that arrived, in order. */
  readonly requests: string[];
  readonly headers: http.IncomingHttpHeaders[];
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly tls?: https.ServerOptions & Partial<Issued>;
  readonly onRequest?: http.RequestListener;
  readonly onUpgrade?: (request: http.IncomingMessage, socket: Socket, head: Buffer) => void;
}

export async function startServer({ tls, onRequest, onUpgrade }: ServerOptions): Promise<TestServer> {
  const requests: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const note = (request: http.IncomingMessage) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
  };
  const server = tls ? https.createServer(tls) : http.createServer();
  server.on('request', (request, response) => {
    note(request);
    if (onRequest) onRequest(request, response);
    else response.end('{}');
  });
  if (onUpgrade) {
    server.on('upgrade', (request, socket: Socket, head) => {
      note(request);
      socket.on('error', () => {});
      onUpgrade(request, socket, head);
    });
  }
  server.on('tlsClientError', () => {});
  return { ...(await listen(server)), requests, headers };
}

/** Makes any server listen, and remembers its connections so that it can be closed with them. */
export async function listen(server: net.Server): Promise<Pick<TestServer, 'port' | 'sockets' | 'close'>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A server that takes connections and does with them whatever `onConnection` says. */
export async function startRaw(onConnection: (socket: Socket) => void) {
  return listen(net.createServer(onConnection));
}

export interface TestProxy extends TestServer {
  /** `host:port` of every tunnel that was asked for. */
  readonly tunnels: string[];
  /** The client certificates that were shown to a proxy with TLS. */
  readonly shown: unknown[];
}

export interface ProxyOptions {
  /** `name:password`; 407 for anyone else. */
  readonly credentials?: string;
  /** Answered to every CONNECT instead of opening the tunnel. */
  readonly refuseWith?: number;
  /** The proxy itself is spoken to in TLS. */
  readonly tls?: https.ServerOptions;
}

/** An HTTP proxy that knows every name and leads it to 127.0.0.1. */
export async function startProxy({ credentials, refuseWith, tls }: ProxyOptions = {}): Promise<TestProxy> {
  const tunnels: string[] = [];
  const shown: unknown[] = [];
  const requests: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = tls ? https.createServer(tls) : http.createServer();
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket: TLSSocket) => shown.push(socket.getPeerCertificate().subject?.CN));
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    if (expected && request.headers['proxy-authorization'] !== expected) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end();
      return;
    }
    const url = new URL(request.url ?? '');
    const { 'proxy-authorization': _, 'proxy-connection': __, ...passed } = request.headers;
    const onward = http.request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: passed,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    tunnels.push(request.url ?? '');
    headers.push(request.headers);
    socket.on('error', () => {});
    const refused = expected && request.headers['proxy-authorization'] !== expected ? 407 : refuseWith;
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = net.connect(Number(request.url?.split(':').pop()), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad gateway\r\n\r\n'));
    socket.on('close', () => onward.destroy());
  });
  return { ...(await listen(server)), requests, headers, tunnels, shown };
}
