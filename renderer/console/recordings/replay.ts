import Guacamole from 'guacamole-common-js';
import { InstructionParser } from '../../viewer/guacamole/parser.ts';

type Instruction = readonly [opcode: string, args: string[]];

interface Frame {
  /** Milliseconds since the first frame. */
  readonly at: number;
  readonly instructions: readonly Instruction[];
}

interface Keyframe {
  readonly frame: number;
  readonly state: Guacamole.Client.ExportedState;
}

/** What a recording may take in memory, in bytes; longer ones are for Guacamole's tools. */
export const MAX_REPLAY_BYTES = 512 * 1024 * 1024;
/** Least time between two states that are kept to jump to, in milliseconds; it doubles where they become too many. */
const KEYFRAME_MS = 5_000;
const MAX_KEYFRAMES = 48;
/** With idle times skipped, nothing is shown for longer than this, in milliseconds. */
const LONGEST_IDLE_MS = 1_000;
/** Frames that are drawn on the way to somewhere before the page may do something else. */
const FRAMES_AT_ONCE = 24;

/** Neither heard nor asked nor ended by a recording: only what draws is replayed. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  ...['audio', 'video', 'file', 'filesystem', 'clipboard', 'pipe', 'argv', 'required'],
  ...['error', 'disconnect', 'ready', 'args', 'key', 'nop'],
]);

class ReplayTunnel extends Guacamole.Tunnel {
  constructor() {
    super();
    // The base class sets its own on each object.
    this.connect = () => {};
    this.disconnect = () => {};
    this.sendMessage = () => {};
  }
}

/** Draws a recording at any moment of it. Moments are milliseconds since its first frame. */
export class Replay {
  readonly #tunnel = new ReplayTunnel();
  readonly #client = new Guacamole.Client(this.#tunnel);
  readonly #onChange: () => void;
  readonly #parser = new InstructionParser((opcode, args) => this.#hear(opcode, args));
  readonly #frames: Frame[] = [];
  #keyframes: Keyframe[] = [];
  #keyframeMs = KEYFRAME_MS;
  #pending: Instruction[] = [];
  #firstAt = 0;
  #current = -1;
  /** Where the time stands, between two frames as well. */
  #position = 0;
  #speed = 1;
  #skipsIdle = false;
  #playing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with each jump, so that one that was overtaken stops. */
  #jumps = 0;
  /** The picture of a jump is not there yet: playing goes on when it is. */
  #isJumping = false;
  #turn: Promise<void> = Promise.resolve();
  bytes = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#client.connect();
    this.#client.getDisplay().showCursor(false);
  }

  get display(): Guacamole.Display {
    return this.#client.getDisplay();
  }

  get duration(): number {
    return this.#frames[this.#frames.length - 1]?.at ?? 0;
  }

  get position(): number {
    return Math.min(this.#position, this.duration);
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Takes more of the recording; throws `BrokenStream` for what is none. */
  push(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.#parser.push(bytes);
    this.#onChange();
  }

  set speed(speed: number) {
    this.#speed = speed;
    if (this.#playing) this.#schedule();
  }

  set skipsIdle(skips: boolean) {
    this.#skipsIdle = skips;
    if (this.#playing) this.#schedule();
  }

  play(): void {
    if (this.#playing || this.#frames.length === 0) return;
    this.#playing = true;
    if (this.position >= this.duration) void this.seek(0);
    else this.#schedule();
    this.#onChange();
  }

  pause(): void {
    this.#playing = false;
    clearTimeout(this.#timer);
    this.#onChange();
  }

  /** Resolves when the picture of that moment is there, or when another jump has overtaken this one. */
  async seek(to: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#jumps += 1;
    const mine = this.#jumps;
    this.#isJumping = true;
    this.#position = Math.max(0, Math.min(to, this.duration));
    this.#onChange();
    const target = this.#frameAt(this.#position);
    await this.#inTurn(() => this.#drawUpTo(target, () => mine !== this.#jumps));
    if (mine !== this.#jumps) return;
    this.#isJumping = false;
    if (this.#playing) this.#schedule();
  }

  end(): void {
    this.#jumps += 1;
    this.pause();
  }

  #hear(opcode: string, args: string[]): void {
    if (!NOT_SHOWN.has(opcode)) this.#pending.push([opcode, args]);
    if (opcode !== 'sync') return;
    const timestamp = Number(args[0]);
    if (this.#frames.length === 0) this.#firstAt = timestamp;
    // A clock that is set back must not turn the order of frames.
    const at = Math.max(this.duration, timestamp - this.#firstAt);
    const frame = { at: Number.isFinite(at) ? at : this.duration, instructions: this.#pending };
    this.#pending = [];
    const last = this.#frames.length - 1;
    // guacd says every second that it is there: moments in which nothing is drawn are one, and can be skipped.
    if (drawsNothing(frame) && drawsNothing(this.#frames[last])) this.#frames[last] = frame;
    else this.#frames.push(frame);
  }

  #frameAt(position: number): number {
    let low = 0;
    let high = this.#frames.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#frames[middle]?.at ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }

  async #drawUpTo(target: number, isOvertaken: () => boolean): Promise<void> {
    if (isOvertaken()) return;
    const near = this.#keyframes.filter(({ frame }) => frame <= target).pop();
    if (target < this.#current || (near && near.frame > this.#current)) {
      if (near) await this.#restore(near);
    }
    while (this.#current < target) {
      if (isOvertaken()) return;
      // The first alone, so that there is always a picture to go back to.
      const last = this.#current < 0 ? 0 : Math.min(target, this.#current + FRAMES_AT_ONCE);
      while (this.#current < last) this.#drawNext();
      await this.#drawn();
      await this.#keep();
    }
  }

  #drawNext(): void {
    this.#current += 1;
    for (const [opcode, args] of this.#frames[this.#current]?.instructions ?? [])
      this.#tunnel.oninstruction?.(opcode, [...args]);
  }

  #drawn(): Promise<void> {
    return new Promise((resolve) => this.display.flush(() => setTimeout(resolve)));
  }

  /** Keeps the picture of this moment where the last that was kept is long ago. */
  async #keep(): Promise<void> {
    const frame = this.#current;
    const at = this.#frames[frame]?.at ?? 0;
    const last = this.#keyframes[this.#keyframes.length - 1];
    if (last && (frame <= last.frame || at - (this.#frames[last.frame]?.at ?? 0) < this.#keyframeMs)) return;
    const state = await new Promise<Keyframe['state']>((resolve) => this.#client.exportState(resolve));
    this.#keyframes.push({ frame, state });
    if (this.#keyframes.length <= MAX_KEYFRAMES) return;
    this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0);
    this.#keyframeMs *= 2;
  }

  async #restore({ frame, state }: Keyframe): Promise<void> {
    await new Promise<void>((resolve) => this.#client.importState(state, resolve));
    this.#current = frame;
  }

  /** One after the other: a picture that is half restored is nothing to draw on. */
  #inTurn(draw: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(draw);
    return this.#turn;
  }

  /** Draws the next frame when its time has come. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isJumping) return;
    const next = this.#frames[this.#current + 1];
    if (!next) return this.pause();
    const gap = Math.max(0, next.at - this.#position);
    const shown = this.#skipsIdle ? Math.min(gap, LONGEST_IDLE_MS) : gap;
    const began = performance.now();
    const from = next.at - shown;
    this.#position = Math.max(this.#position, from);
    const tick = () => {
      const passed = (performance.now() - began) * this.#speed;
      if (passed < shown) {
        this.#position = from + passed;
        this.#timer = setTimeout(tick, Math.min(250, (shown - passed) / this.#speed));
      } else void this.#advance(next.at);
      this.#onChange();
    };
    tick();
  }

  async #advance(at: number): Promise<void> {
    const mine = this.#jumps;
    this.#position = at;
    await this.#inTurn(async () => {
      if (mine !== this.#jumps) return;
      this.#drawNext();
      await this.#drawn();
      await this.#keep();
    });
    if (mine === this.#jumps && this.#playing) this.#schedule();
  }
}

function drawsNothing(frame: Frame | undefined): boolean {
  return frame?.instructions.every(([opcode]) => opcode === 'sync') === true;
}
