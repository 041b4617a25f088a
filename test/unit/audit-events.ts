import type { AuditEvent, AuditKind } from '../../main/core/audit-event.ts';

const SESSION = {
  session: 's',
  source: 'local',
  protocol: 'ssh',
  user: 'anna',
  machine: 'web-01:22',
} as const;

type Sample<K extends AuditKind> = Omit<Extract<AuditEvent, { kind: K }>, 'kind'>;

/** One of every kind: the compiler asks for a missing one. */
const SAMPLES: Readonly<Record<AuditKind, object>> = {
  'outpost-started': { version: '0.1.0' },
  'outpost-stopped': {},
  'settings-changed': { setting: 'log.level' },
  'guardrails-changed': { found: true },
  'machines-changed': { found: true },
  'vault-file-changed': { found: true },
  'last-seen-lost': { how: 'missing' },
  'local-session-asked': { ...SESSION, reason: 'Wartung' } satisfies Sample<'local-session-asked'>,
  'session-opened': { ...SESSION, recorded: true },
  'session-ended': {
    ...SESSION,
    since: '2025-11-24T08:00:00.000Z',
    how: 'user-left',
    failure: null,
    bytesToPeer: 1000,
    bytesToGuacd: 1000,
    recording: null,
  } satisfies Sample<'session-ended'>,
  'session-refused': { ...SESSION, code: 'guardrail', failure: 'Nein.' },
  'session-held': SESSION,
  'session-resumed': SESSION,
  'session-hold-expired': SESSION,
  'session-watched': { ...SESSION, watcher: null, watch: 'began' },
  'file-transferred': { ...SESSION, path: '/a.txt', direction: 'upload', size: 12, sha256: 'ab' },
  'vault-created': { protection: 'keychain' },
  'vault-unlocked': { protection: 'keychain', by: 'alice' },
  'vault-changed': { protection: 'keychain' },
  'vault-locked': { because: 'x' },
  'vault-refused': { by: null },
  'credential-kept': { credential: 'web' },
  'credential-removed': { credential: 'web' },
  'machine-added': { machine: 'web' },
  'machine-changed': { machine: 'web' },
  'machine-removed': { machine: 'web' },
  'machines-imported': { from: 'liste.csv', added: 1, changed: 2, skipped: 3 },
  'machines-exported': { count: 4, withSecrets: true },
  'recording-failed': { recording: null, session: 's', failure: 'Voll.' },
  'recording-played': { recording: 'r', because: 'x' },
  'recording-exported': { recording: 'r', because: 'x' },
  'recording-removed': { recording: 'r', because: 'x' },
  'hand-over-refused': { entry: 3, failure: 'Zu lang.' },
  'journal-trimmed': { first: 9, untold: 2 },
  'events-lost': { count: 7 },
  'journal-found': { problem: 'Anders.' },
};

/** One of every kind. */
export const AUDIT_EVENTS = Object.entries(SAMPLES).map(
  ([kind, facts]) => ({ kind, ...facts }) as AuditEvent,
);
