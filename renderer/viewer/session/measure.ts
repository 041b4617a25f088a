/** What is shown in the corner, over the last second. */
export interface Measures {
  readonly framesPerSecond: number;
  /** From a frame's last instruction to its picture, in milliseconds; null without a frame. */
  readonly drawMs: number | null;
  /** To the outpost and back, in milliseconds; null until it has answered. */
  readonly pingMs: number | null;
  /** Bytes per second. */
  readonly received: number;
  readonly sent: number;
}

export const NO_MEASURES: Measures = {
  framesPerSecond: 0,
  drawMs: null,
  pingMs: null,
  received: 0,
  sent: 0,
};

/** Adds up what happens, and tells it once a period. */
export class Meter {
  #frames = 0;
  #drawMs = 0;
  #pingMs: number | null = null;
  #received = 0;
  #sent = 0;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  frame(ms: number): void {
    this.#frames += 1;
    this.#drawMs += ms;
  }

  ping(ms: number): void {
    this.#pingMs = ms;
  }

  /** `received` and `sent` are those since the beginning. */
  read(now: number, received: number, sent: number): Measures {
    const seconds = Math.max(0.001, (now - this.#at) / 1000);
    const measures: Measures = {
      framesPerSecond: this.#frames / seconds,
      drawMs: this.#frames === 0 ? null : this.#drawMs / this.#frames,
      pingMs: this.#pingMs,
      received: (received - this.#received) / seconds,
      sent: (sent - this.#sent) / seconds,
    };
    this.#frames = 0;
    this.#drawMs = 0;
    this.#received = received;
    this.#sent = sent;
    this.#at = now;
    return measures;
  }
}
