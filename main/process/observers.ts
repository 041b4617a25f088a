import type { RecordEvent, SessionFacts } from '../core/audit-event.ts';
import type { OutpostObserver } from '../core/outpost.ts';
import type { SessionRequest } from '../core/sessions/request.ts';
import type { SessionStatus } from '../core/status.ts';

type Told = Pick<
  OutpostObserver,
  'opened' | 'ended' | 'refused' | 'held' | 'resumed' | 'holdExpired' | 'watched' | 'fileTransferred'
>;

/** Writes into the journal what sessions tell. A session that watches another is told by the watched one. */
export function sessionJournal(record: RecordEvent): Told {
  return {
    opened: (session) => {
      if (session.source !== 'watch')
        record({ kind: 'session-opened', ...factsOf(session), recorded: session.recording === 'on' });
    },
    ended: (session) => {
      if (session.source === 'watch') return;
      record({
        kind: 'session-ended',
        ...factsOf(session),
        since: new Date(session.startedAt).toISOString(),
        how: session.reason,
        failure: session.failure?.message ?? null,
        bytesToPeer: session.bytesToPeer,
        bytesToGuacd: session.bytesToGuacd,
        recording: session.recording ?? null,
      });
    },
    refused: ({ source, protocol, user, machine }, { code, message }) =>
      record({ kind: 'session-refused', source, protocol, user, machine, code, failure: message }),
    held: (session) => record({ kind: 'session-held', ...factsOf(session) }),
    resumed: (session) => record({ kind: 'session-resumed', ...factsOf(session) }),
    holdExpired: (session) => record({ kind: 'session-hold-expired', ...factsOf(session) }),
    watched: (session, { user }, watch) =>
      record({ kind: 'session-watched', ...factsOf(session), watcher: user, watch }),
    fileTransferred: (session, { path, direction, size, sha256 }) =>
      record({ kind: 'file-transferred', ...factsOf(session), path, direction, size, sha256 }),
  };
}

/** One that tells two: those who count, and the journal. */
export function both(counts: OutpostObserver, journal: Told): OutpostObserver {
  return {
    sessionStarted: (protocol) => counts.sessionStarted(protocol),
    setupFinished: (protocol, seconds) => counts.setupFinished(protocol, seconds),
    sessionEnded: (protocol, reason) => counts.sessionEnded(protocol, reason),
    bytes: (direction, count) => counts.bytes(direction, count),
    linkReconnected: () => counts.linkReconnected(),
    guacdRestarted: () => counts.guacdRestarted(),
    apiRequest: (operation, outcome) => counts.apiRequest(operation, outcome),
    fileTransferred: (...told) => {
      counts.fileTransferred?.(...told);
      journal.fileTransferred?.(...told);
    },
    opened: (...told) => {
      counts.opened?.(...told);
      journal.opened?.(...told);
    },
    ended: (...told) => {
      counts.ended?.(...told);
      journal.ended?.(...told);
    },
    refused: (...told) => {
      counts.refused?.(...told);
      journal.refused?.(...told);
    },
    held: (...told) => {
      counts.held?.(...told);
      journal.held?.(...told);
    },
    resumed: (...told) => {
      counts.resumed?.(...told);
      journal.resumed?.(...told);
    },
    holdExpired: (...told) => {
      counts.holdExpired?.(...told);
      journal.holdExpired?.(...told);
    },
    watched: (...told) => {
      counts.watched?.(...told);
      journal.watched?.(...told);
    },
  };
}

function factsOf({
  id,
  source,
  protocol,
  user,
  machine,
}: Pick<SessionRequest & SessionStatus, 'id' | 'source' | 'protocol' | 'user' | 'machine'>): SessionFacts {
  return { session: id, source, protocol, user, machine };
}
