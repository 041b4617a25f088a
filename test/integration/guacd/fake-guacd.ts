import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Framer, splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { decode, encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';
import type { GuacdAddress } from '../../../main/core/guacd/address.ts';

/** A TCP server that stands where guacd would, and does what a test wants. */
export interface FakeGuacd {
  readonly address: GuacdAddress;
  /** Every instruction that came, of all connections, in order. */
  readonly heard: Instruction[];
  /** Sockets that are open now. */
  readonly open: Set<Socket>;
  close(): Promise<void>;
}

export type Answer = (instruction: Instruction, socket: Socket) => void;

export const ARGS = encode('args', 'VERSION_1_5_0', 'hostname', 'port', 'password');
export const READY = encode('ready', '$11111111-2222-3333-4444-555555555555');

/** What a healthy guacd does. */
export const healthy: Answer = ([opcode], socket) => {
  if (opcode === 'select') socket.write(ARGS);
  if (opcode === 'connect') socket.write(READY);
};

export async function fakeGuacd(
  answer: Answer = healthy,
  { onConnection = () => {}, tls, port = 0 }: FakeOptions = {},
): Promise<FakeGuacd> {
  const heard: Instruction[] = [];
  const open = new Set<Socket>();
  const serve = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    onConnection(socket);
    const framer = new Framer({
      maxInstructionBytes: 1_000_000,
      forward: (complete) => {
        for (const bytes of splitInstructions(complete)) {
          const instruction = decode(bytes);
          heard.push(instruction);
          answer(instruction, socket);
        }
      },
    });
    socket.on('data', (chunk) => {
      try {
        framer.push(chunk);
      } catch {
        socket.destroy();
      }
    });
  };
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no address');
  return {
    address: { host: '127.0.0.1', port: bound.port, tls: null },
    heard,
    open,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface FakeOptions {
  readonly onConnection?: (socket: Socket) => void;
  readonly tls?: TlsOptions;
  readonly port?: number;
}

/** Resolves when `condition` holds; rejects when it does not for too long. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
