import type { Failure } from '../core/errors.ts';
import type { Machine } from '../core/offline/machines/machine.ts';
import type { EndedSession, GuacdState, LinkState, OutpostStatus, SessionStatus } from '../core/status.ts';
import type { Member } from './members.ts';

/*
 * What a member sees of the outpost: whether it is up, whether they may open a session and why not, their own sessions,
 * and the machines. Each part is named here, so that one that is added later is shown to nobody by accident.
 */

export function memberView(status: OutpostStatus, member: Member): OutpostStatus {
  const { offline, vault } = status;
  // A number is somebody else's one day, and so is a name; hardly both.
  const isTheirs = (session: Pick<SessionStatus, 'member' | 'user'>) =>
    session.member === member.uid && session.user === member.name;
  return {
    forMember: true,
    version: status.version,
    pid: status.pid,
    startedAt: status.startedAt,
    wish: status.wish,
    phase: status.phase,
    host: status.host,
    insecure: false,
    link: seenLink(status.link),
    outpost: null,
    updateFailure: null,
    guacd: seenGuacd(status.guacd),
    metrics: { kind: 'off' },
    sessions: status.sessions.filter(isTheirs).map(seenSession),
    history: status.history.filter(isTheirs).map(seenEnded),
    sessionLimit: status.sessionLimit,
    ...(offline && { offline }),
    ...(vault && { vault }),
    // They are the admin's to see to, and name files and sessions.
    warnings: [],
  };
}

/** A machine of the address book. How this host reaches it is the admin's. */
export function seenMachine({ guacd: _, ...machine }: Machine): Machine {
  return { ...machine, guacd: '' };
}

/**
 * Whether a member has to be told: something in their view is another, beside numbers that move by themselves. Else what
 * others do would show by when the numbers come.
 */
export function isNews(before: OutpostStatus, after: OutpostStatus): boolean {
  return still(before) !== still(after);
}

const MOVING: ReadonlySet<string> = new Set<keyof SessionStatus>([
  'bytesToPeer',
  'bytesToGuacd',
  'queuedBytes',
]);

function still(status: OutpostStatus): string {
  return JSON.stringify(status, (name, value: unknown) => (MOVING.has(name) ? undefined : value));
}

/** What of a session that is theirs, whether it runs or not. */
function seenOfBoth(session: SessionStatus | EndedSession) {
  return {
    id: session.id,
    source: session.source,
    protocol: session.protocol,
    user: session.user,
    machine: session.machine,
    startedAt: session.startedAt,
    setupMs: session.setupMs,
    bytesToPeer: session.bytesToPeer,
    bytesToGuacd: session.bytesToGuacd,
    guacd: null,
    parameters: [],
    ...(session.machineId !== undefined && { machineId: session.machineId }),
    ...(session.resumedAs !== undefined && { resumedAs: session.resumedAs }),
  };
}

/** Whether they are told that somebody watches them is for guacd to say, as the admin has set it. */
function seenSession(session: SessionStatus): SessionStatus {
  const { state, queuedBytes, transfers, heldUntil, recording } = session;
  return {
    ...seenOfBoth(session),
    state,
    queuedBytes,
    ...(transfers && { transfers }),
    ...(heldUntil !== undefined && { heldUntil }),
    ...(recording && { recording }),
  };
}

/** Without its recording, which is the admin's to play. */
function seenEnded(session: EndedSession): EndedSession {
  const { endedAt, reason, failure } = session;
  return { ...seenOfBoth(session), endedAt, reason, failure };
}

/** When authentik last answered is not told: it is asked whenever somebody's session begins or ends. */
function seenLink(link: LinkState): LinkState {
  switch (link.kind) {
    case 'stopped':
    case 'connecting':
      return link;
    case 'online':
      return { kind: 'online', since: link.since, acknowledgedAt: link.since };
    case 'waiting':
      return { kind: 'waiting', attempt: link.attempt, retryAt: link.retryAt, reason: AUTHENTIK_AWAY };
    case 'rejected':
      return { kind: 'rejected', retryAt: link.retryAt, reason: AUTHENTIK_REFUSES };
    default:
      return link satisfies never;
  }
}

function seenGuacd(guacd: GuacdState): GuacdState {
  switch (guacd.kind) {
    case 'stopped':
      return guacd;
    case 'starting':
      return { kind: 'starting', since: guacd.since };
    case 'down':
      return { kind: 'down', retryAt: guacd.retryAt, reason: NO_GUACD };
    case 'up': {
      const healthy = guacd.instances.some((instance) => instance.healthy);
      const reason = healthy ? null : NO_GUACD;
      return {
        kind: 'up',
        since: guacd.since,
        instances: [{ address: '', healthy, version: null, sessions: 0, reason }],
      };
    }
    default:
      return guacd satisfies never;
  }
}

const ADVICE = 'Ask the admin of this host, who is told why.';
const AUTHENTIK_AWAY: Failure = {
  code: 'connection-lost',
  message: 'The outpost does not reach authentik.',
  advice: ADVICE,
};
const AUTHENTIK_REFUSES: Failure = {
  code: 'api-refused',
  message: 'authentik does not take this outpost.',
  advice: ADVICE,
};
const NO_GUACD: Failure = {
  code: 'guacd-unreachable',
  message: 'Sessions cannot be opened just now: guacd is not ready.',
  advice: ADVICE,
};
