import { createHash } from 'node:crypto';
import type { SessionRequest } from './request.ts';

/**
 * Whether authentik means the session `request` when it says that the session `name` has ended.
 *
 * authentik hashes the key of a login for this, and tells no RAC outpost the key; it ends such sessions by closing
 * the browser's websocket. So everything that a session was named with in its request counts: the channel, the
 * `conn_id` that the reference expects, a session's id, the connection token in the drive's path, and our own id;
 * as it is or hashed as authentik hashes it.
 */
export function isCalled(
  name: string,
  { id, names, parameters }: Pick<SessionRequest, 'id' | 'names' | 'parameters'>,
  channel: string,
): boolean {
  const token = parameters.get('drive-path')?.reveal().split('/').at(-1) ?? '';
  return [id, channel, token, ...names].some(
    (known) => known !== '' && (known === name || sha256(known) === name.toLowerCase()),
  );
}

/** Source: authentik's `hash_session_key`. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
