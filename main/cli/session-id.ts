import { SallyportError } from '../core/errors.ts';

/** Characters of an id that are shown, where they are enough to tell the sessions apart. */
const SHOWN = 8;
/** A shorter beginning of an id is a slip of the fingers rather than a choice. */
const SHORTEST = 3;

/** The ids as people read and type them: all of one length, as short as they can be told apart by. */
export function shortIds(ids: readonly string[]): string[] {
  const longest = Math.max(0, ...ids.map((id) => id.length));
  let length = SHOWN;
  while (length < longest && new Set(ids.map((id) => id.slice(0, length))).size < new Set(ids).size)
    length += 1;
  return ids.map((id) => id.slice(0, length));
}

/**
 * The id that `given` is the whole or the beginning of. Throws `session-not-found` where none is, and
 * `request-invalid` where several are or too little of one was given.
 */
export function findId(ids: readonly string[], given: string): string {
  if (ids.includes(given)) return given;
  const found = given.length < SHORTEST ? [] : ids.filter((id) => id.startsWith(given.toLowerCase()));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1)
    throw new SallyportError(
      'request-invalid',
      `${found.length} sessions have an id that begins with ${quoted(given)}.`,
      { advice: 'Give more of it: `sallyport sessions` shows as much as is needed.' },
    );
  if (given.length < SHORTEST)
    throw new SallyportError('request-invalid', `${quoted(given)} is too little of a session’s id.`, {
      advice: `Give at least ${SHORTEST} characters of it, as \`sallyport sessions\` shows it.`,
    });
  throw new SallyportError('session-not-found', `There is no session ${quoted(given)}.`, {
    advice: 'See `sallyport sessions` for those that are open.',
  });
}

function quoted(given: string): string {
  return JSON.stringify(given.length > 40 ? `${given.slice(0, 40)}…` : given);
}
