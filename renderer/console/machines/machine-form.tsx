import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import {
  DEFAULT_PORTS,
  draftOf,
  EMPTY_DRAFT,
  MACHINE_PROTOCOLS,
  type Machine,
  usesOf,
} from '../../../main/core/offline/machines/machine.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';
import { CredentialField } from './credential-field.tsx';
import { draftOfForm, type FormDraft, formOf } from './form-draft.ts';
import { ParameterFields } from './parameter-fields.tsx';
import { type Draft, useDraft } from './use-draft.ts';

/** Adds a machine, or changes one. */
export function MachineForm({
  machine,
  onClose,
}: {
  readonly machine: Machine | null;
  readonly onClose: () => void;
}) {
  const model = useModel();
  const draft = useDraft(formOf(machine === null ? EMPTY_DRAFT : draftOf(machine)));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const answer = await model.client.call('machines/put', {
      id: machine?.id ?? null,
      machine: draftOfForm(draft.form),
    });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (!answer.ok) return false;
    model.tell(t('machines.saved', { name: answer.value.name }));
    onClose();
    return true;
  };
  const { form, change, problemOf, isChanged } = draft;
  const name = form.name === '' ? form.host : form.name;
  const leave = useUnsaved(isChanged ? { name: t('unsaved.machine', { name }), save } : null);
  const close = () => leave(onClose);
  return (
    <Dialog
      wide
      title={machine === null ? t('machines.add') : t('machines.edit-title', { name: machine.name })}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('dialog.cancel')}</Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {t('machines.save')}
          </Button>
        </>
      }
    >
      <Form>
        {failure && <FailureNote failure={failure} tone="bad" />}
        <div class="form-columns">
          <Text draft={draft} field="name" label={t('machines.name')} help={t('machines.name-help')} />
          <Field label={t('machines.protocol')} help={t('machines.protocol-help')}>
            {(ids) => (
              <Select
                id={ids.control}
                describedBy={ids.describedBy}
                value={form.protocol}
                choices={MACHINE_PROTOCOLS.map((value) => ({ value, text: t(`machines.protocol-${value}`) }))}
                onChange={(protocol) => change({ protocol })}
              />
            )}
          </Field>
          <Text draft={draft} field="host" label={t('machines.host')} help={t('machines.host-help')} />
          <Text
            draft={draft}
            field="port"
            label={t('machines.port')}
            help={t('machines.port-help', { port: DEFAULT_PORTS[form.protocol] })}
            placeholder={String(DEFAULT_PORTS[form.protocol])}
          />
          <Text draft={draft} field="user" label={t('machines.user')} help={t('machines.user-help')} />
          {usesOf(form.protocol).map((use) => (
            <CredentialField
              key={use}
              use={use}
              value={form[use]}
              onChange={(credential) => change({ [use]: credential })}
            />
          ))}
          <Text draft={draft} field="group" label={t('machines.group')} help={t('machines.group-help')} />
          <Text draft={draft} field="tags" label={t('machines.tags')} help={t('machines.tags-help')} />
          <Text
            draft={draft}
            field="wakeAddress"
            label={t('machines.wake-address')}
            help={t('machines.wake-help')}
            placeholder="AA:BB:CC:DD:EE:FF"
          />
          <Text
            draft={draft}
            field="guacd"
            label="guacd"
            help={t('machines.guacd-help')}
            placeholder="host:4822"
          />
        </div>
        <Field label={t('machines.notes')} failure={words(problemOf('notes'))}>
          {(ids) => (
            <textarea
              id={ids.control}
              class="input"
              rows={3}
              maxLength={MAX_NOTES}
              value={form.notes}
              aria-describedby={ids.describedBy}
              aria-invalid={ids.invalid}
              onInput={(event) => change({ notes: event.currentTarget.value })}
            />
          )}
        </Field>
        <div>
          <h3>{t('machines.parameters')}</h3>
          <p class="quiet small">{t('machines.parameters-help')}</p>
        </div>
        {problemOf('parameters') && <FailureNote failure={problemOf('parameters') ?? NONE} />}
        <ParameterFields
          protocol={form.protocol}
          values={form.parameters}
          onChange={(parameters) => change({ parameters })}
          problemOf={(name) => problemOf(`parameters.${name}`)}
        />
      </Form>
    </Dialog>
  );
}

/** More than is kept, which the outpost then says; far more would make the page stand still. In characters. */
const MAX_NOTES = 64 * 1024;

const NONE = { message: '' };

type TextField = { [K in keyof FormDraft]: FormDraft[K] extends string ? K : never }[keyof FormDraft];

function Text({
  draft: { form, change, problemOf },
  field,
  label,
  help,
  placeholder,
}: {
  readonly draft: Draft;
  readonly field: Exclude<TextField, 'protocol'>;
  readonly label: string;
  readonly help: ComponentChildren;
  readonly placeholder?: string;
}) {
  return (
    <Field label={label} help={help} failure={words(problemOf(field))}>
      {(ids) => (
        <TextInput
          ids={ids}
          value={form[field]}
          onInput={(value) => change({ [field]: value })}
          {...(placeholder !== undefined && { placeholder })}
        />
      )}
    </Field>
  );
}

function words(failure: Failure | null): ComponentChildren {
  return failure && <FailureWords failure={failure} />;
}
