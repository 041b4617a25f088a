import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { SettingRow } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';
import { failureNow } from './failure-field.ts';
import { lockedWords, originWords, settingLabel } from './setting-words.ts';

/** The outpost's token: it goes in, and is never shown again. */
export function TokenForm({
  row,
  onChange,
}: {
  readonly row: SettingRow;
  readonly onChange: () => Promise<unknown>;
}) {
  const model = useModel();
  const [draft, setDraft] = useState('');
  const [refused, setFailure] = useState<Failure | null>(null);
  const failure = refused ?? failureNow(model.status.value, row.key);
  const [asking, ask] = useState(false);
  const there = row.value !== null;
  const locked =
    row.originKind === 'environment' || row.originKind === 'flag'
      ? lockedWords({ ...row, locked: true })
      : null;
  const save = async () => {
    const answer = await model.client.call('token/set', { token: draft });
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return false;
    setDraft('');
    model.tell(t('token.saved'));
    await onChange();
    return true;
  };
  useUnsaved(draft === '' ? null : { name: settingLabel(row), save });
  const remove = async () => {
    if (await model.act('token/remove', {}, t('token.removed'))) await onChange();
  };
  return (
    <Field
      label={settingLabel(row)}
      failure={failure && <FailureWords failure={failure} />}
      badge={<span class={`origin ${row.originKind}`}>{there ? originWords(row) : t('token.missing')}</span>}
      help={locked ?? t(there ? 'token.help-there' : 'token.help-missing')}
    >
      {(ids) => (
        <div class="row input-row">
          <TextInput
            ids={ids}
            secret
            value={draft}
            disabled={locked !== null}
            placeholder={there ? '••••••••••••' : ''}
            onInput={setDraft}
            onEnter={() => draft !== '' && void save()}
          />
          {draft !== '' && (
            <Button look="primary" onClick={() => void save()}>
              {t(there ? 'token.replace' : 'settings.save')}
            </Button>
          )}
          {there && locked === null && draft === '' && (
            <Button onClick={() => ask(true)}>{t('token.remove')}</Button>
          )}
          {asking && (
            <Confirm
              title={t('token.remove-title')}
              action={t('token.remove')}
              onClose={() => ask(false)}
              onConfirm={() => void remove()}
            >
              <p>{t('token.remove-words')}</p>
            </Confirm>
          )}
        </div>
      )}
    </Field>
  );
}
