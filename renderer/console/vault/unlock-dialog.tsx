import type { ProtectionKind } from '../../../main/core/offline/vault/shapes.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useUnlock } from '../../shared/use-unlock.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { PassphraseField } from '../parts/passphrase-field.tsx';

/** Opens the vault, and then does what it was opened for. */
export function UnlockDialog({
  protection,
  fresh = false,
  onClose,
  onUnlocked,
}: {
  readonly protection: ProtectionKind;
  /** It may be unlocked, and its passphrase is asked for all the same. */
  readonly fresh?: boolean;
  readonly onClose: () => void;
  readonly onUnlocked: () => void;
}) {
  const { client } = useModel();
  const { typed, passphrase, setPassphrase, failure, busy, ready, submit } = useUnlock(
    protection,
    async (given) => {
      const answer = await client.call('vault/unlock', given === null ? {} : { passphrase: given });
      if (!answer.ok) return answer.failure;
      setPassphrase('');
      onClose();
      onUnlocked();
      return null;
    },
  );
  return (
    <Dialog
      title={t('vault.unlock-title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button look="primary" icon="lock" busy={busy} disabled={!ready} onClick={submit}>
            {t('vault.unlock')}
          </Button>
        </>
      }
    >
      <Form>
        <p>{t(fresh ? 'vault.unlock-fresh' : `vault.unlock-${protection}`)}</p>
        {typed ? (
          <PassphraseField
            label={t('vault.passphrase')}
            value={passphrase}
            failure={failure}
            onInput={setPassphrase}
            onEnter={submit}
          />
        ) : (
          failure && <FailureNote failure={failure} tone="bad" />
        )}
      </Form>
    </Dialog>
  );
}
