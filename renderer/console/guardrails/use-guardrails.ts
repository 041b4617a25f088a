import { useEffect, useState } from 'preact/hooks';
import type { CheckedGuardrails, ShownGuardrails } from '../../../preload/contract/guardrails.ts';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { type Loaded, useLoaded } from '../model/use-loaded.ts';
import { documentOf } from './document.ts';

/** Typing pauses this long before the outpost is asked what it thinks, in ms. */
const CHECK_AFTER_MS = 250;

const FINE: CheckedGuardrails = { failure: null, fault: null };

export interface Guardrails {
  readonly loaded: Loaded<ShownGuardrails>;
  /** The file's text with what was changed. */
  readonly text: string;
  readonly change: (text: string) => void;
  readonly isChanged: boolean;
  /** What the outpost thinks of the text. */
  readonly checked: CheckedGuardrails;
  /** Resolves with whether they were kept; why not is said at the window's edge. */
  readonly save: () => Promise<boolean>;
  readonly discard: () => void;
}

/** The guardrails file, and a text that is to replace it. */
export function useGuardrails(): Guardrails {
  const model = useModel();
  const { loaded, reload } = useLoaded(() => model.client.call('guardrails/show', {}));
  /** Null while nothing was changed: then the file's own text is shown, also a new one. */
  const [draft, setDraft] = useState<string | null>(null);
  const kept = loaded.kind === 'there' ? loaded.value.text : '';
  const text = draft ?? kept;
  const isChanged = text !== kept;
  return {
    loaded,
    text,
    change: (next) => setDraft(next === kept ? null : next),
    isChanged,
    checked: useCheck(text, isChanged),
    save: async () => {
      const count = documentOf(text)?.rules.length ?? 0;
      if (!(await model.act('guardrails/set', { text }, t('guardrails.saved', { count })))) return false;
      // Where it cannot be read now, the draft stays: it is what was kept.
      if (await reload()) setDraft(null);
      return true;
    },
    discard: () => setDraft(null),
  };
}

/** What the outpost thinks of a text that is being changed. */
export function useCheck(text: string, isAsked: boolean): CheckedGuardrails {
  const { client } = useModel();
  const [checked, setChecked] = useState<CheckedGuardrails>(FINE);
  useEffect(() => {
    if (!isAsked) {
      setChecked(FINE);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await client.call('guardrails/check', { text });
      if (current) setChecked(answer.ok ? answer.value : { failure: answer.failure, fault: null });
    }, CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, text, isAsked]);
  return checked;
}
