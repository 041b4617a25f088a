import { type Failure, SallyportError } from '../../../main/core/errors.ts';
import type { Field, Kind } from '../../../main/core/settings/kind.ts';

export const FROM_ENVIRONMENT: Field = { name: 'THE_FIELD', source: 'environment' };
export const FROM_FLAG: Field = { name: '--the-field', source: 'flag' };
export const FROM_FILE: Field = { name: 'the.field in settings.json', source: 'file' };

/** The refusal that `task` throws; fails for any other error, and for none. */
export function refused(task: () => unknown): Failure {
  try {
    task();
  } catch (error) {
    if (error instanceof SallyportError) return error.toFailure();
    throw error;
  }
  throw new Error('It was taken.');
}

/** What `kind` says to a text from the environment. */
export function refusedText(kind: Kind<unknown>, text: string, field = FROM_ENVIRONMENT): Failure {
  return refused(() => kind.fromText(text, field));
}

/** What `kind` makes of a text from the environment. */
export function read<T>(kind: Kind<T>, text: string, field = FROM_ENVIRONMENT): T {
  return kind.fromText(text, field);
}
