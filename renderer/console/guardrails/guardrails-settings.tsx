import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';
import { useUnsaved } from '../parts/unsaved.tsx';
import { type Document, documentOf, moved, type RawRule, textOf, withRules } from './document.ts';
import { OtherwiseCard } from './otherwise-card.tsx';
import { RuleCard } from './rule-card.tsx';
import { draftOf } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { Tester } from './tester.tsx';
import { type Guardrails, useGuardrails } from './use-guardrails.ts';

/** What this jump host lets through: the rules to be read, changed and tried out. */
export function GuardrailsSettings() {
  const guardrails = useGuardrails();
  const { loaded, text, isChanged } = guardrails;
  const [asText, setAsText] = useState(false);
  const canSave = guardrails.checked.failure === null;
  useUnsaved(isChanged ? { name: t('unsaved.guardrails'), save: canSave ? guardrails.save : null } : null);
  if (loaded.kind === 'loading') return null;
  if (loaded.kind === 'failed') return <FailureNote failure={loaded.failure} tone="bad" />;
  const document = documentOf(text);
  return (
    <div class="stack">
      {loaded.value.failure !== null && (
        <Card tone="bad" title={t('guardrails.nobody')}>
          <FailureNote failure={loaded.value.failure} tone="bad" />
          <p>{t('guardrails.mend')}</p>
        </Card>
      )}
      {document === null || asText ? (
        <RawText guardrails={guardrails} {...(document !== null && { onForm: () => setAsText(false) })} />
      ) : (
        <>
          <Rules guardrails={guardrails} document={document} onText={() => setAsText(true)} />
          <OtherwiseCard
            document={document}
            fault={guardrails.checked.fault?.rule === null ? guardrails.checked.fault : null}
            onChange={(next) => guardrails.change(textOf(next))}
          />
        </>
      )}
      <Tester text={text} isChanged={isChanged} />
      <SaveBar guardrails={guardrails} count={document?.rules.length ?? null} />
    </div>
  );
}

type Way = 'up' | 'down' | 'remove';

/**
 * Whoever moves a rule by keyboard goes on with that rule, and not with the one that took its place; whoever removes one
 * goes on with that one.
 */
function useFocusOfMoved(list: { readonly current: HTMLElement | null }) {
  const wanted = useRef<{ readonly index: number; readonly way: Way } | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const { index, way } = wanted.current;
    wanted.current = null;
    const rule = list.current?.children[index] ?? list.current?.lastElementChild;
    // At the end of the list there is only the way back.
    const button =
      rule?.querySelector(`[data-move=${way}] button`) ?? rule?.querySelector('[data-move] button');
    if (button instanceof HTMLElement) button.focus();
  });
  return (index: number, way: Way) => {
    wanted.current = { index, way };
  };
}

/** What lies over the rules: one that is changed, or a new one. */
interface Edited {
  readonly index: number;
  readonly rule: RawRule;
  readonly isNew: boolean;
}

const NEW_RULE: RawRule = { name: '', action: 'deny' };

