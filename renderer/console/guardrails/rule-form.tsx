import { useMemo, useState } from 'preact/hooks';
import { Button, IconButton } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { Switch } from '../../shared/switch.tsx';
import { useUnsaved } from '../parts/unsaved.tsx';
import { type RawRule, textOf } from './document.ts';
import { draftOf, fieldOfPath, type RuleDraft, ruleOf } from './rule-draft.ts';
import { TimesField } from './times-field.tsx';
import { useCheck } from './use-guardrails.ts';

interface Editing {
  readonly draft: RuleDraft;
  readonly change: (part: Partial<RuleDraft>) => void;
  readonly problemOf: (field: keyof RuleDraft) => string | null;
}

/** Every field of a rule with its meaning; nothing is kept before the guardrails are saved. */
export function RuleForm({
  rule,
  isNew,
  onDone,
  onClose,
}: {
  readonly rule: RawRule;
  readonly isNew: boolean;
  readonly onDone: (rule: RawRule) => void;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [isTouched, touch] = useState(false);
  const next = useMemo(() => ruleOf(rule, draft), [rule, draft]);
  // Alone: what is wrong with others is said at those.
  const { failure, fault } = useCheck(textOf({ version: 1, rules: [next] }), isTouched);
  const where = fault === null ? null : fieldOfPath(fault.field);
  const editing: Editing = {
    draft,
    change: (part) => {
      touch(true);
      setDraft((before) => ({ ...before, ...part }));
    },
    problemOf: (field) => (where === field && fault !== null ? fault.words : null),
  };
  const isWrong = failure !== null || draft.name.trim() === '';
  const isChanged = JSON.stringify(next) !== JSON.stringify(rule);
  const done = async () => {
    onDone(next);
    return true;
  };
  const leave = useUnsaved(
    isChanged ? { name: t('unsaved.rule', { name: draft.name }), save: isWrong ? null : done } : null,
  );
  const close = () => leave(onClose);
  return (
    <Dialog
      wide
      title={isNew ? t('guardrails.add') : t('guardrails.edit-title', { name: draft.name })}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button look="primary" disabled={isWrong} onClick={() => void done()}>
            {t(isNew ? 'guardrails.add-done' : 'guardrails.edit-done')}
          </Button>
        </>
      }
    >
      <Form>
        {failure !== null && where === null && (
          <p class="field-failure" role="alert">
            <CoreWords text={failure.message} />
          </p>
        )}
        <div class="form-columns">
          <Line editing={editing} field="name" />
          <Choice editing={editing} field="action" values={['allow', 'deny']} />
        </div>
        <Line editing={editing} field="because" />
        <h3 class="rule-part">{t('guardrails.conditions')}</h3>
        <div class="form-columns">
          <Lines editing={editing} field="users" placeholder="dba-*" />
          <Lines editing={editing} field="targets" placeholder={'10.20.0.0/16:22\n*.example.org'} />
          <Lines editing={editing} field="protocols" placeholder="ssh" />
          <Choice editing={editing} field="sources" values={['', 'authentik', 'local', 'authentik,local']} />
        </div>
        <TimesField
          times={draft.times}
          problem={editing.problemOf('times')}
          onChange={(times) => editing.change({ times })}
        />
        <h3 class="rule-part">{t('guardrails.terms')}</h3>
        {draft.action === 'deny' && <p class="notice">{t('guardrails.terms-deny')}</p>}
        <div class="form-columns">
          <Line editing={editing} field="longestMinutes" />
          <Line editing={editing} field="idleMinutes" />
          <Line editing={editing} field="holdSeconds" />
          <Choice editing={editing} field="record" values={['', 'always', 'never']} />
        </div>
        <Field
          beside
          label={t('guardrails.field-endWithoutRecording')}
          help={t('guardrails.help-endWithoutRecording')}
        >
          {(ids) => (
            <Switch
              id={ids.control}
              describedBy={ids.describedBy}
              on={draft.endWithoutRecording}
              onChange={(endWithoutRecording) => editing.change({ endWithoutRecording })}
            />
          )}
        </Field>
        <div class="form-columns">
          <Line editing={editing} field="inAll" />
          <Line editing={editing} field="perMachine" />
          <Line editing={editing} field="perUser" />
        </div>
        <h3 class="rule-part">{t('guardrails.files')}</h3>
        <div class="form-columns">
          <Choice editing={editing} field="upload" values={['', 'yes', 'no']} />
          <Choice editing={editing} field="download" values={['', 'yes', 'no']} />
          <Line editing={editing} field="maxBytes" />
          <Lines editing={editing} field="names" placeholder="*.exe" />
        </div>
        <h3 class="rule-part">{t('guardrails.parameters')}</h3>
        <Forced editing={editing} />
        <Lines editing={editing} field="forbid" placeholder="recording-*" />
      </Form>
    </Dialog>
  );
}

