import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { CheckedGuardrails, ShownGuardrails } from '../../../preload/contract/guardrails.ts';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { documentOf } from './document.ts';

/** Typing pauses this long before the outpost is asked what it thinks, in ms. */
const CHECK_AFTER_MS = 250;

const FINE: CheckedGuardrails = { failure: null, fault: null };

export type LoadedGuardrails =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | ({ readonly kind: 'there' } & ShownGuardrails);

export interface Guardrails {
  readonly loaded: LoadedGuardrails;
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
  const { client } = model;
  const [loaded, setLoaded] = useState<LoadedGuardrails>({ kind: 'loading' });
  const [text, setText] = useState('');
  const kept = loaded.kind === 'there' ? loaded.text : '';
  const checked = useCheck(text, text !== kept);
  const load = useCallback(async () => {
    const answer = await client.call('guardrails/show', {});
    if (answer.ok) setText(answer.value.text);
    setLoaded(answer.ok ? { kind: 'there', ...answer.value } : { kind: 'failed', failure: answer.failure });
  }, [client]);
  useEffect(() => void load(), [load]);
  return {
    loaded,
    text,
    change: setText,
    isChanged: text !== kept,
    checked,
    save: async () => {
      const count = documentOf(text)?.rules.length ?? 0;
      if (!(await model.act('guardrails/set', { text }, t('guardrails.saved', { count })))) return false;
      await load();
      return true;
    },
    discard: () => setText(kept),
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
