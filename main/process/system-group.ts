import type { Member } from '../control/members.ts';
import { SallyportError } from '../core/errors.ts';
import { groupsOf, systemEntry } from './system-database.ts';

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
 * The member of the group that a number means. Rejects with `control-refused` where the system has no such user, or does
 * not count them to the group. Root and the outpost's own user come in whatever their groups.
 *
 * The kernel has let the connection in by its group. But a member can let a file belong to others than themselves: to the
 * numbers that their containers have (`/etc/subuid`), which are nobody's.
 */
export async function memberOf(group: string, uid: number): Promise<Member> {
  const user = await systemEntry('passwd', uid);
  const name = user?.[0] ?? `uid ${uid}`;
  if (uid === 0 || uid === process.getuid?.()) return { uid, name };
  if (user === null)
    throw new SallyportError('control-refused', `This system has no user with the number ${uid}.`, {
      advice: 'Come as yourself: from inside a container nobody can be known.',
    });
  const entry = await systemEntry('group', group);
  const id = Number(entry?.[2]);
  const isMember =
    entry !== null &&
    (Number(user[3]) === id ||
      entry[3]?.split(',').includes(name) === true ||
      (await groupsOf(name)).includes(id));
  if (isMember) return { uid, name };
  throw new SallyportError(
    'control-refused',
    `This system does not count “${name}” to the group “${group}” (offline.group).`,
    { advice: `Ask the admin of this host: \`gpasswd -a ${name} ${group}\`.` },
  );
}
