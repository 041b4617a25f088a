import { useId } from 'preact/hooks';
import { Button, IconButton } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { RawRule } from './document.ts';
import { draftOf } from './rule-draft.ts';
import { sayRule } from './rule-words.ts';

export interface RuleActions {
  readonly edit: () => void;
  readonly duplicate: () => void;
  readonly remove: () => void;
  /** Null where it stands at that end already. */
  readonly up: (() => void) | null;
  readonly down: (() => void) | null;
}

/** One rule, to be read: whom it is about, and what it lays down. */
export function RuleCard({
  rule,
  number,
  fault,
  actions,
}: {
  readonly rule: RawRule;
  /** Counted from 1. */
  readonly number: number;
  /** What the outpost finds wrong with it; null for nothing. */
  readonly fault: string | null;
  readonly actions: RuleActions;
}) {
  const id = useId();
  const { name, action, because } = draftOf(rule);
  const { conditions, terms } = sayRule(rule);
  const isAllow = action === 'allow';
  const named = name === '' ? t('guardrails.unnamed') : name;
  return (
    <li class={`rule ${isAllow ? 'allow' : 'deny'}${fault === null ? '' : ' wrong'}`} aria-labelledby={id}>
      <span class="rule-number numbers" aria-hidden="true">
        {number}
      </span>
      <div class="rule-body">
        <div class="rule-head">
          <span class={`rule-action ${isAllow ? 'allow' : 'deny'}`}>
            <StateGlyph tone={isAllow ? 'good' : 'bad'} size={16} />
            {t(isAllow ? 'guardrails.allow' : 'guardrails.deny')}
          </span>
          <h3 id={id} class="wrap-anywhere">
            {named}
          </h3>
        </div>
        <p class="wrap-anywhere">
          {conditions.length === 0 ? t('guardrails.say-everything') : begun(conditions.join(' · '))}
        </p>
        {because !== '' && <p class="quiet wrap-anywhere">{t('guardrails.say-because', { because })}</p>}
        {terms.length > 0 && (
          <ul class="chips" aria-label={t('guardrails.then')}>
            {terms.map((words) => (
              <li key={words} class="chip wrap-anywhere">
                {words}
              </li>
            ))}
          </ul>
        )}
        {fault !== null && (
          <p class="field-failure" role="alert">
            <CoreWords text={fault} />
          </p>
        )}
      </div>
      <div class="rule-actions">
        <Button small label={t('guardrails.edit-rule', { name: named })} onClick={actions.edit}>
          {t('guardrails.edit')}
        </Button>
        <Move icon="up" label={t('guardrails.up', { name: named })} onClick={actions.up} />
        <Move icon="down" label={t('guardrails.down', { name: named })} onClick={actions.down} />
        <IconButton
          icon="copy"
          label={t('guardrails.duplicate', { name: named })}
          onClick={actions.duplicate}
        />
        <span data-move="remove">
          <IconButton icon="cross" label={t('guardrails.remove', { name: named })} onClick={actions.remove} />
        </span>
      </div>
    </li>
  );
}

function Move({
  icon,
  label,
  onClick,
}: {
  readonly icon: 'up' | 'down';
  readonly label: string;
  readonly onClick: (() => void) | null;
}) {
  // Its place is kept, so that the others stay where the hand expects them.
  if (onClick === null) return <span class="rule-no-move" />;
  return (
    <span data-move={icon}>
      <IconButton icon={icon} label={label} onClick={onClick} />
    </span>
  );
}

/** With a capital letter. */
function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
