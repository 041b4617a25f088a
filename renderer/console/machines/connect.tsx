import { useState } from 'preact/hooks';
import type { Machine } from '../../../main/core/offline/machines/machine.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';

/** What the admin wants before a session is opened here. */
export interface ConnectRules {
  readonly reason: boolean;
  /** The vault’s passphrase, each time. */
  readonly passphrase: boolean;
}

export function useConnectRules(): ConnectRules {
  const offline = useModel().status.value?.offline;
  return { reason: offline?.asksReason === true, passphrase: offline?.asksPassphrase === true };
}

/** Asks why. */
export function ConnectReason({
  machine,
  onClose,
  onReason,
}: {
  readonly machine: Machine;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const connect = () => {
    if (reason.trim() === '') return;
    onClose();
    onReason(reason.trim().slice(0, 1024));
  };
  return (
    <Dialog
      title={t('machines.reason-title', { name: machine.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button look="primary" disabled={reason.trim() === ''} onClick={connect}>
            {t('machines.connect')}
          </Button>
        </>
      }
    >
      <Field label={t('machines.reason')} help={t('machines.reason-help')}>
        {(ids) => <TextInput ids={ids} value={reason} onInput={setReason} onEnter={connect} />}
      </Field>
    </Dialog>
  );
}
