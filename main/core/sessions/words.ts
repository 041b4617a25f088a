import { type Failure, failureText } from '../errors.ts';
import { encode } from '../guacamole/instruction.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { EndReason } from '../status.ts';

/** The tunnel's way to end: what the other end must do is nothing. */
export const DISCONNECT = Buffer.from(encode('disconnect'));
/** Says that somebody is still there. */
export const NOP = Buffer.from(encode('nop'));

/** A session's end as it is kept and told. */
export interface Ending {
  readonly reason: EndReason;
  /** Null where nothing went wrong. */
  readonly failure: Failure | null;
  /** Guacamole's status, for the browser. */
  readonly status: number;
  /** Nothing is said to the person: a newer session has taken over the same channel, and would be ended by it. */
  readonly quiet?: true;
}

/**
 * The last word to the person's end. Older authentik does not tell the browser that the tunnel has closed, so
 * every session ends with one; null for the one ending that is not told.
 */
export function lastWord({ failure, status, quiet }: Ending): Buffer | null {
  if (quiet) return null;
  if (!failure) return DISCONNECT;
  return Buffer.concat([Buffer.from(encode('error', failureText(failure), String(status))), DISCONNECT]);
}

export function ending(reason: EndReason, failure: Failure | null = null, status?: number): Ending {
  return { reason, failure, status: status ?? STATUS_OF[reason] };
}

const STATUS_OF: Readonly<Record<EndReason, number>> = {
  'user-left': GuacamoleStatus.success,
  'machine-ended': GuacamoleStatus.success,
  'ended-by-admin': GuacamoleStatus.sessionClosed,
  'ended-by-authentik': GuacamoleStatus.sessionClosed,
  failed: GuacamoleStatus.serverError,
  refused: GuacamoleStatus.forbidden,
  'peer-lost': GuacamoleStatus.clientTimeout,
  'guacd-lost': GuacamoleStatus.upstreamUnavailable,
  'hold-expired': GuacamoleStatus.sessionTimeout,
  guardrail: GuacamoleStatus.sessionClosed,
  shutdown: GuacamoleStatus.sessionClosed,
};
