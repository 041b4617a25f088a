import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Framer, splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { decode, encode } from '../../../main/core/guacamole/instruction.ts';
import { FRAME, frameInstructions } from './frames.ts';

export interface Played {
  readonly sent: number;
  readonly drawn: number;
  /** From sending a picture to hearing that it was drawn, in milliseconds, in their order. */
  readonly lags: readonly number[];
  /** Pictures that were not sent because the window had not taken those before. */
  readonly held: number;
}

/** A guacd that plays pictures at a steady rate, and notes when each was drawn. */
export class Player {
  readonly #server: Server;
  #session: Socket | null = null;
  #onSession: (() => void) | null = null;
  readonly #sentAt = new Map<string, number>();
  readonly #lags: number[] = [];

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  static async listen(): Promise<Player> {
    const player = new Player();
    await new Promise<void>((resolve) => player.#server.listen(0, '127.0.0.1', resolve));
    return player;
  }

  get address(): string {
    const bound = this.#server.address();
    return `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  }

  /** Resolves with the milliseconds from the first instruction to its picture being drawn, for the next session. */
  async firstPicture(jpeg: Buffer): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#onSession = resolve;
    });
    this.#session?.write(encode('size', '0', String(FRAME.width), String(FRAME.height)));
    const [lag = Number.NaN] = await this.#drawn([jpeg], 1000);
    return lag;
  }

  /** Plays for `seconds`. What the window cannot take is held back by the socket, and then left out. */
  async play(jpegs: readonly Buffer[], perSecond: number, seconds: number): Promise<Played> {
    const session = this.#session;
    if (session === null) throw new Error('No window is open.');
    this.#lags.length = 0;
    this.#sentAt.clear();
    const begun = performance.now();
    let sent = 0;
    let held = 0;
    for (let frame = 0; frame < perSecond * seconds; frame += 1) {
      const due = begun + (frame * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      if (session.writableLength > 0) {
        held += 1;
        continue;
      }
      this.#send(jpegs[frame % jpegs.length] ?? Buffer.alloc(0), 10_000 + frame);
      sent += 1;
    }
    await this.#settled(sent);
    return { sent, held, drawn: this.#lags.length, lags: [...this.#lags] };
  }

  close(): void {
    this.#session?.destroy();
    this.#server.close();
  }

  async #drawn(jpegs: readonly Buffer[], from: number): Promise<readonly number[]> {
    this.#lags.length = 0;
    this.#sentAt.clear();
    for (const [at, jpeg] of jpegs.entries()) this.#send(jpeg, from + at);
    await this.#settled(jpegs.length);
    return [...this.#lags];
  }

  #send(jpeg: Buffer, timestamp: number): void {
    this.#sentAt.set(String(timestamp), performance.now());
    this.#session?.write(frameInstructions(jpeg, timestamp));
  }

  async #settled(count: number): Promise<void> {
    const end = performance.now() + 20_000;
    while (this.#lags.length < count && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #serve(socket: Socket): void {
    const framer = new Framer({
      maxInstructionBytes: 1 << 20,
      forward: (complete) => {
        for (const bytes of splitInstructions(complete)) this.#hear(socket, decode(bytes));
      },
    });
    socket.on('data', (chunk) => {
      try {
        framer.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => {});
  }

  #hear(socket: Socket, [opcode, first = '']: readonly string[]): void {
    if (opcode === 'select') socket.write(encode('args', 'VERSION_1_5_0', 'hostname'));
    if (opcode === 'connect') {
      socket.write(encode('ready', '$11111111-2222-3333-4444-555555555555'));
      this.#session = socket;
      this.#onSession?.();
    }
    const sentAt = opcode === 'sync' ? this.#sentAt.get(first) : undefined;
    if (sentAt !== undefined) this.#lags.push(performance.now() - sentAt);
  }
}
