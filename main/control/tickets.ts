import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { SallyportError } from '../core/errors.ts';

/** What a stream over the control socket carries: a session as a window shows it, or a recording. */
export const STREAM_KINDS = ['display', 'recording'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export function isStreamKind(kind: string): kind is StreamKind {
  return STREAM_KINDS.some((known) => known === kind);
}

export interface TicketLimits {
  /** How long a ticket may be used, in milliseconds. */
  readonly validMs: number;
  /** Tickets that wait to be used. */
  readonly pending: number;
  /** Of them, those of one member. */
  readonly memberPending: number;
}

export const TICKET_LIMITS: TicketLimits = { validMs: 30_000, pending: 64, memberPending: 12 };

const TICKET_BYTES = 32;

interface Issued {
  readonly kind: StreamKind;
  readonly member: number | null;
  readonly accept: (socket: Socket) => void;
  readonly expiry: NodeJS.Timeout;
}

/** Binds a stream to the request that asked for it: whoever has the answer, and only once. */
export class Tickets {
  readonly #limits: TicketLimits;
  readonly #issued = new Map<string, Issued>();

  constructor(limits: Partial<TicketLimits> = {}) {
    this.#limits = { ...TICKET_LIMITS, ...limits };
  }

  /**
   * A new ticket for a member, or for who is none: 32 random bytes as base64url. `accept` gets the socket of whoever brings it, paused and after the
   * greeting; never where nobody does. Throws `control-protocol` where too many wait.
   */
  issue(kind: StreamKind, member: number | null, accept: (socket: Socket) => void): string {
    const { pending, memberPending } = this.#limits;
    if (this.#issued.size >= pending) throw tooMany(pending);
    if (member !== null && this.#pendingOf(member) >= memberPending) throw tooMany(memberPending);
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const expiry = setTimeout(() => this.#issued.delete(ticket), this.#limits.validMs);
    expiry.unref();
    this.#issued.set(ticket, { kind, member, accept, expiry });
    return ticket;
  }

  /**
   * What is done with the stream that brings `ticket`; it is of no use after. `takeIn` hears whose it is, and what it
   * throws leaves the ticket as it was. Throws `ticket-invalid`.
   */
  redeem(
    kind: StreamKind,
    ticket: string | undefined,
    takeIn: (member: number | null) => void,
  ): (socket: Socket) => void {
    const issued = ticket === undefined ? undefined : this.#issued.get(ticket);
    if (ticket === undefined || issued?.kind !== kind)
      throw new SallyportError(
        'ticket-invalid',
        'This ticket opens nothing: it was used already, is too old, or was never given out.',
        { advice: 'Open the session or the recording again.' },
      );
    takeIn(issued.member);
    this.#issued.delete(ticket);
    clearTimeout(issued.expiry);
    return issued.accept;
  }

  #pendingOf(member: number): number {
    return [...this.#issued.values()].filter((issued) => issued.member === member).length;
  }
}

function tooMany(count: number): SallyportError {
  return new SallyportError('control-protocol', `${count} windows are being opened already.`, {
    advice: 'Try again in a moment.',
  });
}
