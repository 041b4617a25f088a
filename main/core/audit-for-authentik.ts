import type { AuditEvent } from './audit-event.ts';

/** What authentik cannot know by itself: what was done at this host without it. */
export function isForAuthentik(event: AuditEvent): boolean {
  if ('source' in event) return event.source !== 'authentik' || event.kind === 'session-watched';
  switch (event.kind) {
    case 'outpost-started':
    case 'outpost-stopped':
      return false;
    case 'journal-trimmed':
      return event.untold > 0;
    default:
      return true;
  }
}
