import type { Socket } from 'node:net';
import { SallyportError } from '../core/errors.ts';

export interface CrowdLimits {
  /** Connections at once that may ask; streams aside. */
  readonly connections: number;
  /** Of them, those of one member. */
  readonly memberConnections: number;
  /** Streams at once: windows that show a session, recordings that are played. */
  readonly streams: number;
  /** Of them, those of one member. */
  readonly memberStreams: number;
  /** Connections that have not yet shown what they are for, or whose. */
  readonly strangers: number;
  /** Connections that were told why they are not let in and have not gone yet. */
  readonly leaving: number;
}

export const CROWD_LIMITS: CrowdLimits = {
  connections: 64,
  memberConnections: 12,
  streams: 128,
  memberStreams: 24,
  strangers: 32,
  leaving: 32,
};

type Kind = 'stranger' | 'control' | 'stream' | 'leaving';

interface Place {
  readonly kind: Kind;
  /** The member it belongs to; null where that is not known, or nobody's matter. */
  readonly member: number | null;
}

/**
 * Everybody at one door, each counted as one thing. There is a bound for each, so that nobody takes another's place, nor
 * the files that this process can open.
 */
export class Crowd {
  readonly #limits: CrowdLimits;
  readonly #places = new Map<Socket, Place>();

  constructor(limits: CrowdLimits) {
    this.#limits = limits;
  }

  get sockets(): Iterable<Socket> {
    return this.#places.keys();
  }

  /** Numbers of the members who are here. */
  get members(): ReadonlySet<number> {
    return new Set([...this.#places.values()].flatMap(({ member }) => (member === null ? [] : [member])));
  }

  of(member: number): readonly Socket[] {
    return [...this.#places].flatMap(([socket, place]) => (place.member === member ? [socket] : []));
  }

  /**
   * Takes in a newcomer. Where there are too many of them, returns the one that has been a stranger for longest: it has
   * had its time, and who comes with nothing but good intentions needs little.
   */
  arrive(socket: Socket): Socket | undefined {
    this.#places.set(socket, { kind: 'stranger', member: null });
    socket.on('close', () => this.#places.delete(socket));
    return this.#beyond('stranger', this.#limits.strangers);
  }

  /** A stranger may ask from now on. Throws `control-protocol` where too many do, or it has been sent away meanwhile. */
  letIn(socket: Socket, member: number | null): void {
    const { connections, memberConnections } = this.#limits;
    this.#checkStranger(socket);
    if (this.#count('control') >= connections)
      throw taken(`All ${connections} control connections are taken.`);
    if (member !== null && this.#count('control', member) >= memberConnections)
      throw taken(
        `You have ${memberConnections} connections to this outpost already, all that one may have.`,
      );
    this.#move(socket, { kind: 'control', member });
  }

  /** A stranger becomes a stream. Throws as `letIn` does. */
  makeStream(socket: Socket, member: number | null): void {
    const { streams, memberStreams } = this.#limits;
    const advice = 'Close some of the windows that show sessions of this outpost.';
    this.#checkStranger(socket);
    if (this.#count('stream') >= streams) throw taken(`All ${streams} streams are taken.`, advice);
    if (member !== null && this.#count('stream', member) >= memberStreams)
      throw taken(
        `You have ${memberStreams} streams from this outpost already, all that one may have.`,
        advice,
      );
    this.#move(socket, { kind: 'stream', member });
  }

  /** It was told to go; returns the one that has to go at once where too many take their time. */
  leave(socket: Socket): Socket | undefined {
    this.#move(socket, { kind: 'leaving', member: null });
    return this.#beyond('leaving', this.#limits.leaving);
  }

  #checkStranger(socket: Socket): void {
    if (this.#places.get(socket)?.kind !== 'stranger') throw taken('This connection was ended meanwhile.');
  }

  /** At the end of its kind, so that the first of a kind is the one that has been so for longest. */
  #move(socket: Socket, place: Place): void {
    if (this.#places.delete(socket)) this.#places.set(socket, place);
  }

  #count(kind: Kind, member?: number): number {
    let count = 0;
    for (const place of this.#places.values())
      if (place.kind === kind && (member === undefined || place.member === member)) count += 1;
    return count;
  }

  #beyond(kind: Kind, most: number): Socket | undefined {
    if (this.#count(kind) <= most) return undefined;
    for (const [socket, place] of this.#places) if (place.kind === kind) return socket;
    return undefined;
  }
}

function taken(
  message: string,
  advice = 'End some of the `sallyport` commands that watch this outpost.',
): SallyportError {
  return new SallyportError('control-protocol', message, { advice });
}