function Rules({
  guardrails: { change, checked },
  document,
  onText,
}: {
  readonly guardrails: Guardrails;
  readonly document: Document;
  readonly onText: () => void;
}) {
  const [edited, edit] = useState<Edited | null>(null);
  const { rules } = document;
  const put = (next: readonly RawRule[]) => change(textOf(withRules(document, next)));
  const list = useRef<HTMLOListElement>(null);
  const focusMoved = useFocusOfMoved(list);
  const move = (from: number, to: number) => {
    put(moved(rules, from, to));
    focusMoved(to, to < from ? 'up' : 'down');
  };
  const add = () => edit({ index: rules.length, rule: NEW_RULE, isNew: true });
  const actionsOf = (rule: RawRule, index: number) => ({
    edit: () => edit({ index, rule, isNew: false }),
    duplicate: () => {
      const copy = { ...rule, name: t('guardrails.copy-of', { name: draftOf(rule).name }) };
      put([...rules.slice(0, index + 1), copy, ...rules.slice(index + 1)]);
    },
    remove: () => {
      put(rules.filter((_, at) => at !== index));
      focusMoved(index, 'remove');
    },
    up: index === 0 ? null : () => move(index, index - 1),
    down: index === rules.length - 1 ? null : () => move(index, index + 1),
  });
  return (
    <Card
      title={t('guardrails.rules')}
      lead={t('guardrails.rules-lead')}
      actions={
        <>
          <Button look="plain" onClick={onText}>
            {t('guardrails.as-text')}
          </Button>
          <Button onClick={add}>{t('guardrails.add')}</Button>
        </>
      }
    >
      {rules.length === 0 ? (
        <EmptyState
          icon="shield"
          title={t('guardrails.none')}
          action={
            <Button look="primary" onClick={add}>
              {t('guardrails.add')}
            </Button>
          }
        >
          {t('guardrails.none-why')}
        </EmptyState>
      ) : (
        <ol class="rules" ref={list} aria-label={t('guardrails.rules')}>
          {rules.map((rule, index) => (
            <RuleCard
              key={index}
              rule={rule}
              number={index + 1}
              fault={checked.fault?.rule === index ? checked.fault.words : null}
              actions={actionsOf(rule, index)}
            />
          ))}
        </ol>
      )}
      {edited !== null && (
        <RuleForm
          rule={edited.rule}
          isNew={edited.isNew}
          onClose={() => edit(null)}
          onDone={(rule) => {
            put([...rules.slice(0, edited.index), rule, ...rules.slice(edited.index + 1)]);
            edit(null);
          }}
        />
      )}
    </Card>
  );
}

/** The outpost takes no longer one; a page with megabytes more would stand still. In characters. */
const MAX_TEXT = 1024 * 1024;

/** The file as it is, for those who know it, and for what the form cannot show. */
function RawText({
  guardrails: { text, change },
  onForm,
}: {
  readonly guardrails: Guardrails;
  /** Left out where the text holds no rules that can be shown. */
  readonly onForm?: () => void;
}) {
  return (
    <Card
      title={t('guardrails.text')}
      lead={t('guardrails.text-lead')}
      {...(onForm && {
        actions: (
          <Button look="plain" onClick={onForm}>
            {t('guardrails.as-form')}
          </Button>
        ),
      })}
    >
      <textarea
        class="input mono guardrails-text"
        aria-label={t('guardrails.text')}
        rows={22}
        maxLength={MAX_TEXT}
        value={text}
        spellcheck={false}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </Card>
  );
}

/** How many rules there are, when they count, and whether they can. */
function SaveBar({
  guardrails: { loaded, isChanged, checked, save, discard },
  count,
}: {
  readonly guardrails: Guardrails;
  /** Null where the text cannot be read. */
  readonly count: number | null;
}) {
  const [busy, setBusy] = useState(false);
  const { failure } = checked;
  const kept = loaded.kind === 'there' ? loaded.value : null;
  const isUseless = count === null || (!isChanged && kept !== null && kept.failure !== null);
  return (
    <section class="save-bar" aria-label={t('guardrails.save')}>
      <div>
        <p>
          {isUseless ? (
            t('guardrails.useless')
          ) : (
            <>
              <strong>{t('guardrails.count', { count: count ?? 0 })}</strong>{' '}
              {t(isChanged ? 'guardrails.unsaved' : 'guardrails.in-effect')}
            </>
          )}
        </p>
        {failure !== null && (
          <p class="field-failure" role="alert">
            <CoreWords text={failure.message} />
          </p>
        )}
        <p class="quiet small mono wrap-anywhere">{kept?.path}</p>
      </div>
      <div class="row">
        <Button disabled={!isChanged} onClick={discard}>
          {t('guardrails.discard')}
        </Button>
        <Button
          look="primary"
          disabled={!isChanged || failure !== null}
          busy={busy}
          onClick={() => {
            setBusy(true);
            void save().finally(() => setBusy(false));
          }}
        >
          {t('guardrails.save')}
        </Button>
      </div>
    </section>
  );
}
