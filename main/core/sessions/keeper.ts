import { performance } from 'node:perf_hooks';
import { Framer } from '../guacamole/framer.ts';
import { decode } from '../guacamole/instruction.ts';
import type { GuacdConnection } from '../guacd/guacd.ts';
import { isSync, sayFrameSeen } from './frame-seen.ts';
import { brokenStream, guacdClosed, guacdError, guacdSilent } from './guacd-endings.ts';
import { hangUp } from './hang-up.ts';
import type { SessionLimits } from './limits.ts';
import type { SessionRequest } from './request.ts';
import { type Ending, ending, NOP } from './words.ts';

export interface KeeperOptions {
  /** Whose session it is, for the sentence at its end. */
  readonly request: Pick<SessionRequest, 'machine' | 'protocol' | 'source'>;
  /** Paused and without listeners. */
  readonly connection: GuacdConnection;
  /** The beginning of an instruction that is not complete yet. */
  readonly leftover: Buffer;
  readonly limits: SessionLimits;
  /** What the person would have seen; nobody else does. */
  readonly onPassed: (complete: Buffer) => void;
  /** Called once, when guacd has ended the connection. */
  readonly onEnd: (how: Ending) => void;
}

/** guacd gives up a user of whom it hears nothing for 15 s. */
const NOP_MS = 5_000;
const OPCODES: readonly string[] = ['', 'error', 'disconnect', 'sync'];

/** Sits in a session's place at guacd while nobody does: says that frames have been seen, and shows them to nobody. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #framer: Framer;
  readonly #alive: NodeJS.Timeout;
  readonly #watch: NodeJS.Timeout;
  #heardAt = performance.now();
  #turn = 0;
  #yielding = false;
  #over = false;

  constructor(options: KeeperOptions) {
    const { connection, leftover, limits, onPassed } = options;
    const { socket } = connection;
    this.#options = options;
    this.#framer = new Framer({
      maxInstructionBytes: limits.instructionBytes,
      forward: onPassed,
      inspect: { opcodes: OPCODES, keep: (instruction) => this.#hear(instruction) },
    });
    this.#alive = setInterval(() => socket.write(NOP), NOP_MS);
    this.#watch = setInterval(() => this.#watchSilence(), limits.guacdSilenceMs / 4);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => {}); // `close` follows and says it.
    socket.on('close', () => this.#end(guacdClosed()));
    if (leftover.length > 0) this.#read(leftover);
    if (!this.#over) socket.resume();
    if (socket.destroyed) setImmediate(() => this.#end(guacdClosed()));
  }

  /** Leaves the place; resolves when the socket is closed. */
  async leave(): Promise<void> {
    this.#stop();
    await hangUp(this.#options.connection);
  }

  #read(chunk: Buffer): void {
    if (this.#over) return;
    const { connection, limits } = this.#options;
    this.#heardAt = performance.now();
    try {
      this.#framer.push(chunk);
    } catch (error) {
      return this.#end(brokenStream(error, 'guacd sent something that cannot be read.'));
    }
    // Others have their turn: what nobody sees is not in a hurry.
    this.#turn += chunk.length;
    if (this.#turn < limits.turnBytes || this.#yielding) return;
    this.#turn = 0;
    this.#yielding = true;
    connection.socket.pause();
    setImmediate(() => {
      this.#yielding = false;
      if (!this.#over) connection.socket.resume();
    });
  }

  #hear(instruction: Buffer): boolean {
    if (isSync(instruction)) {
      sayFrameSeen(this.#options.connection.socket, instruction, this.#options.limits.queueBytes);
      return true;
    }
    const [opcode, text = '', code = ''] = decode(instruction);
    if (opcode === '') return false;
    const how = opcode === 'error' ? guacdError(this.#options.request, text, code) : ending('machine-ended');
    setImmediate(() => this.#end(how));
    return false;
  }

  #watchSilence(): void {
    if (performance.now() - this.#heardAt > this.#options.limits.guacdSilenceMs) this.#end(guacdSilent());
  }

  #end(how: Ending): void {
    if (this.#over) return;
    this.#stop();
    this.#options.onEnd(how);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#alive);
    clearInterval(this.#watch);
  }
}
