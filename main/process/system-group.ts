import type { Member } from '../control/members.ts';
import { SallyportError } from '../core/errors.ts';
import { printable } from '../core/sessions/request.ts';
import { groupsOf, overflowUser, subordinateTo, systemEntry } from './system-database.ts';

/** The number of a group of this system; null where there is none of that name, or the system has no groups. */
export async function groupId(name: string): Promise<number | null> {
  const id = Number((await systemEntry('group', name))?.[2]);
  return Number.isInteger(id) ? id : null;
}

/** Whether this process, and with it whoever drives it, belongs to the group. To root it makes no difference. */
export async function belongsTo(name: string): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const id = await groupId(name);
  if (id === null) return false;
  return process.getgid?.() === id || (process.getgroups?.().includes(id) ?? false);
}

/**
 * The member of the group that a number means. Rejects with `control-refused` where the system has no such user, does
 * not count them to the group, or where a file of that number need not be theirs. Root and the outpost's own user come in
 * whatever their groups.
 *
 * The kernel has let the connection in by its group. But a member can let a file belong to others than themselves: to the
 * numbers that their containers have (`/etc/subuid`; a test brings its own).
 */
export async function memberOf(group: string, uid: number, subuid?: string): Promise<Member> {
  const [name] = (await systemEntry('passwd', uid)) ?? [];
  if (uid === 0 || uid === process.getuid?.()) return { uid, name: name ?? `uid ${uid}` };
  if (uid === (await overflowUser()))
    throw refused(
      `Whoever you are, this outpost sees you as the number ${uid}, which stands for everybody it has no number for.`,
      'Ask the admin of this host: the outpost’s service must not have `PrivateUsers=`; and come from outside a container.',
    );
  if (name === undefined)
    throw refused(
      `This system has no user with the number ${uid}.`,
      'Come as yourself: from inside a container nobody can be known.',
    );
  const owner = await subordinateTo(uid, subuid);
  if (owner !== null)
    throw refused(
      `The number ${uid} is “${name}”’s, and one of the containers of “${owner}” as well (/etc/subuid): it does not show who you are.`,
      'Ask the admin of this host to give those containers numbers that no user has.',
    );
  // As sessions have it, which are theirs by it.
  if ((await isCounted(group, uid)) === true) return { uid, name: printable(name) };
  throw refused(
    `This system does not count “${name}” to the group “${group}” (offline.group).`,
    `Ask the admin of this host: \`gpasswd -a ${name} ${group}\`.`,
  );
}

/**
 * Whether somebody who came in as a member was taken out of the group since. Only what the system says counts: a
 * directory that does not answer, as where the network is gone, throws nobody out.
 */
export async function wasTakenOut(group: string, uid: number): Promise<boolean> {
  if (uid === 0 || uid === process.getuid?.()) return false;
  return (await isCounted(group, uid)) === false;
}

/** Null where the system does not know the user or the group, or cannot say. */
async function isCounted(group: string, uid: number): Promise<boolean | null> {
  const [user, entry] = await Promise.all([systemEntry('passwd', uid), systemEntry('group', group)]);
  const [name] = user ?? [];
  if (!user || !name || !entry) return null;
  const id = Number(entry[2]);
  if (Number(user[3]) === id || entry[3]?.split(',').includes(name)) return true;
  const groups = await groupsOf(name);
  return groups === null ? null : groups.includes(id);
}

function refused(message: string, advice: string): SallyportError {
  return new SallyportError('control-refused', message, { advice });
}
