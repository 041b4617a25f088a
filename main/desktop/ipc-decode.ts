import * as v from 'valibot';
import { MAX_CALL_BYTES } from '../../preload/contract/console.ts';
import { ALL_REQUESTS, type Params, type RequestName } from '../../preload/contract/requests.ts';
import type { WindowKind } from '../../preload/contract/types.ts';
import { SallyportError } from '../core/errors.ts';

/** A call that has passed the door: its name is in the table and its parameters are decoded. */
export type DecodedCall = {
  [N in RequestName]: { readonly name: N; readonly params: Params<N> };
}[RequestName];

/**
 * Decodes a call of a page in a window of `kind`. Throws `control-protocol` for a name that is not in the table or
 * not for this kind of window, for parameters above 1 MiB, and for those that are not as the table says.
 */
export function decodeCall(kind: WindowKind, name: unknown, params: unknown): DecodedCall {
  if (typeof name !== 'string' || !isRequest(name)) throw refused('There is no such request.');
  const line = ALL_REQUESTS[name];
  if (!line.from.includes(kind)) throw refused('This window may not make that request.');
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw refused('The parameters are no object.');
  checkSize(params);
  const decoded = v.safeParse(line.params, params);
  // The path of a field, never its value: it may be a secret.
  if (!decoded.success)
    throw refused(`The parameters of “${name}” are not as they should be${placeOf(decoded.issues)}.`);
  // The decoder is this line's; the compiler sees the union of all lines.
  return { name, params: decoded.output } as DecodedCall;
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(ALL_REQUESTS, name);
}

function checkSize(params: object): void {
  let text: string;
  try {
    text = JSON.stringify(params);
  } catch {
    throw refused('The parameters cannot be written as JSON.');
  }
  if (Buffer.byteLength(text) > MAX_CALL_BYTES)
    throw refused(`The parameters are larger than ${MAX_CALL_BYTES} bytes.`);
}

function placeOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  const path = issue === undefined ? null : v.getDotPath(issue);
  return path === null ? '' : ` (at “${path.slice(0, 100)}”)`;
}

function refused(message: string): SallyportError {
  return new SallyportError('control-protocol', message);
}
