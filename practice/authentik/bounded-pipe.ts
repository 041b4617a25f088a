import type { Channel } from './channel.ts';

export interface PipeLimits {
  /** From this many waiting bytes on, nothing more is read from the source. */
  readonly highWaterBytes: number;
  /** At this many reading goes on. */
  readonly lowWaterBytes: number;
}

export const PIPE_LIMITS: PipeLimits = { highWaterBytes: 1024 * 1024, lowWaterBytes: 256 * 1024 };

/** Sends frames to `target`; while too much waits there, its sources are not read, which TCP tells their peers. */
export class BoundedPipe {
  readonly #target: Channel;
  readonly #limits: PipeLimits;
  readonly #name: string;
  readonly #sources = new Set<Channel>();
  #queued = 0;
  #full = false;
  #peak = 0;
  #bytes = 0;
  #frames = 0;

  constructor(name: string, target: Channel, limits: PipeLimits = PIPE_LIMITS) {
    this.#name = name;
    this.#target = target;
    this.#limits = limits;
  }

  /** Bytes that have been handed over and have not left the process. */
  get queuedBytes(): number {
    return this.#queued;
  }

  get peakQueuedBytes(): number {
    return this.#peak;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get frames(): number {
    return this.#frames;
  }

  addSource(source: Channel): void {
    this.#sources.add(source);
    if (this.#full) source.hold(this.#name);
    source.onClose(() => this.#sources.delete(source));
  }

  send(data: string | Buffer, binary = false): void {
    const size = Buffer.byteLength(data);
    this.#bytes += size;
    this.#frames += 1;
    this.#queued += size;
    this.#peak = Math.max(this.#peak, this.#queued);
    this.#target.send(data, binary, () => {
      this.#queued -= size;
      if (this.#full && this.#queued <= this.#limits.lowWaterBytes) this.#setFull(false);
    });
    if (!this.#full && this.#queued > this.#limits.highWaterBytes) this.#setFull(true);
  }

  #setFull(full: boolean): void {
    this.#full = full;
    for (const source of this.#sources) {
      if (full) source.hold(this.#name);
      else source.release(this.#name);
    }
  }
}
