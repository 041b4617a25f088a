import type { AuditEvent, AuditKind } from '../../../main/core/audit-event.ts';
import type { Tone } from '../../shared/tone.ts';

/** What the journal's kinds are about, in the order of the filter; a kind may be about several things. */
export const GROUPS = {
  sessions: [
    'local-session-asked',
    'session-opened',
    'session-ended',
    'session-refused',
    'session-held',
    'session-resumed',
    'session-hold-expired',
    'session-watched',
    'recording-failed',
    'recording-played',
    'recording-exported',
    'recording-removed',
  ],
  refusals: ['session-refused', 'vault-refused'],
  files: ['file-transferred'],
  machines: [
    'machine-added',
    'machine-changed',
    'machine-removed',
    'machines-changed',
    'machines-imported',
    'machines-exported',
  ],
  vault: [
    'vault-created',
    'vault-unlocked',
    'vault-changed',
    'vault-file-changed',
    'vault-locked',
    'vault-refused',
    'credential-kept',
    'credential-removed',
  ],
  settings: ['outpost-started', 'outpost-stopped', 'settings-changed', 'guardrails-changed'],
  journal: ['journal-found', 'last-seen-lost', 'journal-trimmed', 'events-lost', 'hand-over-refused'],
} as const satisfies Readonly<Record<string, readonly AuditKind[]>>;

export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];

/** An entry's shape at the margin. */
export function toneOfEvent(event: AuditEvent): Tone {
  switch (event.kind) {
    case 'session-opened':
    case 'session-resumed':
      return 'good';
    case 'session-ended':
      return event.failure === null ? 'off' : 'warn';
    case 'session-refused':
    case 'vault-refused':
    case 'journal-found':
    case 'last-seen-lost':
    case 'events-lost':
    case 'hand-over-refused':
    case 'recording-failed':
      return 'bad';
    case 'settings-changed':
    case 'guardrails-changed':
    case 'machines-changed':
    case 'vault-file-changed':
      return event.found ? 'warn' : 'off';
    case 'journal-trimmed':
      return event.untold > 0 ? 'warn' : 'off';
    case 'session-held':
    case 'session-hold-expired':
      return 'warn';
    case 'session-watched':
      return event.watch === 'began' ? 'busy' : 'off';
    default:
      return 'off';
  }
}
