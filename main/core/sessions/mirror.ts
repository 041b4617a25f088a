import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Failure } from '../errors.ts';
import { FileStreams } from '../guacamole/file-streams.ts';
import { Framer, type Inspection, splitInstructions } from '../guacamole/framer.ts';
import { decode } from '../guacamole/instruction.ts';
import { isSync, sayFrameSeen } from './frame-seen.ts';
import { brokenStream, guacdClosed, guacdError, guacdSilent } from './guacd-endings.ts';
import { INPUT_OPCODES, type Input } from './input.ts';
import type { SessionLimits } from './limits.ts';
import { nothingShown } from './machine-failure.ts';
import type { Peer } from './peer.ts';
import type { SessionRequest } from './request.ts';
import type { Tap } from './tap.ts';
import { type Ending, ending, NOP } from './words.ts';

/** Counts the bytes of a session; plain additions, for they happen at every slice. */
export interface ByteCounter {
  toPeer(count: number): void;
  toGuacd(count: number): void;
}

export interface MirrorOptions {
  /** Whose session it is, for the sentence at its end. */
  readonly request: Pick<SessionRequest, 'machine' | 'protocol' | 'source'>;
  readonly peer: Peer;
  /** Paused and without listeners, as `guacd/dial.ts` hands it over. */
  readonly guacd: Socket;
  /** Bytes of guacd that came after `ready`. */
  readonly leftover: Buffer;
  readonly limits: SessionLimits;
  /**
   * What the person does is noted here; null for one who only watches, of whom guacd hears signs of life and no more,
   * and for whom it never waits.
   */
  readonly input: Input | null;
  /** Hears what passes; null where nobody does, and then it costs nothing. */
  readonly tap: Tap | null;
  /** What the person is told before guacd’s first word; see `firstSize`. */
  readonly opening: Buffer | null;
  /** Whether guacd’s own notices that others join and leave are kept from the person. */
  readonly dropNotices: boolean;
  readonly count: ByteCounter;
  /** Called once, when one end or the other is done; the mirror moves nothing any more then. */
  readonly onEnd: (ending: Ending) => void;
}

/** What of guacd's is looked at in every session. */
const GUACD_OPCODES: readonly string[] = ['', 'error', 'disconnect', 'required'];
const PING_PREFIX = Buffer.from('0.,4.ping,');
const ENDING_PREFIXES = ['', 'error', 'disconnect'].map((opcode) =>
  Buffer.from(`${opcode.length}.${opcode}`),
);
const NOTICE_PREFIX = Buffer.from('3.msg,');
const REQUIRED_PREFIX = Buffer.from('8.required,');
const ARGV_PREFIX = Buffer.from('4.argv,');
const TUNNEL = 0x30;
const DISCONNECT_PREFIX = Buffer.from('10.disconnect');
/**
 * Joins a peer and guacd: what one sends the other gets, byte for byte, as fast as the slower one takes it.
 *
 * What goes to the peer is cut at instruction borders only. The tunnel's own instructions (empty opcode) never
 * cross; its pings are answered here.
 */
export class Mirror {
  readonly #request: MirrorOptions['request'];
  readonly #peer: Peer;
  readonly #guacd: Socket;
  readonly #limits: SessionLimits;
  readonly #count: ByteCounter;
  readonly #onEnd: (ending: Ending) => void;
  readonly #input: Input | null;
  readonly #dropNotices: boolean;
  readonly #fromGuacd: Framer;
  readonly #fromPeer: Framer;
  readonly #quiet: NodeJS.Timeout;
  readonly #watch: NodeJS.Timeout;
  /** Where authentik wants no file streams; see `dropFileStreams`. */
  #files: FileStreams | undefined;
  #queued = 0;
  #turn = 0;
  /** Why guacd is not read: its share of this turn is used up, or the peer is slow. */
  #yielding = false;
  #peerFull = false;
  #guacdFull = false;
  // On the monotonic clock: a corrected wall clock must not end a session.
  #heardGuacdAt = performance.now();
  #guacdSaid: Ending | undefined;
  #isAsking = false;
  /** Whether guacd has sent anything for the person. */
  #begun = false;
  #over = false;

