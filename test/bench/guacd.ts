import { createServer, type Server, type Socket } from 'node:net';
import { Framer, splitInstructions } from '../../main/core/guacamole/framer.ts';
import { decode, encode } from '../../main/core/guacamole/instruction.ts';

/** A guacd that answers at once, and streams or echoes on demand. */
export class BenchGuacd {
  readonly #server: Server;
  /** Sessions by the host name that they asked for. */
  readonly #sessions = new Map<string, Socket>();

  static async listen(): Promise<BenchGuacd> {
    const guacd = new BenchGuacd();
    await new Promise<void>((resolve) => guacd.#server.listen(0, '127.0.0.1', resolve));
    return guacd;
  }

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string')
      throw new Error('The guacd of the benchmark does not listen.');
    return address.port;
  }

  has(host: string): boolean {
    return this.#sessions.has(host);
  }

  /** Writes `stream` `times` times into the session as fast as it takes it; `Infinity` until `signal` aborts. */
  async flood(host: string, stream: Buffer, times: number, signal?: AbortSignal): Promise<void> {
    const socket = this.#sessions.get(host);
    if (!socket) throw new Error(`No session for ${host}.`);
    for (let round = 0; round < times && !signal?.aborted && !socket.destroyed; round += 1) {
      for (let at = 0; at < stream.length; at += 262_144) {
        if (socket.write(stream.subarray(at, at + 262_144))) continue;
        await drainedOrClosed(socket);
      }
    }
  }

  close(): void {
    for (const socket of this.#sessions.values()) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    let live = false;
    const framer = new Framer({
      maxInstructionBytes: 1 << 20,
      forward: (complete) => {
        if (live) return this.#echo(socket, complete);
        for (const instruction of splitInstructions(complete)) {
          const [opcode, , host = ''] = decode(instruction);
          if (opcode === 'select') socket.write(encode('args', 'VERSION_1_5_0', 'hostname'));
          if (opcode !== 'connect') continue;
          live = true;
          this.#sessions.set(host, socket);
          socket.write(encode('ready', `$${host}`) + encode('sync', '1'));
        }
      },
    });
    socket.on('data', (chunk) => {
      try {
        framer.push(chunk);
      } catch {
        // The farewell of a probe is no instruction; guacd closes then as well.
        socket.destroy();
      }
    });
    socket.on('error', () => {});
  }

  /** A key comes back at once, as a picture of it would. */
  #echo(socket: Socket, complete: Buffer): void {
    if (complete.includes('3.key,')) socket.write(encode('rect', '0', '1', '2', '3', '4'));
  }
}

function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      socket.off('drain', go);
      socket.off('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
  });
}
