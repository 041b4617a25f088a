import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import {
  PARAMETER_GROUPS,
  PARAMETERS,
  type ParameterInfo,
} from '../../../main/core/offline/machines/parameter-table.ts';
import { Button } from '../../shared/button.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, type FieldIds, TextInput } from '../../shared/field.tsx';
import { coreText, t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';

type Values = Readonly<Record<string, string>>;

interface Props {
  readonly protocol: string;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly problemOf: (name: string) => Failure | null;
}

/** Guacamole's parameters for the protocol, explained, and room for any other. */
export function ParameterFields(props: Props) {
  const usual = [...PARAMETERS.values()].filter(({ protocols }) =>
    protocols.some((protocol) => protocol === props.protocol),
  );
  return (
    <div class="stack tight">
      {PARAMETER_GROUPS.map((group) => {
        const inGroup = usual.filter((info) => info.group === group);
        return inGroup.length === 0 ? null : (
          <Group key={group} {...props} title={t(`machines.group-${group}`)} infos={inGroup} />
        );
      })}
      <Others {...props} usual={new Set(usual.map(({ name }) => name))} />
    </div>
  );
}

function Group({
  title,
  infos,
  values,
  onChange,
  problemOf,
}: Props & { readonly title: string; readonly infos: readonly ParameterInfo[] }) {
  const set = infos.filter(({ name }) => values[name] !== undefined).length;
  const [open, setOpen] = useState(false);
  return (
    <details class="parameters" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title}
        {set > 0 && <span class="count">{t('machines.set', { count: set })}</span>}
      </summary>
      {open &&
        infos.map((info) => (
          <OneParameter
            key={info.name}
            info={info}
            value={values[info.name] ?? ''}
            problem={problemOf(info.name)}
            onChange={(value) => onChange(withValue(values, info.name, value))}
          />
        ))}
    </details>
  );
}

function OneParameter({
  info,
  value,
  problem,
  onChange,
}: {
  readonly info: ParameterInfo;
  readonly value: string;
  readonly problem: Failure | null;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field
      label={info.name}
      failure={problem && <FailureWords failure={problem} />}
      help={`${coreText(info.meaning) ?? info.meaning}.`}
    >
      {(ids) => <Control ids={ids} info={info} value={value} onChange={onChange} />}
    </Field>
  );
}

/** More than guacd reads, which the outpost then says. In characters. */
const MAX_LINES = 64 * 1024;

function Control({
  ids,
  info,
  value,
  onChange,
}: {
  readonly ids: FieldIds;
  readonly info: ParameterInfo;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  if (info.kind === 'yes-no' || info.kind === 'choice')
    return (
      <Select
        id={ids.control}
        describedBy={ids.describedBy}
        value={value}
        choices={choicesOf(info, value)}
        onChange={onChange}
      />
    );
  if (info.kind === 'lines')
    return (
      <textarea
        id={ids.control}
        class="input mono"
        rows={3}
        maxLength={MAX_LINES}
        value={value}
        spellcheck={false}
        aria-describedby={ids.describedBy}
        aria-invalid={ids.invalid}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  return <TextInput ids={ids} value={value} placeholder={info.default ?? ''} onInput={onChange} />;
}

function choicesOf({ kind, choices, default: fallback }: ParameterInfo, value: string) {
  const words = kind === 'yes-no' ? ['true', 'false'] : choices;
  const none = {
    value: '',
    text: fallback === null ? t('machines.unset') : t('machines.unset-is', { value: said(fallback) }),
  };
  // A word that is not listed came by an import, and stays.
  const known = value === '' || words.includes(value) ? words : [value, ...words];
  return [none, ...known.map((word) => ({ value: word, text: said(word) }))];
}

function said(word: string): string {
  if (word === 'true') return t('machines.yes');
  return word === 'false' ? t('machines.no') : word;
}

/** Any other parameter, by name and value. */
function Others({ values, onChange, problemOf, usual }: Props & { readonly usual: ReadonlySet<string> }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const others = Object.entries(values).filter(([key]) => !usual.has(key));
  const add = () => {
    if (name.trim() === '' || value === '') return;
    onChange(withValue(values, name.trim(), value));
    setName('');
    setValue('');
  };
  return (
    <details class="parameters" open={others.length > 0}>
      <summary>
        {t('machines.other-parameters')}
        {others.length > 0 && <span class="count">{t('machines.set', { count: others.length })}</span>}
      </summary>
      <p class="quiet small">{t('machines.other-help')}</p>
      {others.map(([key, kept]) => {
        const problem = problemOf(key);
        return (
          <Field key={key} label={key} failure={problem && <FailureWords failure={problem} />}>
            {(ids) => (
              <div class="row input-row">
                <TextInput
                  ids={ids}
                  value={kept}
                  onInput={(next) => onChange(withValue(values, key, next))}
                />
                <Button
                  label={t('machines.take-out-label', { name: key })}
                  onClick={() => onChange(withValue(values, key, ''))}
                >
                  {t('machines.take-out')}
                </Button>
              </div>
            )}
          </Field>
        );
      })}
      <div class="parameter-new">
        <Field label={t('machines.parameter-name')}>
          {(ids) => <TextInput ids={ids} mono value={name} onInput={setName} />}
        </Field>
        <Field label={t('machines.parameter-value')}>
          {(ids) => <TextInput ids={ids} value={value} onInput={setValue} onEnter={add} />}
        </Field>
        <Button disabled={name.trim() === '' || value === ''} onClick={add}>
          {t('machines.parameter-add')}
        </Button>
      </div>
    </details>
  );
}

function withValue(values: Values, name: string, value: string): Values {
  const { [name]: _, ...rest } = values;
  return value === '' ? rest : { ...rest, [name]: value };
}
