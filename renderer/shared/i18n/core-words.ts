import type { ErrorCode, Failure } from '../../../main/core/errors.ts';
import { FAILURES_DE } from './de-failures.ts';
import { coreText, locale } from './translate.ts';

/** A title for a failure whose sentence is in another language than the page; null where it is the page's. */
export function failureTitle(code: ErrorCode): string | null {
  return locale() === 'en' ? null : FAILURES_DE[code];
}

/** A failure in one line; `lang` where it is not in the page's language, because half of each would help nobody. */
export function failureLine({ message, advice }: Pick<Failure, 'message' | 'advice'>): {
  readonly text: string;
  readonly lang?: 'en';
} {
  const parts = advice === undefined ? [message] : [message, advice];
  const said = parts.map((part) => coreText(part) ?? '');
  return said.includes('') ? { text: parts.join(' '), lang: 'en' } : { text: said.join(' ') };
}
