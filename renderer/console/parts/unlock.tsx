import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { PassphraseField } from './passphrase-field.tsx';

/** Asks for the passphrase that guards the outpost's secrets. */
export function Unlock() {
  const { client } = useModel();
  const [passphrase, setPassphrase] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const unlock = async () => {
    if (passphrase === '' || busy) return;
    setBusy(true);
    const answer = await client.call('secrets/unlock', { passphrase });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (answer.ok) setPassphrase('');
  };
  return (
    <Card title={t('unlock.title')} lead={t('unlock.lead')} tone="accent">
      <Form narrow>
        <PassphraseField
          label={t('unlock.passphrase')}
          value={passphrase}
          failure={failure}
          onInput={setPassphrase}
          onEnter={() => void unlock()}
        />
        <div class="row">
          <Button
            look="primary"
            icon="lock"
            busy={busy}
            disabled={passphrase === ''}
            onClick={() => void unlock()}
          >
            {t('unlock.action')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
