import { performance } from 'node:perf_hooks';
import { type Failure, SallyportError } from '../errors.ts';
import { isControl, isDisconnect } from './authentik-control.ts';
import type { SessionLimits } from './limits.ts';
import { type OpenPeer, type Peer, sayGoodbye } from './peer.ts';
import { NOP } from './words.ts';

export interface SeatOptions {
  readonly openPeer: OpenPeer;
  readonly limits: SessionLimits;
  /** Whether authentik's own words may come between the person's. */
  readonly hearsAuthentik: boolean;
  /** Takes a word of authentik's own, other than that the person is gone. */
  readonly onControl: (frame: Buffer) => void;
  /** The person's end is gone. Called once, and not where `leave` closed it. */
  readonly onGone: (failure: Failure | null) => void;
  /** More has come than is kept for a session that is not there yet. */
  readonly onOverrun: (failure: Failure) => void;
}

/**
 * When the outpost stops: how long a tunnel that is still being dialled may take, and how long a last word may to a
 * slow browser, in milliseconds. A websocket's closing may take 1.5 s more, and guacd's end comes after it: all of
 * it must be over before the process is cut off.
 */
const HURRY = { dialMs: 800, farewellMs: 600 } as const;

/** Where a person sits: one peer from its dialling to its last word. A session that was held gets a new one. */
export class Seat {
  readonly #options: SeatOptions;
  readonly #dialling = new AbortController();
  #opening: Promise<void> = Promise.resolve();
  #peer: Peer | undefined;
  #read: ((frame: Buffer) => void) | undefined;
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #heardAt = performance.now();
  #waiting: NodeJS.Timeout | undefined;
  #giveUp: NodeJS.Timeout | undefined;
  /** Gives up the dialling when the outpost stops. */
  #hurry: NodeJS.Timeout | undefined;
  #farewellMs: number;
  /** Whether there is nobody to say goodbye to. */
  #isGone = false;
  #isLeaving = false;
  #isParting = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#farewellMs = options.limits.farewellMs;
  }

  get peer(): Peer | undefined {
    return this.#peer;
  }

  /** Milliseconds since anything came from the person's end. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  /** Dials; resolves when the peer is open, rejects where it cannot be reached within the time of a set-up. */
  async open(): Promise<Peer> {
    const { openPeer, limits } = this.#options;
    this.#giveUp = setTimeout(() => this.#dialling.abort(), limits.setupMs);
    const dialled = openPeer(
      { onFrame: (frame) => this.#hear(frame), onClosed: (failure) => this.#gone(failure) },
      this.#dialling.signal,
    );
    this.#opening = dialled.then(
      () => {},
      () => {},
    );
    try {
      const peer = await dialled;
      this.#peer = peer;
      this.#heardAt = performance.now();
      // authentik's page gives up after 10 s without a word; a slow guacd may take longer.
      if (!this.#read && !this.#isLeaving)
        this.#waiting = setInterval(() => peer.send(NOP, () => {}), limits.quietMs);
      return peer;
    } catch (error) {
      this.#isGone = true;
      throw error;
    } finally {
      clearTimeout(this.#giveUp);
      clearTimeout(this.#hurry);
    }
  }

  /** From now on `read` gets what the person sends; first of all what came before. */
  attach(read: (frame: Buffer) => void): void {
    clearInterval(this.#waiting);
    this.#read = read;
    for (const frame of this.#early) read(frame);
    this.#early = [];
  }

  /** Nobody has to be told anything: stops dialling. */
  giveUp(): void {
    this.#dialling.abort();
  }

  /** No more signs of life: a last word is on its way. */
  hush(): void {
    this.#isLeaving = true;
    clearInterval(this.#waiting);
    this.#read = undefined;
    this.#early = [];
  }

  /** Closes with a last word, also where the peer is still being dialled; bounded in time. */
  async leave(word: Buffer | null): Promise<void> {
    this.hush();
    await this.#opening;
    if (!this.#peer || this.#isGone) return;
    this.#isGone = true;
    this.#isParting = true;
    await sayGoodbye(this.#peer, word, this.#farewellMs);
  }

  /** The outpost stops: whoever still has to be told, also of an earlier ending, is told soon or not at all. */
  hurryUp(): void {
    this.#farewellMs = HURRY.farewellMs;
    if (this.#isParting) void this.#peer?.close(HURRY.farewellMs);
    else if (!this.#peer && !this.#isGone)
      this.#hurry ??= setTimeout(() => this.#dialling.abort(), HURRY.dialMs);
  }

  #hear(frame: Buffer): void {
    this.#heardAt = performance.now();
    if (this.#options.hearsAuthentik && isControl(frame)) {
      if (isDisconnect(frame)) this.#left();
      else this.#options.onControl(frame);
      return;
    }
    if (this.#read) return this.#read(frame);
    // An empty frame says nothing, and would not count towards the bound.
    if (this.#isLeaving || frame.length === 0) return;
    this.#early.push(frame);
    this.#earlyBytes += frame.length;
    if (this.#earlyBytes <= this.#options.limits.earlyBytes) return;
    const failure = new SallyportError(
      'request-invalid',
      'The browser sent too much before the session was set up.',
    );
    this.#options.onOverrun(failure.toFailure());
  }

  /** The browser has left; what it was reached by is still open. */
  #left(): void {
    if (this.#isGone || this.#isLeaving) return;
    this.#options.onGone(null);
  }

  #gone(failure: Failure | null): void {
    const isNews = !this.#isGone && !this.#isLeaving;
    this.#isGone = true;
    clearInterval(this.#waiting);
    if (isNews) this.#options.onGone(failure);
  }
}
