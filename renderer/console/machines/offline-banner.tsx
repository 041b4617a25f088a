import { Button } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Icon } from '../../shared/icon.tsx';
import { useModel } from '../model/model.ts';

/** Why no session can be opened here now, and where that is decided. Nothing where one can. */
export function OfflineBanner() {
  const { status, route } = useModel();
  const offline = status.value?.offline;
  if (offline === undefined || offline.open) return null;
  return (
    <div class="machines-banner" role="note">
      <Icon name={offline.mode === 'never' ? 'lock' : 'info'} />
      <div>
        <p>
          <strong>
            {t(offline.mode === 'never' ? 'machines.policy-never' : 'machines.policy-unreachable')}
          </strong>
        </p>
        <p class="quiet small">
          <CoreWords text={offline.because} />
        </p>
      </div>
      <Button onClick={() => route.go('settings')}>{t('machines.policy-settings')}</Button>
    </div>
  );
}
