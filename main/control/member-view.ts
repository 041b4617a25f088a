import type { OutpostStatus, SessionStatus } from '../core/status.ts';
import type { Member } from './members.ts';

/**
 * What a member sees of the outpost: how it is, and their own sessions. Each part is named here, so that one that is added
 * later is shown to nobody by accident.
 */
export function memberView(status: OutpostStatus, { uid }: Member): OutpostStatus {
  const theirs = ({ member }: Pick<SessionStatus, 'member'>) => member === uid;
  const { offline, vault, outpost } = status;
  return {
    version: status.version,
    pid: status.pid,
    startedAt: status.startedAt,
    wish: status.wish,
    phase: status.phase,
    host: status.host,
    insecure: status.insecure,
    link: status.link,
    outpost: outpost && { ...outpost, providers: [], config: {} },
    updateFailure: null,
    guacd: status.guacd,
    metrics: { kind: 'off' },
    sessions: status.sessions.filter(theirs),
    history: status.history.filter(theirs),
    sessionLimit: status.sessionLimit,
    ...(offline && { offline }),
    ...(vault && { vault }),
    // They are the admin's to see to, and name files and sessions.
    warnings: [],
  };
}
