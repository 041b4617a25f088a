import type { ErrorCode } from '../../../main/core/errors.ts';
import { FAILURES_DE } from './de-failures.ts';
import { locale } from './translate.ts';

/** A title for a failure whose sentence is in another language than the page; null where it is the page's. */
export function failureTitle(code: ErrorCode): string | null {
  return locale() === 'en' ? null : FAILURES_DE[code];
}
