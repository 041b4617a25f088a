import { useState } from 'preact/hooks';
import type { CredentialUse } from '../../../main/core/offline/machines/machine.ts';
import { Button } from '../../shared/button.tsx';
import { Field } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { CredentialDialog } from '../vault/credential-dialog.tsx';
import { UnlockDialog } from '../vault/unlock-dialog.tsx';
import { useVault } from '../vault/use-vault.ts';

const NONE = '';

/** Where a password or key comes from: the vault, or, for the machine's own login, the person when they connect. */
export function CredentialField({
  use,
  value,
  onChange,
}: {
  readonly use: CredentialUse;
  /** Id of a credential in the vault. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}) {
  const { vault, reload } = useVault();
  const [asking, ask] = useState<'unlock' | 'add' | null>(null);
  const state = vault?.view.state;
  const known = (vault?.credentials ?? []).map(({ id, name, user }) => ({
    value: id,
    text: user === '' ? name : `${name} (${user})`,
  }));
  // A locked vault tells no names, and what is chosen stays chosen.
  const hidden =
    value === null || known.some((choice) => choice.value === value)
      ? []
      : [{ value, text: t('machines.credential-kept') }];
  return (
    <>
      <Field label={t(`machines.credential-for-${use}`)} help={t(`machines.credential-help-${use}`)}>
        {(ids) => (
          <div class="row input-row">
            <Select
              id={ids.control}
              describedBy={ids.describedBy}
              value={value ?? NONE}
              choices={[{ value: NONE, text: t(`machines.credential-without-${use}`) }, ...hidden, ...known]}
              onChange={(chosen) => onChange(chosen === NONE ? null : chosen)}
            />
            {state?.kind === 'unlocked' && <Button onClick={() => ask('add')}>{t('vault.add')}</Button>}
            {/* Once is enough for all of a form. */}
            {state?.kind === 'locked' && use === 'credential' && (
              <Button icon="lock" onClick={() => ask('unlock')}>
                {t('vault.unlock')}
              </Button>
            )}
          </div>
        )}
      </Field>
      {asking === 'add' && (
        <CredentialDialog
          credential={null}
          onClose={() => ask(null)}
          onKept={({ id }) => {
            onChange(id);
            void reload();
          }}
        />
      )}
      {asking === 'unlock' && state?.kind === 'locked' && (
        <UnlockDialog
          protection={state.protection}
          onClose={() => ask(null)}
          onUnlocked={() => void reload()}
        />
      )}
    </>
  );
}
