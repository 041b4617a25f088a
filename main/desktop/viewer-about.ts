import type { ViewerAbout } from '../../preload/contract/viewer.ts';
import type { OutpostStatus, SessionStatus } from '../core/status.ts';
import type { ViewerTarget } from './viewer-display.ts';
import { titleText } from './viewer-names.ts';

/** What is known of a window before the outpost has told of its session. */
export function aboutNothing(target: ViewerTarget): ViewerAbout {
  return {
    kind: target.kind,
    machine: target.kind === 'machine' ? titleText(target.name) : '',
    ...{ user: null, protocol: null, recording: null, startedAt: null, ended: null },
  };
}

/** What the outpost tells of the session that it has called `session`; null where it tells nothing of it. */
export function aboutSession(
  target: ViewerTarget,
  session: string | null,
  status: Pick<OutpostStatus, 'sessions' | 'history'> | null,
): ViewerAbout | null {
  // One that was held goes on under its old name, whatever the opening was answered with.
  const isIt = ({ id, resumedAs }: Pick<SessionStatus, 'id' | 'resumedAs'>) =>
    session !== null && (id === session || resumedAs === session);
  const running = status?.sessions.find(isIt);
  const ended = status?.history.find(isIt);
  const known = running ?? ended;
  if (known === undefined) return null;
  const { machine, user, protocol, startedAt } = known;
  return {
    kind: target.kind,
    machine: titleText(target.kind === 'machine' ? target.name : machine),
    user: user === null ? null : titleText(user),
    ...{ protocol, startedAt, recording: running?.recording ?? null },
    ended:
      running || !ended ? null : { reason: ended.reason, failure: ended.failure, endedAt: ended.endedAt },
  };
}
