import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { Answer } from '../../../preload/contract/console.ts';
import { useModel } from './model.ts';

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'there'; readonly value: T };

export interface Loading<T> {
  readonly loaded: Loaded<T>;
  /** Resolves with what is there now; null where that could not be asked for. */
  readonly reload: () => Promise<T | null>;
}

/**
 * What only the outpost knows: asked for when the page opens, when another outpost is there, and when one of `also`
 * changes. What was there once stays while the outpost is away: work on it must not vanish with it.
 */
export function useLoaded<T>(ask: () => Promise<Answer<T>>, ...also: readonly unknown[]): Loading<T> {
  const { outpost } = useModel();
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' });
  const latest = useRef(ask);
  latest.current = ask;
  const asked = useRef(0);
  const reload = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    const answer = await latest.current();
    // A newer question has the word, also where its answer came first.
    if (mine === asked.current)
      setLoaded((before) => {
        if (answer.ok) return { kind: 'there', value: answer.value };
        return before.kind === 'there' ? before : { kind: 'failed', failure: answer.failure };
      });
    return answer.ok ? answer.value : null;
  }, []);
  useEffect(() => {
    void reload();
    return () => {
      asked.current += 1;
    };
  }, [reload, outpost.value, ...also]);
  return { loaded, reload };
}
