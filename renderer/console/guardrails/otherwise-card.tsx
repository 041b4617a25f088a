import type { CheckedGuardrails } from '../../../preload/contract/guardrails.ts';
import { Card } from '../../shared/card.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { type Document, valueAt, withValue } from './document.ts';
import { number } from './rule-draft.ts';

const BOUNDS = ['inAll', 'perMachine', 'perUser'] as const;

/** What holds beside the rules: where none fits, and how many sessions at once there may be. */
export function OtherwiseCard({
  document,
  fault,
  onChange,
}: {
  readonly document: Document;
  /** What is wrong beside the rules. */
  readonly fault: CheckedGuardrails['fault'];
  readonly onChange: (document: Document) => void;
}) {
  const otherwise = document['otherwise'] === 'deny' ? 'deny' : 'allow';
  const lockedOut = otherwise === 'deny' && !document.rules.some(({ action }) => action === 'allow');
  return (
    <Card title={t('guardrails.otherwise')} lead={t('guardrails.otherwise-lead')}>
      <Form>
        <Field label={t('guardrails.field-otherwise')} help={t('guardrails.help-otherwise')}>
          {(ids) => (
            <Select
              id={ids.control}
              describedBy={ids.describedBy}
              value={otherwise}
              choices={(['allow', 'deny'] as const).map((value) => ({
                value,
                text: t(`guardrails.choice-${value}`),
              }))}
              onChange={(value) => onChange(withValue(document, 'otherwise', value))}
            />
          )}
        </Field>
        {lockedOut && <p class="notice">{t('guardrails.locked-out')}</p>}
        <div class="form-columns">
          {BOUNDS.map((bound) => {
            const { path, read, write } = number(`most.${bound}`);
            return (
              <Field
                key={bound}
                label={t(`guardrails.field-${bound}`)}
                help={t(`guardrails.all-${bound}`)}
                failure={fault?.field === path && <CoreWords text={fault.words} />}
              >
                {(ids) => (
                  <TextInput
                    ids={ids}
                    value={read(valueAt(document, path))}
                    // Digits alone: what is no number could not be shown by this form.
                    onInput={(typed) => onChange(withValue(document, path, write(typed.replace(/\D/g, ''))))}
                  />
                )}
              </Field>
            );
          })}
        </div>
      </Form>
    </Card>
  );
}
