/** Frames that may wait to be drawn before the sender is slowed down. */
const FRAMES_BEHIND = 4;

/**
 * When the sender may send more: as soon as bytes are read, unless the window has more than a few frames that it has
 * not drawn. Then what was read is granted when they are, so that a slow window slows guacd, not fills memory.
 */
export class Pace {
  readonly #grant: (bytes: number) => void;
  /** Frames that were read and not drawn, by guacd's time stamps. */
  #waiting: string[] = [];
  #last = '';
  #owed = 0;

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant;
  }

  get framesBehind(): number {
    return this.#waiting.length;
  }

  read(bytes: number): void {
    this.#owed += bytes;
    this.#settle();
  }

  /** A frame is complete; it is drawn when `drawn` has its time stamp. */
  frame(timestamp: string): void {
    // guacd repeats a time stamp where nothing has happened; it is answered once.
    if (timestamp !== this.#last) this.#waiting.push(timestamp);
    this.#last = timestamp;
  }

  drawn(timestamp: string): void {
    const at = this.#waiting.lastIndexOf(timestamp);
    if (at >= 0) this.#waiting = this.#waiting.slice(at + 1);
    this.#settle();
  }

  #settle(): void {
    if (this.#owed === 0 || this.#waiting.length > FRAMES_BEHIND) return;
    const bytes = this.#owed;
    this.#owed = 0;
    this.#grant(bytes);
  }
}
