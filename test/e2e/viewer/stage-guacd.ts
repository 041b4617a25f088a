import type { Socket } from 'node:net';
import { encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import { type FakeGuacd, fakeGuacd, READY } from '../../integration/guacd/fake-guacd.ts';

const ARGS = encode('args', 'VERSION_1_5_0', 'hostname', 'port', 'username', 'password');

/** A guacd that plays whatever a test wants to a window: pictures, questions, files, sound. */
export class StageGuacd {
  readonly #guacd: FakeGuacd;
  /** Sessions in the order that they were connected; joined ones too. */
  readonly sessions: Socket[] = [];

  private constructor(guacd: FakeGuacd, sessions: Socket[]) {
    this.#guacd = guacd;
    this.sessions = sessions;
  }

  static async start(): Promise<StageGuacd> {
    const sessions: Socket[] = [];
    const guacd = await fakeGuacd(([opcode], socket) => {
      if (opcode === 'select') socket.write(ARGS);
      if (opcode !== 'connect') return;
      sessions.push(socket);
      socket.write(READY);
    });
    return new StageGuacd(guacd, sessions);
  }

  get address(): string {
    return `127.0.0.1:${this.#guacd.address.port}`;
  }

  /** Everything that all windows have sent, handshakes left out. */
  heard(...opcodes: readonly string[]): readonly Instruction[] {
    return this.#guacd.heard.filter(([opcode]) => opcodes.includes(opcode));
  }

  forget(): void {
    this.#guacd.heard.length = 0;
  }

  /** Says it to the newest session. */
  say(...instructions: readonly Instruction[]): void {
    this.sessions.at(-1)?.write(instructions.map((one) => encode(...one)).join(''));
  }

  /** A picture of a desktop, in a few rectangles. */
  draw(timestamp = 1): void {
    const fill = (
      x: number,
      y: number,
      w: number,
      h: number,
      ...colour: readonly number[]
    ): Instruction[] => [
      ['rect', '0', ...[x, y, w, h].map(String)],
      ['cfill', '14', '0', ...colour.map(String), '255'],
    ];
    this.say(
      ['size', '0', '1280', '794'],
      ...fill(0, 0, 1280, 794, 38, 70, 83),
      ...fill(0, 754, 1280, 40, 24, 32, 38),
      ...fill(180, 110, 640, 420, 244, 246, 247),
      ...fill(180, 110, 640, 34, 42, 157, 143),
      ...fill(520, 300, 560, 360, 255, 255, 255),
      ...fill(520, 300, 560, 34, 231, 111, 81),
      ['sync', String(timestamp)],
    );
  }

  until(happened: () => boolean): Promise<void> {
    return eventually(happened);
  }

  close(): Promise<void> {
    return this.#guacd.close();
  }
}
