import { coreText } from './i18n/translate.ts';

/**
 * A sentence of the core in the language of the page, with the core's own to be found when pointed at, as it stands in
 * logs; where there is none, that one alone, marked so that a screen reader speaks it as what it is.
 */
export function CoreWords({ text }: { readonly text: string }) {
  const said = coreText(text);
  if (said === null) return <span lang="en">{text}</span>;
  return <span title={said === text ? undefined : text}>{said}</span>;
}
