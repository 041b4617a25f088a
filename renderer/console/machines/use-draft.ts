import { useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { MachineProblem } from '../../../main/core/offline/machines/shapes.ts';
import { useModel } from '../model/model.ts';
import { draftOfForm, type FormDraft } from './form-draft.ts';

/** Typing pauses this long before the outpost is asked what it thinks, in ms. */
const CHECK_AFTER_MS = 250;

export interface Draft {
  readonly form: FormDraft;
  readonly change: (part: Partial<FormDraft>) => void;
  /** What the outpost finds wrong with a field; null before anything was changed. */
  readonly problemOf: (field: string) => Failure | null;
  /** It is another than it was to begin with. */
  readonly isChanged: boolean;
}

/** A form whose fields the outpost judges as one types. */
export function useDraft(initial: FormDraft): Draft {
  const { client } = useModel();
  const [form, setForm] = useState(initial);
  const first = useRef(form);
  const [problems, setProblems] = useState<readonly MachineProblem[]>([]);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (touched.size === 0) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await client.call('machines/check', { machine: draftOfForm(form) });
      if (current && answer.ok) setProblems(answer.value.problems);
    }, CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [form, touched, client]);
  return {
    form,
    change: (part) => {
      setForm((before) => ({ ...before, ...part }));
      setTouched((before) => new Set([...before, ...Object.keys(part)]));
    },
    // What nobody has come to yet is not complained about.
    problemOf: (field) => {
      const begin = field.split('.')[0] ?? field;
      if (!touched.has(begin)) return null;
      return problems.find((problem) => problem.field === field)?.failure ?? null;
    },
    isChanged: JSON.stringify(form) !== JSON.stringify(first.current),
  };
}
