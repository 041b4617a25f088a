import { useState } from 'preact/hooks';
import type { CredentialInfo } from '../../../main/core/offline/vault/shapes.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { duration } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { CredentialDialog } from './credential-dialog.tsx';
import { ProtectionDialog } from './protection-dialog.tsx';
import { UnlockDialog } from './unlock-dialog.tsx';
import { useVault, type Vault, type VaultHeld } from './use-vault.ts';

/** The vault, and what it holds. */
export function VaultSettings() {
  const model = useModel();
  const { loaded, vault, reload } = useVault();
  const [asking, ask] = useState<'protection' | 'unlock' | null>(null);
  if (loaded.kind === 'failed') return <FailureNote failure={loaded.failure} tone="bad" />;
  if (vault === null) return null;
  const { view, credentials } = vault;
  const { state } = view;
  const close = () => ask(null);
  return (
    <>
      <Card title={t('vault.title')} lead={t('vault.lead')}>
        {state.kind === 'none' ? (
          <div class="choice">
            <div>
              <h3>{t('vault.none')}</h3>
              <p class="quiet small">{t('vault.none-words')}</p>
            </div>
            <Button look="primary" onClick={() => ask('protection')}>
              {t('vault.create')}
            </Button>
          </div>
        ) : (
          <div class="choice">
            <div>
              <h3>
                {t(`vault.opened-${state.protection}`)}{' '}
                <StatusBadge tone={state.kind === 'unlocked' ? 'good' : 'off'}>
                  {t(`vault.${state.kind}`)}
                </StatusBadge>
              </h3>
              {state.kind === 'unlocked' && (
                <p class="quiet small">
                  {t('vault.left', { time: duration(Math.max(0, state.until - model.now.value)) })}
                </p>
              )}
            </div>
            <div class="row">
              <Button onClick={() => ask('protection')}>{t('vault.change')}</Button>
              {state.kind === 'unlocked' ? (
                <Button icon="lock" onClick={() => void model.act('vault/lock', {})}>
                  {t('vault.lock')}
                </Button>
              ) : (
                <Button look="primary" icon="lock" onClick={() => ask('unlock')}>
                  {t('vault.unlock')}
                </Button>
              )}
            </div>
          </div>
        )}
        {asking === 'protection' && <ProtectionDialog view={view} onClose={close} />}
        {asking === 'unlock' && state.kind !== 'none' && (
          <UnlockDialog protection={state.protection} onClose={close} onUnlocked={() => void reload()} />
        )}
      </Card>
      {state.kind !== 'none' && <Credentials credentials={credentials} reload={reload} />}
    </>
  );
}

function Credentials({ credentials, reload }: Pick<Vault, 'credentials'> & Pick<VaultHeld, 'reload'>) {
  const model = useModel();
  const [editing, edit] = useState<CredentialInfo | 'new' | null>(null);
  const [removing, askRemove] = useState<CredentialInfo | null>(null);
  const remove = async ({ id }: CredentialInfo) => {
    if (await model.act('vault/credential/remove', { id }, t('vault.removed'))) await reload();
  };
  return (
    <Card title={t('vault.credentials')}>
      {credentials === null ? (
        <p class="quiet">{t('vault.credentials-locked')}</p>
      ) : (
        <>
          {credentials.length === 0 && <p class="quiet">{t('vault.credentials-none')}</p>}
          <ul class="choices">
            {credentials.map((credential) => (
              <li key={credential.id} class="choice">
                <div>
                  <h3>{credential.name}</h3>
                  <p class="quiet small">{holds(credential)}</p>
                </div>
                <div class="row">
                  <Button
                    small
                    label={t('vault.edit', { name: credential.name })}
                    onClick={() => edit(credential)}
                  >
                    {t('vault.edit-short')}
                  </Button>
                  <Button
                    small
                    label={`${t('vault.remove')}: ${credential.name}`}
                    onClick={() => askRemove(credential)}
                  >
                    {t('vault.remove')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
          <div class="row">
            <Button onClick={() => edit('new')}>{t('vault.add')}</Button>
          </div>
        </>
      )}
      {editing !== null && (
        <CredentialDialog
          credential={editing === 'new' ? null : editing}
          onClose={() => edit(null)}
          onKept={() => void reload()}
        />
      )}
      {removing !== null && (
        <Confirm
          title={t('vault.remove-title', { name: removing.name })}
          action={t('vault.remove')}
          onClose={() => askRemove(null)}
          onConfirm={() => void remove(removing)}
        >
          <p>{t('vault.remove-words')}</p>
        </Confirm>
      )}
    </Card>
  );
}

/** `CORP\alice · Password · Private key (ssh-ed25519)`. */
function holds({ user, domain, hasPassword, hasPrivateKey, keyType }: CredentialInfo): string {
  const who = domain === '' ? user : `${domain}\\${user}`;
  const key = keyType === null ? t('vault.has-key') : `${t('vault.has-key')} (${keyType})`;
  return [who, hasPassword ? t('vault.has-password') : '', hasPrivateKey ? key : '']
    .filter((part) => part !== '')
    .join(' · ');
}