  constructor(options: MirrorOptions) {
    const { request, peer, guacd, limits, input, tap, opening, count, onEnd } = options;
    this.#request = request;
    this.#peer = peer;
    this.#guacd = guacd;
    this.#limits = limits;
    this.#count = count;
    this.#onEnd = onEnd;
    this.#input = input;
    this.#dropNotices = options.dropNotices;
    const pass = (complete: Buffer) => {
      if (tap) tap.fromGuacd(complete);
      this.#toPeer(complete);
    };
    this.#fromGuacd = new Framer({
      maxInstructionBytes: limits.instructionBytes,
      forward: (complete) => {
        if (!this.#begun && opening) pass(opening);
        this.#begun = true;
        pass(complete);
      },
      inspect: {
        opcodes: this.#guacdOpcodes(),
        keep: (instruction) => this.#keepGuacds(instruction),
      },
    });
    this.#fromPeer = new Framer({
      maxInstructionBytes: limits.frameBytes,
      forward: (complete) => {
        if (input === null) return this.#toGuacdFromWatcher(complete);
        if (tap) tap.fromPeer(complete);
        this.#toGuacd(complete);
      },
      inspect: {
        opcodes: ['', 'disconnect', 'argv', ...INPUT_OPCODES],
        keep: (instruction) => this.#hearPeer(instruction),
      },
    });
    this.#quiet = setTimeout(() => this.#keepAlive(), limits.quietMs);
    this.#watch = setInterval(() => this.#watchGuacd(), limits.guacdSilenceMs / 4);
    guacd.on('data', this.#onData);
    guacd.on('drain', this.#onDrain);
    guacd.on('error', () => {}); // `close` follows and says it.
    guacd.on('close', this.#onClose);
    if (options.leftover.length > 0) this.#readGuacd(options.leftover);
    if (!this.#over) guacd.resume();
    // It may have closed while the peer was still being dialled; `close` has been told then.
    if (guacd.destroyed) this.#guacdClosed();
  }

  /** Bytes that the peer has not taken yet. */
  get queuedBytes(): number {
    return this.#queued;
  }

  /** Whether guacd has asked the person for something, such as a password, and has no answer yet. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Bytes from the person's end. */
  readPeer(frame: Buffer): void {
    if (this.#over) return;
    try {
      this.#fromPeer.push(frame);
    } catch (error) {
      this.#end(brokenStream(error, 'The browser sent something that is not Guacamole’s language.'));
    }
  }

  /** From now on Guacamole's own file streams are kept from the person's end; one that is open already passes. */
  dropFileStreams(): void {
    if (this.#files) return;
    this.#files = new FileStreams();
    this.#fromGuacd.inspect(this.#inspection(this.#files));
  }

  /**
   * Stops moving anything and lets go of guacd’s socket, paused: whoever takes it goes on at an instruction’s border
   * where `leftover` comes first. `said` is guacd’s own end, where it has just come.
   */
  release(): { readonly leftover: Buffer; readonly said: Ending | null } {
    this.stop();
    this.#guacd.off('data', this.#onData);
    this.#guacd.off('drain', this.#onDrain);
    this.#guacd.off('close', this.#onClose);
    return { leftover: this.#fromGuacd.takePending(), said: this.#guacdSaid ?? null };
  }

  /** Stops moving anything; whoever calls this closes both ends. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#quiet);
    clearInterval(this.#watch);
    this.#guacd.pause();
  }

  readonly #onData = (chunk: Buffer): void => this.#readGuacd(chunk);
  readonly #onDrain = (): void => this.#guacdDrained();
  readonly #onClose = (): void => this.#guacdClosed();

  #readGuacd(chunk: Buffer): void {
    if (this.#over) return;
    this.#heardGuacdAt = performance.now();
    // What one chunk holds may be several messages; the system is asked once for all of them.
    this.#peer.cork();
    try {
      this.#fromGuacd.push(chunk);
    } catch (error) {
      this.#end(brokenStream(error, 'guacd sent something that cannot be passed on.'));
      return;
    } finally {
      this.#peer.uncork();
    }
    this.#turn += chunk.length;
    if (this.#turn >= this.#limits.turnBytes) this.#yield();
  }

  /** libuv reads a busy socket many times before it looks at the next; this gives every session its turn. */
  #yield(): void {
    this.#turn = 0;
    this.#yielding = true;
    this.#guacd.pause();
    setImmediate(() => {
      this.#yielding = false;
      this.#readOn();
    });
  }

  #readOn(): void {
    if (!this.#over && !this.#yielding && !this.#peerFull) this.#guacd.resume();
  }

  #toPeer(complete: Buffer): void {
    if (this.#over) return;
    const { length } = complete;
    this.#queued += length;
    this.#count.toPeer(length);
    this.#quiet.refresh();
    this.#peer.send(complete, () => this.#sent(length));
    if (this.#input === null) return this.#boundWatcher();
    if (this.#queued > this.#limits.queueBytes && !this.#peerFull) {
      this.#peerFull = true;
      this.#guacd.pause();
    }
  }

  /** guacd must never wait for one who watches, for the person would wait as well: whoever is too slow leaves. */
  #boundWatcher(): void {
    if (this.#queued > this.#limits.instructionBytes)
      setImmediate(() => this.#end(ending('peer-lost', TOO_SLOW)));
  }

  #sent(length: number): void {
    this.#queued -= length;
    if (!this.#peerFull || this.#queued > this.#limits.queueBytes / 4) return;
    this.#peerFull = false;
    this.#heardGuacdAt = performance.now();
    this.#readOn();
  }

  #toGuacd(complete: Buffer): void {
    this.#count.toGuacd(complete.length);
    // `drain` comes only after a write that returned false.
    const taken = this.#guacd.write(complete);
    if (!taken && this.#guacd.writableLength > this.#limits.queueBytes && !this.#guacdFull) {
      this.#guacdFull = true;
      this.#peer.pause();
    }
  }

  /** That somebody is there is all that one who watches may say; that a frame was seen is said at once, not when it was. */
  #toGuacdFromWatcher(complete: Buffer): void {
    for (const instruction of splitInstructions(complete))
      if (startsWith(instruction, NOP)) this.#toGuacd(instruction);
  }

  #guacdDrained(): void {
    if (!this.#guacdFull) return;
    this.#guacdFull = false;
    if (!this.#over) this.#peer.resume();
  }

  #inspection(files: FileStreams): Inspection {
    const { opcodes } = files;
    const keep = (instruction: Buffer): boolean => {
      const isFile = files.takes(instruction);
      // While no file is open, blobs of pictures go by unseen as ever.
      if (files.opcodes !== opcodes) this.#fromGuacd.inspect(this.#inspection(files));
      return !isFile && this.#keepGuacds(instruction);
    };
    return { opcodes: [...this.#guacdOpcodes(), ...opcodes], keep };
  }

  #guacdOpcodes(): readonly string[] {
    const more = [...(this.#dropNotices ? ['msg'] : []), ...(this.#input === null ? ['sync'] : [])];
    return more.length === 0 ? GUACD_OPCODES : [...GUACD_OPCODES, ...more];
  }

  #keepGuacds(instruction: Buffer): boolean {
    if (this.#input === null && isSync(instruction)) {
      this.#count.toGuacd(sayFrameSeen(this.#guacd, instruction, this.#limits.queueBytes));
      return true;
    }
    if (startsWith(instruction, REQUIRED_PREFIX)) this.#isAsking = true;
    if (this.#dropNotices && startsWith(instruction, NOTICE_PREFIX)) return false;
    return !isEnding(instruction) || this.#hearGuacd(instruction);
  }

  #hearGuacd(instruction: Buffer): boolean {
    const [opcode, text = '', code = ''] = decode(instruction);
    if (opcode === '') return false;
    this.#guacdSaid ??= opcode === 'error' ? guacdError(this.#request, text, code) : ending('machine-ended');
    // Not passed on: the last word says the same in a sentence. Later in this turn, after what came before it.
    setImmediate(() => this.#endAsSaid());
    return false;
  }

  #endAsSaid(): void {
    const said = this.#guacdSaid ?? ending('machine-ended');
    if (said.failure || this.#begun) return this.#end(said);
    const silence = nothingShown(this.#request);
    this.#end(ending('failed', silence.toFailure(), silence.status));
  }

  #hearPeer(instruction: Buffer): boolean {
    // A browser that pings and does not read its answers gets none: they would fill memory.
    if (startsWith(instruction, PING_PREFIX) && !this.#peerFull) this.#toPeer(Buffer.from(instruction));
    if (instruction[0] === TUNNEL) return false;
    if (startsWith(instruction, ARGV_PREFIX)) this.#isAsking = false;
    else if (!startsWith(instruction, DISCONNECT_PREFIX)) this.#input?.hear(instruction);
    if (!startsWith(instruction, DISCONNECT_PREFIX)) return true;
    // Passed on first: guacd shall hear it from the person, not only find the socket closed.
    setImmediate(() => this.#end(ending('user-left')));
    return true;
  }

  /** After some silence towards the peer: authentik's page gives up on a session that says nothing for 10 s. */
  #keepAlive(): void {
    this.#quiet.refresh();
    if (this.#queued === 0) this.#toPeer(NOP);
  }

  /** On its own clock: pings that are answered keep the peer from being quiet, but say nothing of guacd. */
  #watchGuacd(): void {
    // While guacd is not read nothing can be heard of it.
    if (this.#peerFull || performance.now() - this.#heardGuacdAt <= this.#limits.guacdSilenceMs) return;
    this.#end(guacdSilent());
  }

  #guacdClosed(): void {
    if (this.#guacdSaid) return this.#endAsSaid();
    this.#end(guacdClosed());
  }

  #end(how: Ending): void {
    if (this.#over) return;
    this.stop();
    this.#onEnd(how);
  }
}

const TOO_SLOW: Failure = {
  code: 'peer-lost',
  message: 'The window did not keep up with the session that it watched.',
  advice: 'Watch it again.',
};

/** Whether guacd ends something by it, or says something of the tunnel’s own. */
function isEnding(instruction: Buffer): boolean {
  return ENDING_PREFIXES.some((prefix) => startsWith(instruction, prefix));
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