type LineField =
  | 'name'
  | 'because'
  | 'longestMinutes'
  | 'idleMinutes'
  | 'holdSeconds'
  | 'maxBytes'
  | 'inAll'
  | 'perMachine'
  | 'perUser';
type LinesField = 'users' | 'targets' | 'protocols' | 'names' | 'forbid';
type ChoiceField = 'action' | 'sources' | 'record' | 'upload' | 'download';

function Line({
  editing: { draft, change, problemOf },
  field,
}: {
  readonly editing: Editing;
  readonly field: LineField;
}) {
  return (
    <Field
      label={t(`guardrails.field-${field}`)}
      help={t(`guardrails.help-${field}`)}
      failure={said(problemOf(field))}
    >
      {(ids) => (
        <TextInput
          ids={ids}
          value={draft[field]}
          first={field === 'name'}
          onInput={(value) => change({ [field]: value })}
        />
      )}
    </Field>
  );
}

function Lines({
  editing: { draft, change, problemOf },
  field,
  placeholder,
}: {
  readonly editing: Editing;
  readonly field: LinesField;
  readonly placeholder: string;
}) {
  return (
    <Field
      label={t(`guardrails.field-${field}`)}
      help={t(`guardrails.help-${field}`)}
      failure={said(problemOf(field))}
    >
      {(ids) => (
        <textarea
          id={ids.control}
          class="input mono"
          maxLength={MAX_LINES}
          rows={Math.min(8, Math.max(2, draft[field].split('\n').length))}
          value={draft[field]}
          placeholder={placeholder}
          spellcheck={false}
          aria-describedby={ids.describedBy}
          aria-invalid={ids.invalid}
          onInput={(event) => change({ [field]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function Choice<F extends ChoiceField>({
  editing: { draft, change, problemOf },
  field,
  values,
}: {
  readonly editing: Editing;
  readonly field: F;
  readonly values: readonly (
    | ''
    | 'allow'
    | 'deny'
    | 'authentik'
    | 'local'
    | 'authentik,local'
    | 'always'
    | 'never'
    | 'yes'
    | 'no'
  )[];
}) {
  const current = values.find((value) => value === draft[field]);
  return (
    <Field
      label={t(`guardrails.field-${field}`)}
      help={t(`guardrails.help-${field}`)}
      failure={said(problemOf(field))}
    >
      {(ids) => (
        <Select
          id={ids.control}
          describedBy={ids.describedBy}
          value={current ?? ''}
          choices={values.map((value) => ({ value, text: choiceText(value) }))}
          onChange={(value) => change({ [field]: value })}
        />
      )}
    </Field>
  );
}

function choiceText(value: Parameters<typeof Choice>[0]['values'][number]): string {
  switch (value) {
    case '':
      return t('guardrails.choice-any');
    case 'authentik,local':
      return t('guardrails.choice-both');
    default:
      return t(`guardrails.choice-${value}`);
  }
}

/** More than the outpost takes of any field, which then says so. In characters. */
const MAX_LINES = 256 * 1024;
const MAX_VALUE = 16 * 1024;

/** Parameters that are set, one a row. */
function Forced({ editing: { draft, change, problemOf } }: { readonly editing: Editing }) {
  const { force } = draft;
  const problem = problemOf('force');
  const set = (index: number, part: { name?: string; value?: string }) =>
    change({ force: force.map((pair, at) => (at === index ? { ...pair, ...part } : pair)) });
  return (
    <fieldset class="rule-rows">
      <legend>{t('guardrails.field-force')}</legend>
      <p class="quiet small">{t('guardrails.help-force')}</p>
      {force.map(({ name, value }, index) => (
        <div key={index} class="rule-row">
          <input
            class="input mono"
            aria-label={t('guardrails.force-name')}
            placeholder="disable-copy"
            maxLength={MAX_VALUE}
            value={name}
            spellcheck={false}
            onInput={(event) => set(index, { name: event.currentTarget.value })}
          />
          <input
            class="input mono"
            aria-label={t('guardrails.force-value')}
            placeholder="true"
            maxLength={MAX_VALUE}
            value={value}
            spellcheck={false}
            onInput={(event) => set(index, { value: event.currentTarget.value })}
          />
          <IconButton
            icon="cross"
            label={t('guardrails.row-remove')}
            onClick={() => change({ force: force.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      {problem !== null && <p class="field-failure">{said(problem)}</p>}
      <div>
        <Button small onClick={() => change({ force: [...force, { name: '', value: '' }] })}>
          {t('guardrails.force-add')}
        </Button>
      </div>
    </fieldset>
  );
}

/** The outpost's own words. */
function said(words: string | null) {
  return words === null ? null : <CoreWords text={words} />;
}
