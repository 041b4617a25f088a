import type * as v from 'valibot';
import type { WindowKind } from './types.ts';

/** One line of a table of requests. */
export interface RequestLine<P extends v.GenericSchema, T> {
  readonly params: P;
  /** The windows that may make it. */
  readonly from: readonly WindowKind[];
  /** Never there: it carries the answer's type. */
  readonly value?: T;
}

/** `takes(decoder).gives<Answer>()`; for the console's windows unless told. */
export function takes<P extends v.GenericSchema>(
  params: P,
  from: readonly WindowKind[] = ['console'],
): { gives<T>(): RequestLine<P, T> } {
  return { gives: () => ({ params, from }) };
}
