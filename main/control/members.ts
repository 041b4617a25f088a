import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Method } from './contract.ts';
import { PROOF_FOLDER } from './proof.ts';
import { answers, isNamedPipe } from './socket-file.ts';

/**
 * Where a service lets the members of `offline.group` in: beside its own socket, which is for its admin alone. Only
 * root, and systemd for the service, can make anything in `/run`, so whoever answers there need not be looked at.
 */
export const MEMBERS_FOLDER = '/run/sallyport';
export const MEMBERS_SOCKET = `${MEMBERS_FOLDER}/members.sock`;

/** A person who came in there: the user of this system that their proof belongs to. */
export interface Member {
  readonly uid: number;
  readonly name: string;
}

/** Where members of the door at `socket` prove who they are. */
export function proofFolder(socket: string): string {
  return join(dirname(socket), PROOF_FOLDER);
}

/**
 * What members may ask: they look, and open sessions as far as the policy lets them; they change nothing. Settings,
 * log, journal, recordings, what the vault holds and what others move are the admin's.
 */
export const MEMBERS_METHODS: ReadonlySet<Method> = new Set<Method>([
  'status',
  'status/subscribe',
  'sessions',
  'machines/list',
  'machines/get',
  'machines/subscribe',
  'machines/parameters',
  'machines/wake',
  'machines/open',
  'machines/open-inline',
  'vault/state',
  'vault/subscribe',
  'vault/unlock',
]);

/**
 * The address of the outpost at hand: this user's own where one answers there, else a service's door for its members
 * where this user may enter it. `own` where there is neither.
 */
export async function addressAtHand(own: string, members = MEMBERS_SOCKET): Promise<string> {
  if (isNamedPipe(own) || (await answers(own))) return own;
  try {
    // To connect is to write.
    await access(members, constants.W_OK);
    return (await answers(members)) ? members : own;
  } catch {
    return own;
  }
}
