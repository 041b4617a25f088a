import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export const TOKEN = 'benchmark-token';
const PK = '00000000-0000-4000-8000-000000000001';

/** The end of a session that only counts what arrives: cheap, so that the outpost is what is measured. */
export interface Sink {
  bytes: number;
  onBytes: (() => void) | undefined;
}

/** As much of authentik as a benchmark needs: REST, the event websocket, and sessions' websockets. */
export class BenchAuthentik {
  readonly #server: Server;
  readonly #websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly sinks = new Map<string, Sink>();
  readonly tunnels = new Map<string, WebSocket>();
  #events: WebSocket | undefined;
  onTunnel: (channel: string) => void = () => {};
  onBulk: (websocket: WebSocket) => void = (websocket) => websocket.close();

  static async listen(): Promise<BenchAuthentik> {
    const authentik = new BenchAuthentik();
    await new Promise<void>((resolve) => authentik.#server.listen(0, '127.0.0.1', resolve));
    return authentik;
  }

  private constructor() {
    this.#server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(INSTANCES));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const channel = /^\/ws\/outpost_rac\/([^/]+)\//.exec(request.url ?? '')?.[1];
      if (channel?.startsWith('sink')) return this.#sink(channel, request, socket);
      this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
        if (request.url?.startsWith('/ws/rac/bulk/')) return this.onBulk(websocket);
        if (channel === undefined) return this.#serveEvents(websocket);
        this.tunnels.set(channel, websocket);
        this.onTunnel(channel);
      });
    });
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string')
      throw new Error('The authentik of the benchmark does not listen.');
    return address.port;
  }

  get online(): boolean {
    return this.#events !== undefined;
  }

  /**
   * Asks the outpost for a session; channels that begin with `sink` only count bytes, and one that begins with
   * `drive` has a drive.
   */
  open(channel: string): void {
    const drive = channel.startsWith('drive');
    const args = {
      type: 'event.provider.specific',
      sub_type: 'init_connection',
      dest_channel_id: channel,
      protocol: drive ? 'rdp' : 'ssh',
      params: { hostname: channel, ...(drive && DRIVE) },
    };
    this.#events?.send(JSON.stringify({ instruction: 3, args }));
  }

  /** Forgets who is online, before another outpost is started. */
  forget(): void {
    this.#events = undefined;
  }

  close(): void {
    this.#events?.terminate();
    for (const tunnel of this.tunnels.values()) tunnel.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #serveEvents(websocket: WebSocket): void {
    this.#events = websocket;
    websocket.on('message', () => websocket.send('{"instruction":0,"args":{}}'));
    websocket.on('error', () => {});
  }

  #sink(channel: string, request: IncomingMessage, socket: Duplex): void {
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const sink: Sink = { bytes: 0, onBytes: undefined };
    this.sinks.set(channel, sink);
    socket.on('data', (chunk: Buffer) => {
      sink.bytes += chunk.length;
      sink.onBytes?.();
    });
    socket.on('error', () => {});
    this.onTunnel(channel);
  }
}

const DRIVE = { 'enable-drive': 'true', 'drive-path': '/tmp/connection/x', 'rac-allow-download': 'true' };

const INSTANCES = {
  pagination: { next: 0, previous: 0, count: 1, current: 1, total_pages: 1, start_index: 1, end_index: 1 },
  results: [
    {
      pk: PK,
      name: 'benchmark',
      type: 'rac',
      providers: [1],
      providers_obj: [{ pk: 1, name: 'benchmark' }],
      service_connection: null,
      refresh_interval_s: 300,
      config: {},
      managed: null,
    },
  ],
};
