import { Button, IconButton } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { t } from '../../shared/i18n/translate.ts';
import type { TimesDraft } from './rule-draft.ts';
import { dayName } from './rule-words.ts';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const NEW: TimesDraft = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' };

/** Days and hours at which a rule holds. */
export function TimesField({
  times,
  problem,
  onChange,
}: {
  readonly times: readonly TimesDraft[];
  readonly problem: string | null;
  readonly onChange: (times: readonly TimesDraft[]) => void;
}) {
  const set = (index: number, part: Partial<TimesDraft>) =>
    onChange(times.map((span, at) => (at === index ? { ...span, ...part } : span)));
  return (
    <fieldset class="rule-rows">
      <legend>{t('guardrails.field-times')}</legend>
      <p class="quiet small">{t('guardrails.help-times')}</p>
      {times.map((span, index) => (
        <div key={index} class="rule-row times">
          <fieldset class="days" aria-label={t('guardrails.days')}>
            {DAYS.map((day) => (
              <button
                key={day}
                type="button"
                class="day"
                aria-pressed={span.days.includes(day)}
                onClick={() => set(index, { days: toggled(span.days, day) })}
              >
                {dayName(day)}
              </button>
            ))}
          </fieldset>
          <input
            class="input"
            type="time"
            aria-label={t('guardrails.from')}
            value={span.from}
            onInput={(event) => set(index, { from: event.currentTarget.value })}
          />
          <span aria-hidden="true">–</span>
          <input
            class="input"
            type="time"
            aria-label={t('guardrails.to')}
            value={span.to}
            onInput={(event) => set(index, { to: event.currentTarget.value })}
          />
          <IconButton
            icon="cross"
            label={t('guardrails.row-remove')}
            onClick={() => onChange(times.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {problem !== null && (
        <p class="field-failure">
          <CoreWords text={problem} />
        </p>
      )}
      <div>
        <Button small onClick={() => onChange([...times, NEW])}>
          {t('guardrails.times-add')}
        </Button>
      </div>
    </fieldset>
  );
}

function toggled(days: readonly number[], day: number): readonly number[] {
  return days.includes(day)
    ? days.filter((one) => one !== day)
    : [...days, day].sort((one, other) => one - other);
}
