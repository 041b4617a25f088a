import { useState } from 'preact/hooks';
import { countSessions } from '../../../main/core/describe-session.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import type { Settings } from './use-settings.ts';

/** Says that something changed waits for a restart, and offers it. */
export function RestartNote({ settings }: { readonly settings: Settings }) {
  const { status } = useModel();
  const [asking, ask] = useState(false);
  const count = countSessions(status.value?.sessions ?? []);
  return (
    <Card
      title={t('settings.restart-title')}
      lead={t('settings.restart-lead')}
      tone="accent"
      actions={<Button onClick={() => ask(true)}>{t('settings.restart')}</Button>}
    >
      {asking && (
        <Confirm
          title={t('settings.restart-confirm')}
          action={t('settings.restart')}
          onClose={() => ask(false)}
          onConfirm={() => void settings.restart()}
        >
          <p>{t('settings.restart-words', { count })}</p>
        </Confirm>
      )}
    </Card>
  );
}
