import type { Socket } from 'node:net';
import { SallyportError } from '../errors.ts';
import { Framer, splitInstructions } from '../guacamole/framer.ts';
import { decode, encode, type Instruction } from '../guacamole/instruction.ts';

interface Waiter {
  readonly resolve: (instruction: Instruction | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Instructions over a socket, one at a time: what a handshake needs. The socket is read only while somebody
 * waits, so a peer that talks without end fills no memory.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #framer: Framer;
  #heard: Buffer[] = [];
  #waiter: Waiter | undefined;
  #failure: SallyportError | undefined;
  #closed = false;

  constructor(socket: Socket, maxInstructionBytes: number) {
    this.#socket = socket;
    this.#framer = new Framer({
      maxInstructionBytes,
      forward: (complete) => {
        this.#heard.push(...splitInstructions(complete));
      },
    });
    socket.on('data', this.#onData);
    socket.on('end', this.#onClose);
    socket.on('close', this.#onClose);
    socket.pause();
  }

  /** Sends instructions in one packet. */
  say(...instructions: readonly Instruction[]): void {
    this.#socket.write(instructions.map((instruction) => encode(...instruction)).join(''));
  }

  /**
   * The next instruction, or null when the other end closed the connection. Rejects with
   * `instruction-malformed`, `instruction-too-long`, or what `fail` was given. One may wait at a time.
   */
  next(): Promise<Instruction | null> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#serve();
      if (this.#waiter) this.#socket.resume();
    });
  }

  /** Ends the waiting, now and from now on, with `error`, and closes the socket. */
  fail(error: SallyportError): void {
    this.#failure ??= error;
    this.#heard = [];
    this.#socket.destroy();
    this.#serve();
  }

  /**
   * What was wrong with bytes that came together with an instruction that `next` gave; a conversation that goes
   * on would reject with it, one that is over has to ask, for they are lost.
   */
  get failure(): SallyportError | undefined {
    return this.#failure;
  }

  /** Lets go of the socket, paused, and gives the bytes that have come and were not asked for. */
  letGo(): Buffer {
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onClose);
    this.#socket.off('close', this.#onClose);
    const rest = Buffer.concat([...this.#heard, this.#framer.takePending()]);
    this.#heard = [];
    return rest;
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#framer.push(chunk);
    } catch (error) {
      this.#failure ??= SallyportError.from(error);
    }
    this.#serve();
    if (!this.#waiter) this.#socket.pause();
  };

  readonly #onClose = (): void => {
    this.#closed = true;
    this.#serve();
  };

  #serve(): void {
    const waiter = this.#waiter;
    if (!waiter) return;
    const bytes = this.#heard.shift();
    if (bytes === undefined && !this.#failure && !this.#closed) return;
    this.#waiter = undefined;
    if (bytes === undefined) {
      if (this.#failure) waiter.reject(this.#failure);
      else waiter.resolve(null);
      return;
    }
    try {
      waiter.resolve(decode(bytes));
    } catch (error) {
      waiter.reject(SallyportError.from(error));
    }
  }
}
