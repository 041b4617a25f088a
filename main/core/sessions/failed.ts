import { type ErrorCode, type Failure, SallyportError } from '../errors.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { SessionRequest } from './request.ts';
import { type Ending, ending } from './words.ts';

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  'guacd-missing': GuacamoleStatus.upstreamUnavailable,
  'guacd-container': GuacamoleStatus.upstreamUnavailable,
  'guacd-unreachable': GuacamoleStatus.upstreamUnavailable,
  'guacd-died': GuacamoleStatus.upstreamUnavailable,
  'guacd-timeout': GuacamoleStatus.upstreamTimeout,
  'guacd-protocol': GuacamoleStatus.upstreamError,
};

/** A session’s end by anything that was thrown; `subject` names what failed. */
export function failed(
  error: unknown,
  subject: string,
  reason: 'failed' | 'peer-lost' | 'refused' = 'failed',
): Ending {
  const known = SallyportError.from(error, subject);
  return ending(
    reason,
    known.toFailure(),
    known.status ??
      STATUS_OF_CODE[known.code] ??
      (reason === 'refused' ? GuacamoleStatus.forbidden : GuacamoleStatus.serverError),
  );
}

/** The set-up took longer than it may; `personIsThere` tells on which side. */
export function setupTimedOut(
  { source }: Pick<SessionRequest, 'source'>,
  personIsThere: boolean,
  ms: number,
): Ending {
  const far = source === 'authentik' ? 'authentik did not open the session’s websocket' : 'No window came';
  const late = personIsThere ? 'guacd did not set up the session' : far;
  const failure = new SallyportError('setup-timeout', `${late} within ${ms / 1000} seconds.`, {
    advice: 'Try again; if this comes back, look at the outpost’s log.',
  });
  return ending('failed', failure.toFailure(), GuacamoleStatus.upstreamTimeout);
}

/** A recording's failure, with what it did to a session that may not be without one. */
export function mustBeRecorded(
  { code, message, advice }: Failure,
  whatBecameOfIt: 'not opened' | 'ended',
): SallyportError {
  const sentence = `This session must be recorded, so it was ${whatBecameOfIt}.`;
  return new SallyportError(code, `${message} ${sentence}`, { advice });
}
