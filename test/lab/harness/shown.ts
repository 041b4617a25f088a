import type { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { type ControlClient, openStream } from '../../../main/control/client.ts';
import { Framer } from '../../../main/core/guacamole/framer.ts';
import { decode, encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';
import { statePaths, thisHost } from '../../../main/core/settings/paths.ts';
import { keysymOf } from '../../../practice/authentik/keysym.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import type { RunningOutpost } from '../../../practice/run/outpost.ts';

export const DISPLAY = { width: 1024, height: 768, dpi: 96, audio: [] } as const;
const DRAWS = new Set(['png', 'img', 'rect', 'cfill', 'copy']);
const MAX_INSTRUCTION_BYTES = 16 * 1024 * 1024;

/** The window that shows a session over the control socket, as far as a test needs one: it types, and answers `sync`. */
export class Shown {
  readonly session: string;
  readonly #socket: Socket;
  /** How long it takes for each frame, one after the other, in milliseconds. */
  readonly #frameMs: number;
  #drawing: Promise<unknown> = Promise.resolve();
  /** Frames that it has drawn. */
  drawn = 0;
  /** Opcodes with their arguments, pictures' data left out. */
  readonly seen: Instruction[] = [];
  isClosed = false;

  private constructor(session: string, socket: Socket, frameMs: number) {
    this.session = session;
    this.#socket = socket;
    this.#frameMs = frameMs;
    const framer = new Framer({
      maxInstructionBytes: MAX_INSTRUCTION_BYTES,
      maxMessageBytes: 1,
      forward: (bytes) => this.#take(decode(bytes)),
    });
    socket.on('data', (chunk) => framer.push(chunk));
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('error', () => {});
    socket.resume();
  }

  /** `answer` is what a request such as `machines/open` gave. */
  static async open(
    path: string,
    { session, ticket }: { readonly session: string; readonly ticket: string },
    { frameMs = 0 } = {},
  ): Promise<Shown> {
    return new Shown(session, await openStream(path, 'display', ticket), frameMs);
  }

  /** Opens a machine of the address book. */
  static async machine(
    control: ControlClient,
    path: string,
    machine: string,
    more: { readonly window?: string; readonly reason?: string } = {},
  ): Promise<Shown> {
    const wish = { machine, display: DISPLAY, window: 'window', ...more };
    return Shown.open(path, await control.request('machines/open', wish));
  }

  /** Looks on at a running session. */
  static async watching(
    { control, stateDir }: Pick<RunningOutpost, 'control' | 'stateDir'>,
    id: string,
    options: { readonly frameMs?: number } = {},
  ): Promise<Shown> {
    const { path } = statePaths(stateDir, thisHost(process.env)).control;
    return Shown.open(path, await control.request('session/watch', { id, display: DISPLAY }), options);
  }

  /** Resolves when something was drawn; rejects with the last word where one came. */
  async picture(): Promise<void> {
    await eventually(() => {
      const word = this.seen.find(([opcode]) => opcode === 'error');
      if (word) throw new Error(`The session ended: ${word[1]}`);
      return this.seen.some(([opcode]) => DRAWS.has(opcode));
    });
  }

  type(text: string): void {
    for (const character of text)
      for (const pressed of ['1', '0']) this.send('key', keysymOf(character), pressed);
  }

  send(...instruction: Instruction): void {
    this.#socket.write(encode(...instruction));
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(instruction: Instruction): void {
    const [opcode, ...args] = instruction;
    if (opcode === 'sync') this.#draw(args[0] ?? '');
    if (opcode !== 'blob') this.seen.push([opcode, ...args]);
  }

  #draw(timestamp: string): void {
    if (this.#frameMs === 0) return this.#hasDrawn(timestamp);
    this.#drawing = this.#drawing.then(async () => {
      if (!this.isClosed) await later(this.#frameMs);
      if (!this.isClosed) this.#hasDrawn(timestamp);
    });
  }

  #hasDrawn(timestamp: string): void {
    this.drawn += 1;
    this.send('sync', timestamp);
  }
}
