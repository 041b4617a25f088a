import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../preload/contract/journal.ts';
import type { AuditEntry } from '../core/audit-event.ts';

/** The entry's line as it stands in the journal, without its line break: the same text gives the same hash. */
export function journalLine({ n, at, previous, event }: AuditEntry): string {
  return JSON.stringify({ n, at, previous, event });
}

/** The entry with the hash that the next one names. */
export function hashed(entry: AuditEntry): JournalEntry {
  return { ...entry, hash: createHash('sha256').update(journalLine(entry)).digest('hex') };
}
