import type { Display } from '../guacamole/handshake.ts';
import { encode } from '../guacamole/instruction.ts';
import type { GuacdConnection } from '../guacd/guacd.ts';
import type { Moment } from '../status.ts';
import { hangUp } from './hang-up.ts';
import { Holding } from './holding.ts';
import type { Input } from './input.ts';
import { Mirror, type MirrorOptions } from './mirror.ts';
import type { Seat } from './seat.ts';
import type { RunningConnection } from './set-up.ts';
import type { Tap } from './tap.ts';
import type { Ending } from './words.ts';

export interface GuacdSideOptions
  extends Pick<MirrorOptions, 'request' | 'limits' | 'input' | 'dropNotices' | 'onEnd'> {
  readonly input: Input | null;
  /** Who hears what passes, as soon as it is there. */
  readonly tap: () => Tap | null;
  readonly onBytes: (direction: 'to-peer' | 'to-guacd', count: number) => void;
  /** Nobody came back in time. */
  readonly onExpired: () => void;
}

/** A session’s place at guacd: shown to a person, or kept for one who is away. */
export class GuacdSide {
  readonly #options: GuacdSideOptions;
  readonly #holding: Holding;
  #connection: GuacdConnection | undefined;
  #mirror: Mirror | undefined;
  /** Whether the connection is in the hands of `#holding`. */
  #isKept = false;
  #bytesToPeer = 0;
  #bytesToGuacd = 0;

  constructor(options: GuacdSideOptions) {
    const { request, limits, tap, onExpired, onEnd } = options;
    this.#options = options;
    this.#holding = new Holding({
      request,
      limits,
      onPassed: (complete) => tap()?.fromGuacd(complete),
      onExpired,
      onEnd,
    });
  }

  /** What others join; null where guacd holds nothing yet. */
  get running(): RunningConnection | null {
    if (!this.#connection) return null;
    return { id: this.#connection.id, address: this.#connection.address };
  }

  /** Whether a person sees it. */
  get isShown(): boolean {
    return this.#mirror !== undefined;
  }

  /** Whether guacd waits for an answer of the person, which it asks nobody again who comes later. */
  get isAsking(): boolean {
    return this.#mirror?.isAsking ?? false;
  }

  get heldUntil(): Moment | null {
    return this.#holding.until;
  }

  get moved(): { readonly bytesToPeer: number; readonly bytesToGuacd: number; readonly queuedBytes: number } {
    return {
      bytesToPeer: this.#bytesToPeer,
      bytesToGuacd: this.#bytesToGuacd,
      queuedBytes: this.#mirror?.queuedBytes ?? 0,
    };
  }

  /** guacd is ready; nobody sees it yet. */
  take(connection: GuacdConnection): void {
    this.#connection = connection;
  }

  /** Shows it to the person in `seat`, whose peer is open; see `firstSize` for `opening`. */
  show(seat: Seat, opening: Buffer | null = null): void {
    const { tap, onBytes, ...options } = this.#options;
    const { peer } = seat;
    if (!peer || !this.#connection) return;
    const mirror = new Mirror({
      ...options,
      peer,
      guacd: this.#connection.socket,
      leftover: this.#connection.leftover,
      tap: tap(),
      opening,
      count: {
        toPeer: (count) => {
          this.#bytesToPeer += count;
          onBytes('to-peer', count);
        },
        toGuacd: (count) => {
          this.#bytesToGuacd += count;
          onBytes('to-guacd', count);
        },
      },
    });
    this.#mirror = mirror;
    seat.attach((frame) => mirror.readPeer(frame));
  }

  /** See `Mirror.dropFileStreams`. */
  dropFileStreams(): void {
    this.#mirror?.dropFileStreams();
  }

  /** Takes the person’s place for `ms` milliseconds; returns guacd’s own end, where it has just come. */
  hold(ms: number): Ending | null {
    if (!this.#mirror || !this.#connection) return null;
    const { leftover, said } = this.#mirror.release();
    this.#mirror = undefined;
    if (said) return said;
    this.#isKept = true;
    const released = this.#options.input?.release();
    if (released) this.#connection.socket.write(released);
    this.#holding.begin(this.#connection, leftover, ms);
    return null;
  }

  /** Somebody is on the way; returns what is left of the time, in milliseconds. */
  stopClock(): number {
    return this.#holding.stopClock();
  }

  /** Whoever was on the way did not arrive. */
  goOn(ms: number): void {
    this.#holding.goOn(ms);
  }

  /** The person has a place of their own again, `joined`, and sees it in `seat`, which may be of another size. */
  comeBack(seat: Seat, joined: GuacdConnection, { width, height }: Display): void {
    this.#connection = joined;
    this.#isKept = false;
    this.#holding.letGo();
    // guacd ignores what it has already.
    joined.socket.write(encode('size', String(width), String(height)));
    this.show(seat);
  }

  /** Moves nothing any more; `leave` follows. */
  stop(): void {
    this.#mirror?.stop();
    this.#holding.stopClock();
  }

  /** Tells guacd that nobody is there; resolves when all sockets are closed. */
  async leave(): Promise<void> {
    await Promise.all([
      this.#holding.end(),
      !this.#isKept && this.#connection ? hangUp(this.#connection) : undefined,
    ]);
  }
}
