import { createServer, type Server, type Socket } from 'node:net';
import { Framer, splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { decode, encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';
import type { GuacdAddress } from '../../../main/core/guacd/address.ts';

const NAMES = ['VERSION_1_5_0', 'hostname', 'port', 'password', 'drive-path', 'read-only'] as const;
export const ARGS = encode('args', ...NAMES);
export const CONNECTION = '$11111111-2222-3333-4444-555555555555';
export const READY = encode('ready', CONNECTION);

/** What is done at one step of a handshake. */
export type Step = (end: GuacdEnd) => void;

/** A session's socket at guacd's end. After the handshake its bytes are kept as they came. */
export class GuacdEnd {
  readonly socket: Socket;
  readonly handshake: Instruction[] = [];
  closed = false;
  /** What is done with bytes after the handshake; they are kept unless told otherwise. */
  onBytes: (bytes: Buffer) => void = (bytes) => this.#kept.push(bytes);
  readonly #kept: Buffer[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Everything that came after the handshake. */
  get heard(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** A connection parameter as it came, by its name. */
  parameter(name: (typeof NAMES)[number]): string | undefined {
    return this.handshake.find(([opcode]) => opcode === 'connect')?.[1 + NAMES.indexOf(name)];
  }

  send(...parts: readonly (string | Buffer)[]): void {
    this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
  }

  /** Writes `bytes` as fast as they are taken; resolves when all are, or the connection is gone. */
  async stream(bytes: Buffer, pieceBytes = 65_536): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at += pieceBytes) {
      if (this.socket.write(bytes.subarray(at, at + pieceBytes))) continue;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          this.socket.off('drain', goOn);
          this.socket.off('close', goOn);
          resolve();
        };
        this.socket.on('drain', goOn);
        this.socket.on('close', goOn);
      });
    }
  }

  /** Writes every piece on its own, with a turn of the loop between. */
  async pieces(pieces: Iterable<Buffer>): Promise<void> {
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      this.socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A guacd that does at every step what a test wants; unless told, it is healthy and then says nothing. */
export class SteeredGuacd {
  readonly ends: GuacdEnd[] = [];
  readonly address: GuacdAddress;
  onSelect: Step = (end) => end.send(ARGS);
  onConnect: Step = (end) => end.send(READY);
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = { host: '127.0.0.1', port, tls: null };
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async listen(): Promise<SteeredGuacd> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('It does not listen.');
    return new SteeredGuacd(server, bound.port);
  }

  /** Those that joined a running connection, in order. */
  get joined(): readonly GuacdEnd[] {
    return this.ends.filter(({ handshake }) => handshake[0]?.[1]?.startsWith('$'));
  }

  /** The end of the session that asked for this machine; the newest where there are several. */
  end(hostname: string): GuacdEnd | undefined {
    return this.ends.filter((end) => end.parameter('hostname') === hostname).at(-1);
  }

  /** Listens no more; connections that are open stay. */
  refuse(): void {
    this.#server.close();
  }

  close(): Promise<void> {
    for (const { socket } of this.ends) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    const end = new GuacdEnd(socket);
    this.ends.push(end);
    let connected = false;
    const framer = new Framer({
      maxInstructionBytes: 65_536,
      forward: (complete) => {
        for (const instruction of splitInstructions(complete).map(decode)) {
          end.handshake.push(instruction);
          if (instruction[0] === 'select') this.onSelect(end);
          if (instruction[0] !== 'connect') continue;
          connected = true;
          this.onConnect(end);
        }
      },
    });
    // An outpost says nothing between `connect` and `ready`: what is one chunk is one or the other.
    socket.on('data', (chunk) => (connected ? end.onBytes(chunk) : framer.push(chunk)));
    socket.on('error', () => {});
    socket.on('close', () => {
      end.closed = true;
    });
  }
}
