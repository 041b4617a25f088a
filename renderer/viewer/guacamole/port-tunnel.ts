import Guacamole from 'guacamole-common-js';
import type { Failure } from '../../../main/core/errors.ts';
import { encodeInstruction } from './encode.ts';
import { Pace } from './pace.ts';
import { BrokenStream, InstructionParser } from './parser.ts';

/** What a tunnel needs of a `MessagePort`. */
export interface DisplayPort {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  start(): void;
  close(): void;
}

export interface TunnelOptions {
  /** Somebody else's session: nothing that could touch it is sent. */
  readonly readOnly?: boolean;
  /** The stream is over; the failure tells why where it did not simply end. Called once, never after `disconnect`. */
  readonly onEnd: (failure: Failure | null) => void;
  /** How long the outpost took to answer a ping, in milliseconds. */
  readonly onPing?: (ms: number) => void;
  /** A frame was drawn: so long after its last instruction was read, in milliseconds. */
  readonly onFrame?: (ms: number) => void;
}

/** What one may say who only watches. */
const HARMLESS: ReadonlySet<string> = new Set(['sync', 'nop', 'ack', 'disconnect']);

/**
 * Guacamole's stream over a `MessagePort` to the main side, which has it from the outpost.
 *
 * Bytes come as `Uint8Array` and leave as such; a number that is sent grants the other end so many bytes more. The
 * last message of the other end is `{ end: Failure | null }`.
 */
export class PortTunnel extends Guacamole.Tunnel {
  readonly #port: DisplayPort;
  readonly #options: TunnelOptions;
  readonly #pace: Pace;
  readonly #parser: InstructionParser;
  readonly #read = new Map<string, number>();
  #pinged = 0;
  /** Bytes that came and went. */
  received = 0;
  sent = 0;
  /** Moments of the first instruction and the first picture, by `performance.now()`. */
  firstInstructionAt: number | null = null;
  firstPictureAt: number | null = null;

  constructor(port: DisplayPort, options: TunnelOptions) {
    super();
    this.#port = port;
    this.#options = options;
    this.#pace = new Pace((bytes) => port.postMessage(bytes));
    this.#parser = new InstructionParser((opcode, args) => this.#hear(opcode, args));
    // The base class sets its own on each object, so methods of this one would never be called.
    this.connect = () => {
      port.onmessage = ({ data }: MessageEvent) => this.#take(data);
      port.start();
      this.#turn(Guacamole.Tunnel.State.OPEN);
    };
    this.disconnect = () => this.#close();
    this.sendMessage = (...elements: unknown[]) => this.#send(elements);
  }

  /** Frames that were read and not drawn yet. */
  get framesBehind(): number {
    return this.#pace.framesBehind;
  }

  /** Asks the outpost to answer; `onPing` hears how long it took. */
  ping(): void {
    this.#pinged = performance.now();
    this.#post(['', 'ping', Math.round(this.#pinged)]);
  }

  #take(message: unknown): void {
    if (!this.isConnected()) return;
    if (message instanceof Uint8Array) this.#bytes(message);
    else if (isEnd(message)) this.#end(message.end);
  }

  #bytes(bytes: Uint8Array): void {
    this.received += bytes.length;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
      this.#end({ code: 'instruction-malformed', message: error.message, advice: 'Open the session again.' });
      return;
    }
    this.#pace.read(bytes.length);
  }

  #hear(opcode: string, args: string[]): void {
    this.firstInstructionAt ??= performance.now();
    if (opcode === '') {
      if (args[0] === 'ping') this.#options.onPing?.(performance.now() - this.#pinged);
      return;
    }
    if (opcode === 'sync') {
      const [timestamp = ''] = args;
      this.#read.set(timestamp, performance.now());
      this.#pace.frame(timestamp);
    }
    this.oninstruction?.(opcode, args);
  }

  #send(elements: readonly unknown[]): void {
    if (!this.isConnected()) return;
    const opcode = String(elements[0]);
    if (this.#options.readOnly && !HARMLESS.has(opcode)) return;
    this.#post(elements);
    if (opcode === 'sync') this.#drawn(String(elements[1]));
  }

  /** Guacamole's client answers a `sync` when the frame before it has been drawn. */
  #drawn(timestamp: string): void {
    this.firstPictureAt ??= performance.now();
    const read = this.#read.get(timestamp);
    if (read !== undefined) this.#options.onFrame?.(performance.now() - read);
    for (const known of this.#read.keys()) {
      this.#read.delete(known);
      if (known === timestamp) break;
    }
    this.#pace.drawn(timestamp);
  }

  #post(elements: readonly unknown[]): void {
    const bytes = encodeInstruction(elements);
    this.sent += bytes.length;
    this.#port.postMessage(bytes);
  }

  #end(failure: Failure | null): void {
    if (!this.isConnected()) return;
    this.#close();
    this.#options.onEnd(failure);
  }

  #close(): void {
    this.#port.onmessage = null;
    this.#port.close();
    this.#turn(Guacamole.Tunnel.State.CLOSED);
  }

  #turn(state: Guacamole.Tunnel.State): void {
    if (this.state === state) return;
    this.state = state;
    this.onstatechange?.(state);
  }
}

function isEnd(message: unknown): message is { readonly end: Failure | null } {
  return typeof message === 'object' && message !== null && 'end' in message;
}
