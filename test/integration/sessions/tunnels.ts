import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { decode, type Instruction } from '../../../main/core/guacamole/instruction.ts';

/** A session's websocket at authentik's end, which is all that a browser sees of an outpost. */
export class TunnelEnd {
  readonly channel: string;
  readonly socket: Socket;
  readonly websocket: WebSocket;
  /** The close code; undefined while it is open. */
  closed: number | undefined;
  /** What is done with frames; they are kept unless told otherwise. */
  onFrame: (frame: Buffer) => void = (frame) => this.frames.push(frame);
  readonly frames: Buffer[] = [];
  readonly kinds = new Set<'text' | 'binary'>();

  constructor(channel: string, websocket: WebSocket, socket: Socket) {
    this.channel = channel;
    this.websocket = websocket;
    this.socket = socket;
    websocket.on('message', (data: Buffer, binary) => {
      this.kinds.add(binary ? 'binary' : 'text');
      this.onFrame(data);
    });
    websocket.on('error', () => {});
    websocket.on('close', (code) => {
      this.closed = code;
    });
  }

  get heard(): Buffer {
    return Buffer.concat(this.frames);
  }

  /** The instructions that came, in parts; throws where a frame does not end at an instruction's border. */
  get instructions(): Instruction[] {
    return this.frames.flatMap((frame) => splitInstructions(frame).map(decode));
  }

  /** The same without the signs of life. */
  get words(): Instruction[] {
    return this.instructions.filter(([opcode]) => opcode !== 'nop');
  }

  send(frame: string | Buffer): void {
    this.websocket.send(frame, { binary: false });
  }

  /** Stops reading, also pings; what comes fills TCP's buffers and then waits at the sender. */
  pause(): void {
    this.websocket.pause();
  }

  resume(): void {
    this.websocket.resume();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Ends the connection in the middle of a frame: it announces 64 KiB and brings one byte. */
  breakMidFrame(): void {
    this.socket.end(Buffer.from([0x81, 0x7e, 0xff, 0xff, 0x7b]));
  }
}

/** Takes a request for a websocket; true where it has done all that there is to do. */
export type Doorkeeper = (socket: Duplex, channel: string) => boolean | Promise<boolean>;

/** Where sessions' websockets arrive: as much of authentik as a session without its link needs. */
export class TunnelServer {
  readonly ends: TunnelEnd[] = [];
  readonly port: number;
  /** Stands before every websocket. */
  doorkeeper: Doorkeeper = () => false;
  /** What is done with the websocket of a file's transfer, by its id. */
  onBulk: (id: string, websocket: WebSocket, request: IncomingMessage) => void = (_id, websocket) =>
    websocket.close();
  readonly #server: Server;
  readonly #websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      const [kind, name] =
        /\/ws\/(outpost_rac|rac\/bulk)\/([^/]+)\/$/.exec(request.url ?? '')?.slice(1) ?? [];
      const channel = decodeURIComponent(name ?? '');
      if (await this.doorkeeper(socket, channel)) return;
      this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
        if (!(socket instanceof Socket)) return;
        if (kind === 'rac/bulk') this.onBulk(channel, websocket, request);
        else this.ends.push(new TunnelEnd(channel, websocket, socket));
      });
    });
  }

  static async listen(): Promise<TunnelServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('It does not listen.');
    return new TunnelServer(server, bound.port);
  }

  /** The newest websocket of this channel. */
  end(channel: string): TunnelEnd | undefined {
    return this.ends.filter((end) => end.channel === channel).at(-1);
  }

  /** Listens no more; websockets that are open stay. */
  refuse(): void {
    this.#server.close();
  }

  close(): Promise<void> {
    for (const { websocket } of this.ends) websocket.terminate();
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
