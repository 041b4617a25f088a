import { useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { SettingRow } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, type FieldIds, TextInput } from '../../shared/field.tsx';
import { coreText, locale, t } from '../../shared/i18n/translate.ts';
import { Icon } from '../../shared/icon.tsx';
import { Select } from '../../shared/select.tsx';
import { Switch } from '../../shared/switch.tsx';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';
import { failureNow } from './failure-field.ts';
import {
  appliesWords,
  choiceLabel,
  fieldLabel,
  lockedWords,
  originWords,
  settingLabel,
} from './setting-words.ts';
import type { Settings } from './use-settings.ts';

/** Typing pauses this long before the core is asked what it thinks, in ms. */
const CHECK_AFTER_MS = 200;
/** Turning this on is asked about: it takes away the only proof of who answers. */
const RISKY = 'authentik.insecure';

/** One setting: what it is, what it holds, where that comes from, and whether it can be changed here. */
export function SettingField({ row, settings }: { readonly row: SettingRow; readonly settings: Settings }) {
  const { status } = useModel();
  // Of what is being typed; undefined while it is what is kept.
  const [typed, setFailure] = useState<Failure | null | undefined>(undefined);
  const failure = typed === undefined ? failureNow(status.value, row.key) : typed;
  const [asking, ask] = useState<string | null>(null);
  const save = async (value: string) => {
    const refusal = await settings.set(row.key, value);
    setFailure(refusal);
    return refusal === null;
  };
  const wanted = (value: string) => {
    if (row.key === RISKY && value === 'true') ask(value);
    else void save(value);
  };
  const shared = {
    row,
    refused: Boolean(typed),
    save,
    unset: () => settings.unset(row.key),
    setFailure,
  };
  return (
    <Field
      label={fieldLabel(row)}
      beside={row.kind === 'yes-no'}
      failure={failure && <FailureWords failure={failure} />}
      badge={<Origin row={row} onReset={() => void settings.unset(row.key)} />}
      help={<Help row={row} />}
    >
      {(ids) => (
        <>
          {row.kind === 'yes-no' && (
            <Switch
              id={ids.control}
              describedBy={ids.describedBy}
              on={row.value === 'true'}
              disabled={row.locked}
              onChange={(on) => wanted(String(on))}
            />
          )}
          {row.kind === 'choice' && (
            <Select
              id={ids.control}
              describedBy={ids.describedBy}
              value={row.value ?? ''}
              disabled={row.locked}
              choices={row.choices.map((value) => ({ value, text: choiceLabel(row, value) }))}
              onChange={wanted}
            />
          )}
          {row.kind !== 'yes-no' && row.kind !== 'choice' && <TextSetting {...shared} ids={ids} />}
          {asking !== null && (
            <Confirm
              title={t('settings.insecure-title')}
              action={t('settings.insecure-action')}
              onClose={() => ask(null)}
              onConfirm={() => void save(asking)}
            >
              <p>{t('settings.insecure-words')}</p>
            </Confirm>
          )}
        </>
      )}
    </Field>
  );
}

function TextSetting({
  row,
  refused,
  ids,
  save,
  unset,
  setFailure,
}: {
  readonly row: SettingRow;
  /** What is typed cannot be kept. */
  readonly refused: boolean;
  readonly ids: FieldIds;
  /** Both resolve with whether it was kept. */
  readonly save: (value: string) => Promise<boolean>;
  readonly unset: () => Promise<boolean>;
  readonly setFailure: (failure: Failure | null | undefined) => void;
}) {
  const { client } = useModel();
  const kept = row.value ?? '';
  const [draft, setDraft] = useState(kept);
  useEffect(() => setDraft(kept), [kept]);
  const emptied = draft.trim() === '' && kept !== '';
  const changed = draft !== kept && draft.trim() !== '';
  const leaveCheck = useRef(() => {});
  useEffect(() => {
    if (!changed) {
      setFailure(undefined);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await client.call('config/check', { key: row.key, value: draft });
      if (current && answer.ok) setFailure(answer.value.failure);
    }, CHECK_AFTER_MS);
    leaveCheck.current = () => {
      current = false;
      clearTimeout(timer);
    };
    return leaveCheck.current;
  }, [draft, changed]);
  const keep = () => {
    // Saving judges as well, and knows more: a check that answers later must not take its word away.
    leaveCheck.current();
    return emptied ? unset() : save(draft);
  };
  // Nothing written means the default again, where it was set here.
  const canKeep = emptied ? row.originKind === 'file' : !refused;
  useUnsaved(changed || emptied ? { name: settingLabel(row), save: canKeep ? keep : null } : null);
  return (
    <div class="row input-row">
      <TextInput
        ids={ids}
        value={draft}
        disabled={row.locked}
        mono={row.kind === 'path'}
        placeholder={row.default ?? t('settings.not-set')}
        onInput={setDraft}
        onEnter={() => changed && !refused && void keep()}
      />
      {(changed || emptied) && (
        <>
          <Button look="primary" disabled={!canKeep} onClick={() => void keep()}>
            {t('settings.save')}
          </Button>
          <Button look="plain" onClick={() => setDraft(kept)}>
            {t('settings.undo')}
          </Button>
        </>
      )}
    </div>
  );
}

function Origin({ row, onReset }: { readonly row: SettingRow; readonly onReset: () => void }) {
  const locked = lockedWords(row);
  return (
    <>
      <span class={`origin ${row.originKind}`}>
        {locked !== null && <Icon name="lock" size={13} />}
        {originWords(row)}
      </span>
      {!row.locked && row.originKind === 'file' && (
        <Button
          small
          look="plain"
          label={t('settings.reset-label', { name: settingLabel(row) })}
          onClick={onReset}
        >
          {t('settings.reset')}
        </Button>
      )}
    </>
  );
}

function Help({ row }: { readonly row: SettingRow }) {
  const locked = lockedWords(row);
  const words = coreText(row.description);
  return (
    <>
      <p lang={words === null && locale() !== 'en' ? 'en' : undefined}>{`${words ?? row.description}.`}</p>
      {locked === null ? <p>{appliesWords(row)}</p> : <p class="locked-words">{locked}</p>}
    </>
  );
}
