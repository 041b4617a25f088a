/** On or off, in effect at once. */
export function Switch({
  id,
  on,
  onChange,
  label,
  describedBy,
  disabled = false,
}: {
  readonly id?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  /** Needed where no `<label for>` names it. */
  readonly label?: string;
  readonly describedBy?: string;
  readonly disabled?: boolean;
}) {
  return (
    <input
      id={id}
      class="switch"
      type="checkbox"
      role="switch"
      checked={on}
      aria-checked={on}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      onChange={(event) => {
        const wanted = event.currentTarget.checked;
        // What is shown is what holds: the answer moves it.
        event.currentTarget.checked = on;
        onChange(wanted);
      }}
    />
  );
}
