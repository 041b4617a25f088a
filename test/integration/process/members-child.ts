import { connectControl } from '../../../main/control/client.ts';
import { Tickets } from '../../../main/control/tickets.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { MembersDoor } from '../../../main/process/members-door.ts';

/* Runs as another user: the door of a service that is not root, or a member who knocks. */

const [role, path = '', group = ''] = process.argv.slice(2);

if (role === 'door') {
  const door = await MembersDoor.open({
    group,
    path,
    tickets: new Tickets(),
    logger: silentLogger,
    sessions: { members: () => [], end: () => {} },
    member: async (uid) => ({ uid, name: `user ${uid}` }),
    // Of all there is only this is asked.
    handlers: {
      'machines/wake': (_: unknown, { member }: { member: { name: string } | null }) => ({
        address: member?.name ?? 'nobody',
      }),
    } as never,
  });
  console.log(door.problem?.message ?? 'open');
} else {
  process.umask(0o777);
  try {
    const client = await connectControl(path, { membersDoor: path });
    try {
      console.log((await client.request('machines/wake', { id: 'x' })).address);
    } finally {
      client.close();
    }
  } catch (error) {
    console.log(String(error));
  }
}
