import { transferPercent } from '../../../main/core/describe-session.ts';
import type { TransferStatus } from '../../../main/core/status.ts';
import { bytes } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Progress } from '../../shared/progress.tsx';

/** Files on their way, in a few words, for a row of the list. */
export function sayFiles(transfers: readonly TransferStatus[]): string {
  return t('files.on-the-way', {
    count: transfers.length,
    percent: transferPercent(transfers),
  });
}

/** Each file on its way to or from the session's drive, with how far it is. */
export function SessionFiles({ transfers }: { readonly transfers: readonly TransferStatus[] }) {
  return (
    <div>
      <h3>{t('files.title')}</h3>
      <ul class="stack plain-list">
        {transfers.map(({ path, direction, size, done }) => (
          <li key={`${direction} ${path}`}>
            <p class="wrap-anywhere">{path.slice(path.lastIndexOf('/') + 1)}</p>
            <Progress label={t('files.progress', { name: path })} value={done} max={Math.max(1, size)} />
            <p class="quiet small numbers">
              {t(`files.${direction}`, { done: bytes(done), size: bytes(size) })}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
