import { SallyportError } from '../errors.ts';

/** Whether something failed because there is no such file, also below our own wrapping. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof SallyportError) return isMissing(error.cause);
  return 'code' in error && error.code === 'ENOENT';
}
