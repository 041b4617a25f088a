import type { Failure } from '../../../main/core/errors.ts';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';

/** Where a passphrase is typed that opens something; what is wrong with it is said below. */
export function PassphraseField({
  label,
  value,
  failure,
  onInput,
  onEnter,
}: {
  readonly label: string;
  readonly value: string;
  readonly failure: Failure | null;
  readonly onInput: (value: string) => void;
  readonly onEnter: () => void;
}) {
  return (
    <Field label={label} failure={failure && <FailureWords failure={failure} />}>
      {(ids) => <TextInput ids={ids} secret value={value} onInput={onInput} onEnter={onEnter} />}
    </Field>
  );
}
