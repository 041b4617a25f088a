import type { AuditEntry } from './audit-event.ts';
import { describeAudit } from './describe-audit.ts';

export interface AuditSearch {
  /** Only these kinds; left out for all. */
  readonly kinds?: readonly string[] | undefined;
  /** In what an entry holds or in the sentence it is told by, in upper or lower case. */
  readonly text?: string | undefined;
}

/** Whether an entry is one that is looked for. */
export function wantedBy({ kinds, text }: AuditSearch): (entry: AuditEntry) => boolean {
  const wanted = kinds === undefined ? null : new Set<string>(kinds);
  const words = text?.trim().toLowerCase() ?? '';
  const holds = (value: unknown) => String(value).toLowerCase().includes(words);
  return ({ event }) =>
    (wanted === null || wanted.has(event.kind)) &&
    (words === '' || Object.values(event).some(holds) || holds(describeAudit(event)));
}
