import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { CredentialInfo } from '../../../main/core/offline/vault/shapes.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, type FieldIds, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';

/** What was typed of a secret: nothing, a new one, or that the old one shall go. */
type Typed =
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'new'; readonly text: string }
  | { readonly kind: 'none' };
const AS_IT_IS: Typed = { kind: 'as-it-is' };

/** A new credential, or a change of one. Secrets go in; what is kept is never shown. */
export function CredentialDialog({
  credential,
  onClose,
  onKept,
}: {
  /** Null for a new one. */
  readonly credential: CredentialInfo | null;
  readonly onClose: () => void;
  readonly onKept: (kept: CredentialInfo) => void;
}) {
  const model = useModel();
  const [name, setName] = useState(credential?.name ?? '');
  const [user, setUser] = useState(credential?.user ?? '');
  const [domain, setDomain] = useState(credential?.domain ?? '');
  const [password, setPassword] = useState(AS_IT_IS);
  const [privateKey, setPrivateKey] = useState(AS_IT_IS);
  const [passphrase, setPassphrase] = useState(AS_IT_IS);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return false;
    setBusy(true);
    const answer = await model.client.call('vault/credential/put', {
      id: credential?.id ?? null,
      credential: {
        name,
        user,
        domain,
        ...(password.kind !== 'as-it-is' && { password: textOf(password) }),
        ...(privateKey.kind !== 'as-it-is' && { privateKey: textOf(privateKey) }),
        ...(passphrase.kind !== 'as-it-is' && { passphrase: textOf(passphrase) }),
      },
    });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return false;
    model.tell(t('vault.kept'));
    onClose();
    onKept(answer.value);
    return true;
  };
  const isChanged =
    name !== (credential?.name ?? '') ||
    user !== (credential?.user ?? '') ||
    domain !== (credential?.domain ?? '') ||
    [password, privateKey, passphrase].some(({ kind }) => kind !== 'as-it-is');
  const leave = useUnsaved(isChanged ? { name: t('unsaved.credential', { name }), save } : null);
  const close = () => leave(onClose);
  return (
    <Dialog
      title={credential === null ? t('vault.add-title') : t('vault.edit', { name: credential.name })}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {t('vault.save')}
          </Button>
        </>
      }
    >
      <Form>
        {failure && <FailureNote failure={failure} tone="bad" />}
        <Field label={t('vault.name')} help={t('vault.name-help')}>
          {(ids) => <TextInput ids={ids} value={name} onInput={setName} />}
        </Field>
        <Field label={t('vault.user')} help={t('vault.user-help')}>
          {(ids) => <TextInput ids={ids} value={user} onInput={setUser} />}
        </Field>
        <Field label={t('vault.domain')} help={t('vault.domain-help')}>
          {(ids) => <TextInput ids={ids} value={domain} onInput={setDomain} />}
        </Field>
        <SecretField
          label={t('vault.password')}
          there={credential?.hasPassword === true}
          typed={password}
          onChange={setPassword}
        />
        <SecretField
          label={t('vault.private-key')}
          help={t('vault.private-key-help')}
          lines
          there={credential?.hasPrivateKey === true}
          typed={privateKey}
          onChange={setPrivateKey}
        />
        <SecretField
          label={t('vault.key-passphrase')}
          help={t('vault.key-passphrase-help')}
          there={credential?.hasPassphrase === true}
          typed={passphrase}
          onChange={setPassphrase}
        />
      </Form>
    </Dialog>
  );
}

function SecretField({
  label,
  help,
  there,
  typed,
  onChange,
  lines = false,
}: {
  readonly label: string;
  readonly help?: string;
  /** One is kept. */
  readonly there: boolean;
  readonly typed: Typed;
  readonly onChange: (typed: Typed) => void;
  /** A file, not a word. */
  readonly lines?: boolean;
}) {
  const text = typed.kind === 'new' ? typed.text : '';
  const input = (next: string) => onChange(next === '' ? AS_IT_IS : { kind: 'new', text: next });
  const goes = typed.kind === 'none';
  const words = goes ? t('vault.forgotten') : there ? t('vault.kept-secret') : help;
  return (
    <Field label={label} help={words}>
      {(ids) => (
        <div class="row input-row">
          {lines ? (
            <KeyText ids={ids} value={text} disabled={goes} onInput={input} />
          ) : (
            <TextInput
              ids={ids}
              secret
              value={text}
              disabled={goes}
              placeholder={there && !goes ? '••••••••••••' : ''}
              onInput={input}
            />
          )}
          {there && typed.kind === 'as-it-is' && (
            <Button
              small
              label={`${t('vault.forget-secret')}: ${label}`}
              onClick={() => onChange({ kind: 'none' })}
            >
              {t('vault.forget-secret')}
            </Button>
          )}
        </div>
      )}
    </Field>
  );
}

/** Longer than any key; the outpost says what is too long. In characters. */
const MAX_KEY = 128 * 1024;

function KeyText({
  ids,
  value,
  disabled,
  onInput,
}: {
  readonly ids: FieldIds;
  readonly value: string;
  readonly disabled: boolean;
  readonly onInput: (text: string) => void;
}) {
  return (
    <textarea
      id={ids.control}
      class="input mono"
      rows={4}
      maxLength={MAX_KEY}
      spellcheck={false}
      autocomplete="off"
      disabled={disabled}
      aria-describedby={ids.describedBy}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

function textOf(typed: Exclude<Typed, { kind: 'as-it-is' }>): string | null {
  return typed.kind === 'new' ? typed.text : null;
}
