import type { Failure } from '../../../main/core/errors.ts';
import { Card } from '../../shared/card.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';

/** What an admin should know; nothing where that is nothing. */
export function Warnings({
  warnings,
  lead,
}: {
  readonly warnings: readonly Failure[];
  readonly lead?: string;
}) {
  if (warnings.length === 0) return null;
  return (
    <Card title={t('overview.warnings')} {...(lead !== undefined && { lead })}>
      <ul class="notes">
        {warnings.map((failure) => (
          <li key={failure.code + failure.message}>
            <FailureNote failure={failure} tone="warn" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Those that are about what was kept: on a first run they say why nothing of it is there. */
export function aboutWhatIsKept({ code }: Failure): boolean {
  return /^(?:settings|file)-/.test(code) || code === 'token-unreadable' || code === 'disk-full';
}
