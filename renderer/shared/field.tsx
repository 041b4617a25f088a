import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldIds {
  readonly control: string;
  /** For `aria-describedby`: the explanation, and the sentence that says what is wrong. */
  readonly describedBy: string;
  readonly invalid: boolean;
}

export interface FieldProps {
  readonly label: string;
  /** What it is for, below the control. */
  readonly help?: ComponentChildren;
  /** What is wrong with what was typed; said as soon as it is known. */
  readonly failure?: ComponentChildren;
  /** Beside the label: where the value comes from. */
  readonly badge?: ComponentChildren;
  /** Label and explanation at the left, the control at the right: for switches. */
  readonly beside?: boolean;
  readonly children: (ids: FieldIds) => ComponentChildren;
}

/** A control with its name, its explanation and its refusal, tied together for those who cannot see them. */
export function Field({ label, help, failure, badge, beside = false, children }: FieldProps) {
  const id = useId();
  const wrong = Boolean(failure);
  const describedBy = `${id}-help${wrong ? ` ${id}-failure` : ''}`;
  return (
    <div class={beside ? 'field beside' : 'field'}>
      <div class="field-name">
        <label for={id}>{label}</label>
        {badge}
      </div>
      <div class="field-control">{children({ control: id, describedBy, invalid: wrong })}</div>
      <div class="field-words" aria-live="polite">
        {wrong && (
          <p id={`${id}-failure`} class="field-failure">
            {failure}
          </p>
        )}
        <div id={`${id}-help`} class="quiet small">
          {help}
        </div>
      </div>
    </div>
  );
}

/** More than any line that is kept: what is pasted beyond it would make the window stand still. In characters. */
const MOST = 16 * 1024;

/** One line of text. */
export function TextInput({
  ids,
  value,
  onInput,
  onEnter,
  secret = false,
  placeholder,
  disabled = false,
  mono = false,
  first = false,
}: {
  readonly ids: FieldIds;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
  /** Not readable over the shoulder, and not kept by the browser. */
  readonly secret?: boolean;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly mono?: boolean;
  /** A dialog that opens begins here. */
  readonly first?: boolean;
}) {
  const attributes = {
    id: ids.control,
    class: mono ? 'input mono' : 'input',
    value,
    placeholder,
    disabled,
    maxLength: MOST,
    spellcheck: false,
    autocomplete: 'off',
    'aria-describedby': ids.describedBy,
    'aria-invalid': ids.invalid,
    'data-first': first ? '' : undefined,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
    onKeyDown: (event: { readonly key: string }) => {
      if (event.key === 'Enter') onEnter?.();
    },
  };
  return secret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />;
}
