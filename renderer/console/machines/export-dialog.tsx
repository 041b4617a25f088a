import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Switch } from '../../shared/switch.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';

/** All machines as a file, with or without secrets. */
export function ExportDialog({ count, onClose }: { readonly count: number; readonly onClose: () => void }) {
  const model = useModel();
  const [secrets, setSecrets] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const differs = secrets && again !== '' && again !== passphrase;
  const ready = !secrets || (passphrase !== '' && again === passphrase);
  const save = async () => {
    if (!ready) return;
    setBusy(true);
    const answer = await model.client.call('machines/export', secrets ? { passphrase } : {});
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok || answer.value.path === null) return;
    model.tell(t('machines.exported', { path: answer.value.path }));
    onClose();
  };
  const locked = model.status.value?.vault?.kind !== 'unlocked';
  return (
    <Dialog
      title={t('machines.export-title', { count })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void save()}>
            {t('machines.export-save')}
          </Button>
        </>
      }
    >
      <div class="stack">
        {failure && <FailureNote failure={failure} tone="bad" />}
        <p>{t('machines.export-words')}</p>
        <Field
          beside
          label={t('machines.export-secrets')}
          help={t(locked ? 'machines.export-locked' : 'machines.export-secrets-help')}
        >
          {(ids) => (
            <Switch
              id={ids.control}
              describedBy={ids.describedBy}
              on={secrets}
              disabled={locked}
              onChange={setSecrets}
            />
          )}
        </Field>
        {secrets && (
          <>
            <Field label={t('machines.passphrase')} help={t('machines.passphrase-help')}>
              {(ids) => <TextInput ids={ids} secret value={passphrase} onInput={setPassphrase} />}
            </Field>
            <Field
              label={t('machines.passphrase-again')}
              failure={differs && t('machines.passphrase-differs')}
            >
              {(ids) => (
                <TextInput ids={ids} secret value={again} onInput={setAgain} onEnter={() => void save()} />
              )}
            </Field>
          </>
        )}
      </div>
    </Dialog>
  );
}
