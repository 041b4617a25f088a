export interface Choice<T extends string> {
  readonly value: T;
  readonly text: string;
}

/** One of a few; the system's own list, which every screen reader knows. */
export function Select<T extends string>({
  id,
  value,
  choices,
  onChange,
  label,
  describedBy,
  disabled = false,
}: {
  readonly id?: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  /** Needed where no `<label for>` names it. */
  readonly label?: string;
  readonly describedBy?: string;
  readonly disabled?: boolean;
}) {
  return (
    <span class="select">
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-label={label}
        aria-describedby={describedBy}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </span>
  );
}
