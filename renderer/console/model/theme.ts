import { useEffect, useState } from 'preact/hooks';
import { useModel } from './model.ts';

const QUERIES = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];

/** A word that changes whenever the colours of the page do: for what is painted, not styled. */
export function useTheme(): string {
  const chosen = useModel().preferences.value?.theme ?? 'system';
  const [system, setSystem] = useState(state);
  useEffect(() => {
    const queries = QUERIES.map((query) => matchMedia(query));
    const changed = () => setSystem(state());
    for (const query of queries) query.addEventListener('change', changed);
    return () => {
      for (const query of queries) query.removeEventListener('change', changed);
    };
  }, []);
  return `${chosen} ${system}`;
}

function state(): string {
  return QUERIES.map((query) => String(matchMedia(query).matches)).join(' ');
}
