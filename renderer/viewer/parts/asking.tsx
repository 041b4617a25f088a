import { useState } from 'preact/hooks';
import type { ViewerNeed } from '../../../preload/contract/viewer.ts';
import { Button } from '../../shared/button.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useUnlock } from '../../shared/use-unlock.ts';
import { useViewer } from '../model/viewer.ts';
import { OverlayCard } from './overlay-card.tsx';

/** Asks for what this host wants before it opens the session. */
export function Asking({ need }: { readonly need: ViewerNeed }) {
  return need.kind === 'reason' ? <AskReason /> : <AskVault {...need} />;
}

function AskReason() {
  const viewer = useViewer();
  const [reason, setReason] = useState('');
  const ready = reason.trim() !== '';
  const open = () => {
    if (ready) void viewer.open({ reason: reason.trim().slice(0, 1024) });
  };
  return (
    <OverlayCard
      tone="warn"
      title={t('viewer.asks-reason')}
      words={null}
      actions={
        <>
          <Button look="primary" icon="play" disabled={!ready} onClick={open}>
            {t('machines.connect')}
          </Button>
          <Button onClick={() => viewer.close()}>{t('viewer.close')}</Button>
        </>
      }
    >
      <Field label={t('machines.reason')} help={t('machines.reason-help')}>
        {(ids) => <TextInput ids={ids} value={reason} onInput={setReason} onEnter={open} />}
      </Field>
    </OverlayCard>
  );
}

function AskVault({ protection, always }: Extract<ViewerNeed, { readonly kind: 'vault' }>) {
  const viewer = useViewer();
  const { typed, passphrase, setPassphrase, failure, busy, ready, submit } = useUnlock(protection, (given) =>
    viewer.unlock(given),
  );
  return (
    <OverlayCard
      tone="warn"
      title={t('vault.unlock-title')}
      words={
        <>
          {!always && <p>{t('viewer.vault-locked')}</p>}
          <p class="quiet">{t(always ? 'vault.unlock-fresh' : `vault.unlock-${protection}`)}</p>
          {!typed && failure && (
            <div class="field-failure">
              <FailureWords failure={failure} />
            </div>
          )}
        </>
      }
      actions={
        <>
          <Button look="primary" icon="lock" busy={busy} disabled={!ready} onClick={submit}>
            {t('viewer.unlock')}
          </Button>
          <Button onClick={() => viewer.close()}>{t('viewer.close')}</Button>
        </>
      }
    >
      {typed && (
        <Field label={t('vault.passphrase')} failure={failure && <FailureWords failure={failure} />}>
          {(ids) => (
            <TextInput ids={ids} secret value={passphrase} onInput={setPassphrase} onEnter={submit} />
          )}
        </Field>
      )}
    </OverlayCard>
  );
}
