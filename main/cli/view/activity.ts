import type { HandOverState } from '../../control/audit-schema.ts';
import type { AuditEntry } from '../../core/audit-event.ts';
import { describeAudit } from '../../core/describe-audit.ts';
import { failureText } from '../../core/errors.ts';
import { paint, plain, type Style } from './style.ts';
import { table } from './table.ts';

/** What happened, oldest first. */
export function activityView(style: Style, entries: readonly AuditEntry[]): string[] {
  if (entries.length === 0) return ['Nothing of that is in the journal.'];
  return table<AuditEntry>(
    style,
    [
      { title: 'ENTRY', text: ({ n }) => String(n), align: 'right' },
      { title: 'WHEN', text: ({ at }) => at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC') },
      { title: 'WHAT', text: ({ event }) => describeAudit(event), shrinkTo: 24 },
    ],
    entries,
  );
}

/** How far authentik has been told. */
export function handOverLine(style: Style, { wanted, waiting, failure }: HandOverState): string {
  if (!wanted) return paint(style, 'dim', 'authentik is not told of it: journal.handOver is off.');
  if (failure !== null)
    return paint(style, 'yellow', plain(style, `${waiting} wait for authentik: ${failureText(failure)}`));
  const words =
    waiting === 0
      ? 'authentik has been told of everything that it should know.'
      : `${waiting} wait for authentik.`;
  return paint(style, 'dim', words);
}
