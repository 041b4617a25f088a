import { createHash } from 'node:crypto';
import type { SessionRequest } from './request.ts';

/** authentik's tokens have 60 characters, names of windows 36; something shorter might be a word that others use as well. */
const MIN_TOKEN_LENGTH = 16;

/**
 * What a request must have in common with a held session to go on with it; null where nobody ever can.
 *
 * For authentik it is the connection token, which only the person has who opened the session: the last part of
 * `drive-path`, which authentik sets after everything that an admin can. For a session of this host it is the window,
 * and the door that the person came in by. Protocol, machine and person must be the same as well. Hashed, because a token
 * is a secret.
 */
export function samenessOf(request: SessionRequest, window: string | null): string | null {
  const { source, protocol, machine, user, member, parameters } = request;
  if (source === 'watch') return null;
  const token = parameters.get('drive-path')?.reveal().split('/').at(-1) ?? '';
  const secret = source === 'local' ? (window ?? '') : token;
  if (secret.length < MIN_TOKEN_LENGTH) return null;
  const place = ['hostname', 'port', 'username'].map((name) => parameters.get(name)?.reveal() ?? '');
  const who = [user, member ?? null];
  return createHash('sha256')
    .update(JSON.stringify([source, secret, protocol, machine, ...who, request.machineId ?? '', ...place]))
    .digest('hex');
}
