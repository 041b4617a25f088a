import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { Protection } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useLoaded } from '../model/use-loaded.ts';
import { useUnsaved } from '../parts/unsaved.tsx';

type Choosable = Exclude<Protection, 'handed-in'>;
const CHOICES: readonly Choosable[] = ['keychain', 'passphrase', 'key-file'];
/** Shorter ones are guessed too easily; the number is for the person's own good, not a border. */
const LEAST_CHARACTERS = 10;

/** What guards the key that the outpost's secrets are encrypted with. */
export function SecretsSettings() {
  const model = useModel();
  const { loaded, reload } = useLoaded(() => model.client.call('secrets/state', {}));
  const [asking, ask] = useState(false);
  const use = async (protection: 'keychain' | 'key-file') => {
    if (await model.act('secrets/use', { protection }, t('secrets.changed'))) await reload();
  };
  if (loaded.kind === 'loading') return null;
  if (loaded.kind === 'failed') return <FailureNote failure={loaded.failure} tone="bad" />;
  const state = loaded.value;
  return (
    <Card title={t('secrets.title')} lead={t('secrets.lead')}>
      {state.keychain !== 'real' && <p class="notice">{t(`secrets.keychain-${state.keychain}`)}</p>}
      {state.protection === 'handed-in' ? (
        <p class="notice">{t('secrets.handed-in')}</p>
      ) : (
        <ul class="choices">
          {CHOICES.map((protection) => (
            <li key={protection} class="choice">
              <div>
                <h3>
                  {t(`secrets.${protection}`)}{' '}
                  {state.protection === protection && (
                    <StatusBadge tone="good">{t('secrets.in-use')}</StatusBadge>
                  )}
                </h3>
                <p class="quiet small">{t(`secrets.${protection}-help`)}</p>
              </div>
              {(state.protection !== protection || protection === 'passphrase') && (
                <Button
                  label={t('secrets.use-label', { name: t(`secrets.${protection}`) })}
                  disabled={protection === 'keychain' && state.keychain !== 'real'}
                  onClick={() => (protection === 'passphrase' ? ask(true) : void use(protection))}
                >
                  {state.protection === protection ? t('secrets.change-passphrase') : t('secrets.use')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {asking && <PassphraseDialog onClose={() => ask(false)} onDone={reload} />}
    </Card>
  );
}

function PassphraseDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}) {
  const model = useModel();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const short = first !== '' && first.length < LEAST_CHARACTERS;
  const differs = second !== '' && first !== second;
  const ready = first.length >= LEAST_CHARACTERS && first === second;
  const use = async () => {
    if (!ready) return false;
    const answer = await model.client.call('secrets/use', { protection: 'passphrase', passphrase: first });
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return false;
    model.tell(t('secrets.changed'));
    onClose();
    await onDone();
    return true;
  };
  const isTyped = first !== '' || second !== '';
  const leave = useUnsaved(isTyped ? { name: t('secrets.passphrase'), save: ready ? use : null } : null);
  const close = () => leave(onClose);
  return (
    <Dialog
      title={t('secrets.passphrase')}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button look="primary" disabled={!ready} onClick={() => void use()}>
            {t('secrets.use')}
          </Button>
        </>
      }
    >
      <Form>
        <p>{t('secrets.passphrase-words')}</p>
        <Field
          label={t('unlock.passphrase')}
          failure={
            short
              ? t('secrets.short', { count: LEAST_CHARACTERS })
              : failure && <FailureWords failure={failure} />
          }
        >
          {(ids) => <TextInput ids={ids} secret value={first} onInput={setFirst} />}
        </Field>
        <Field label={t('secrets.again')} failure={differs && t('secrets.differs')}>
          {(ids) => (
            <TextInput ids={ids} secret value={second} onInput={setSecond} onEnter={() => void use()} />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
