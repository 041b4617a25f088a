import type { Failure } from '../errors.ts';
import type { EndedSession, Moment, SessionStatus, TransferStatus } from '../status.ts';
import type { SessionRequest } from './request.ts';

type Known = 'state' | 'startedAt' | 'setupMs' | 'bytesToPeer' | 'bytesToGuacd' | 'queuedBytes' | 'guacd';

/** What a session knows of itself beside what it was asked for. */
export interface SessionFacts extends Pick<SessionStatus, Known> {
  readonly transfers: readonly TransferStatus[];
  readonly heldUntil: Moment | null;
  readonly recording: 'on' | 'failed' | null;
}

/** A session as everyone sees it: names of parameters, and no values. */
export function statusOf(request: SessionRequest, facts: SessionFacts): SessionStatus {
  const { id, source, protocol, user, member, machine, machineId, watching, resumedAs, parameters } = request;
  const { transfers, heldUntil, recording, ...known } = facts;
  return {
    id,
    source,
    protocol,
    user,
    machine,
    ...known,
    parameters: [...parameters.keys()],
    ...(transfers.length > 0 && { transfers }),
    ...(known.state === 'held' && heldUntil !== null && { heldUntil }),
    ...(recording !== null && { recording }),
    ...(member !== undefined && { member }),
    ...(machineId !== undefined && { machineId }),
    ...(watching !== undefined && { watching }),
    ...(resumedAs !== undefined && { resumedAs }),
  };
}

/** What stays of a session's status when it has ended. */
export function endedAs(
  status: SessionStatus,
  end: Pick<EndedSession, 'endedAt' | 'reason' | 'failure' | 'recording'>,
): EndedSession {
  const { state, queuedBytes, transfers, heldUntil, recording, ...known } = status;
  return { ...known, ...end };
}

/** A session that was asked for and never begun. */
export function neverBegun(request: SessionRequest, failure: Failure, now: Moment): EndedSession {
  const status = statusOf(request, {
    ...{ state: 'ending', startedAt: now, setupMs: null, guacd: null },
    ...{ bytesToPeer: 0, bytesToGuacd: 0, queuedBytes: 0 },
    ...{ transfers: [], heldUntil: null, recording: null },
  });
  return endedAs(status, { endedAt: now, reason: 'refused', failure });
}
