import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { ProtectionKind } from '../../../main/core/offline/vault/shapes.ts';
import type { CallParams } from '../../../preload/contract/console.ts';
import type { VaultView } from '../../../preload/contract/vault.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';

/** The outpost refuses shorter ones. */
const LEAST_CHARACTERS = 8;
const KINDS: readonly ProtectionKind[] = ['passphrase', 'key-file', 'keychain'];

type Wish = CallParams<'vault/create'>['protection'];

/** Asks what shall open the vault: a new one, or one whose opener is changed. */
export function ProtectionDialog({
  view,
  onClose,
}: {
  readonly view: VaultView;
  readonly onClose: () => void;
}) {
  const model = useModel();
  const { state } = view;
  const asksCurrent = state.kind !== 'none' && state.protection === 'passphrase';
  const [kind, setKind] = useState<ProtectionKind>('passphrase');
  const [current, setCurrent] = useState('');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [path, setPath] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const title = t(state.kind === 'none' ? 'vault.create' : 'vault.change');
  const kinds = KINDS.filter((known) => known !== 'keychain' || view.keychain === 'real');
  const wish = wishOf(kind, first, second, path);
  const ready = wish !== null && (!asksCurrent || current !== '') && !busy;
  const keep = async () => {
    if (!ready) return false;
    setBusy(true);
    const answer =
      state.kind === 'none'
        ? await model.client.call('vault/create', { protection: wish })
        : await model.client.call('vault/change', { next: wish, ...(asksCurrent && { current }) });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return false;
    model.tell(t(state.kind === 'none' ? 'vault.created' : 'vault.changed'));
    onClose();
    return true;
  };
  const isTyped = [current, first, second, path].some((text) => text !== '');
  const leave = useUnsaved(isTyped ? { name: title, save: ready ? keep : null } : null);
  const close = () => leave(onClose);
  return (
    <Dialog
      title={title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void keep()}>
            {title}
          </Button>
        </>
      }
    >
      <Form>
        {failure && <FailureNote failure={failure} tone="bad" />}
        {asksCurrent && (
          <Field label={t('vault.passphrase-now')}>
            {(ids) => <TextInput ids={ids} secret value={current} onInput={setCurrent} />}
          </Field>
        )}
        <Field label={t('vault.opened-by')} help={kindHelp(kind, view)}>
          {(ids) => (
            <Select
              id={ids.control}
              describedBy={ids.describedBy}
              value={kind}
              choices={kinds.map((value) => ({ value, text: t(`vault.by-${value}`) }))}
              onChange={setKind}
            />
          )}
        </Field>
        {kind === 'passphrase' && (
          <NewPassphrase
            first={first}
            second={second}
            onFirst={setFirst}
            onSecond={setSecond}
            onEnter={() => void keep()}
          />
        )}
        {kind === 'key-file' && (
          <Field label={t('vault.path')} help={t('vault.path-help')}>
            {(ids) => <TextInput ids={ids} mono value={path} onInput={setPath} onEnter={() => void keep()} />}
          </Field>
        )}
      </Form>
    </Dialog>
  );
}

function NewPassphrase({
  first,
  second,
  onFirst,
  onSecond,
  onEnter,
}: {
  readonly first: string;
  readonly second: string;
  readonly onFirst: (text: string) => void;
  readonly onSecond: (text: string) => void;
  readonly onEnter: () => void;
}) {
  const short = first !== '' && [...first].length < LEAST_CHARACTERS;
  return (
    <>
      <Field
        label={t('vault.passphrase-new')}
        help={t('vault.passphrase-help', { count: LEAST_CHARACTERS })}
        failure={short && t('vault.short', { count: LEAST_CHARACTERS })}
      >
        {(ids) => <TextInput ids={ids} secret value={first} onInput={onFirst} />}
      </Field>
      <Field label={t('vault.again')} failure={second !== '' && first !== second && t('vault.differs')}>
        {(ids) => <TextInput ids={ids} secret value={second} onInput={onSecond} onEnter={onEnter} />}
      </Field>
    </>
  );
}

function kindHelp(kind: ProtectionKind, { keychain }: VaultView): string {
  const help = t(`vault.by-${kind}-help`);
  return keychain === 'real' ? help : `${help} ${t('vault.by-keychain-missing')}`;
}

/** Null while it is not complete. */
function wishOf(kind: ProtectionKind, first: string, second: string, path: string): Wish | null {
  if (kind === 'keychain') return { kind };
  if (kind === 'key-file') return path.trim() === '' ? { kind } : { kind, path: path.trim() };
  return [...first].length >= LEAST_CHARACTERS && first === second ? { kind, passphrase: first } : null;
}
