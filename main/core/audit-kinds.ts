import type { AuditKind } from './audit-event.ts';

/** The compiler asks for one that is missing. */
const KINDS: Readonly<Record<AuditKind, true>> = {
  'outpost-started': true,
  'outpost-stopped': true,
  'settings-changed': true,
  'guardrails-changed': true,
  'machines-changed': true,
  'vault-file-changed': true,
  'last-seen-lost': true,
  'local-session-asked': true,
  'session-opened': true,
  'session-ended': true,
  'session-refused': true,
  'session-held': true,
  'session-resumed': true,
  'session-hold-expired': true,
  'session-watched': true,
  'file-transferred': true,
  'vault-created': true,
  'vault-changed': true,
  'vault-unlocked': true,
  'vault-refused': true,
  'vault-locked': true,
  'credential-kept': true,
  'credential-removed': true,
  'machine-added': true,
  'machine-changed': true,
  'machine-removed': true,
  'machines-imported': true,
  'machines-exported': true,
  'recording-failed': true,
  'recording-played': true,
  'recording-exported': true,
  'recording-removed': true,
  'hand-over-refused': true,
  'journal-trimmed': true,
  'events-lost': true,
  'journal-found': true,
};

/** What entries of the journal are called, by what they are about. */
export const AUDIT_KINDS: readonly string[] = Object.keys(KINDS);
