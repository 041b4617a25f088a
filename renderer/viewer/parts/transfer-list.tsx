import { Button, IconButton } from '../../shared/button.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { bytes } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Icon } from '../../shared/icon.tsx';
import { Progress } from '../../shared/progress.tsx';
import type { Transfer } from '../files/transfers.ts';
import { useViewer } from '../model/viewer.ts';

/** Every file that is or was on its way. */
export function TransferList() {
  const { transfers } = useViewer();
  const list = transfers.list.value;
  if (list.length === 0) return null;
  return (
    <div class="transfers">
      <div class="row apart">
        <h3>{t('viewer.transfers')}</h3>
        {list.some(({ state }) => state !== 'running') && (
          <Button small look="plain" onClick={() => transfers.clear()}>
            {t('viewer.transfers-clear')}
          </Button>
        )}
      </div>
      <ul class="transfer-list">
        {[...list].reverse().map((transfer) => (
          <TransferRow key={transfer.id} transfer={transfer} />
        ))}
      </ul>
    </div>
  );
}

function TransferRow({ transfer }: { readonly transfer: Transfer }) {
  const { transfers } = useViewer();
  const { id, name, direction, size, done, state, emptied, failure } = transfer;
  const leavesPart = direction === 'upload' && done > 0 && (state === 'cancelled' || state === 'failed');
  return (
    <li class="transfer" data-state={state}>
      <Icon name={direction} size={18} />
      <div class="transfer-words">
        <bdi class="file-name">{name}</bdi>
        {state === 'running' ? (
          <Progress
            label={t('viewer.transfer-running', { name })}
            {...(size !== null && { value: done, max: Math.max(1, size) })}
          />
        ) : null}
        <span class="quiet small numbers" role={state === 'failed' ? 'status' : undefined}>
          {state !== 'running' && `${t(`viewer.transfer-${state}`)} · `}
          {size === null || state === 'done'
            ? bytes(done)
            : t('viewer.transfer-of', { done: bytes(done), size: bytes(size) })}
        </span>
        {leavesPart && (
          <span class="quiet small">{t(emptied ? 'viewer.transfer-emptied' : 'viewer.transfer-part')}</span>
        )}
        {failure && (
          <div class="field-failure small">
            <FailureWords failure={failure} />
          </div>
        )}
      </div>
      {state === 'running' && (
        <IconButton
          icon="cross"
          label={t('viewer.transfer-cancel', { name })}
          onClick={() => transfers.cancel(id)}
        />
      )}
    </li>
  );
}
