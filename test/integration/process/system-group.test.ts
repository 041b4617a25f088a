import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberOf, wasTakenOut } from '../../../main/process/system-group.ts';
import { folder, refusalOf } from '../settings/folder.ts';

/* What the system says, said by scripts in place of `getent` and `id`: as it would be with a directory behind it. */

const GROUP = 'jumphost-admins';
const GROUP_LINE = `${GROUP}:*:7000:carol,dora`;

const PATH = process.env['PATH'];
let bin: string;

beforeEach(async () => {
  bin = await folder();
  process.env['PATH'] = `${bin}:${PATH}`;
  await system({ passwd: [], group: [GROUP_LINE] });
});
afterEach(() => {
  process.env['PATH'] = PATH;
});

interface Said {
  readonly passwd: readonly string[];
  readonly group: readonly string[];
  /** What `id -G` says; it fails where left out. */
  readonly groups?: string;
}

/** Prints the lines whatever is asked for, as one that means more than was asked: whoever reads has to look. */
async function system({ passwd, group, groups }: Said): Promise<void> {
  const script = async (name: string, text: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const lines = (all: readonly string[]) => `cat <<'EOT'\n${all.join('\n')}\nEOT`;
  await script(
    'getent',
    `[ "$2" = -- ] || exit 9\nif [ "$1" = passwd ]; then ${lines(passwd)}\nelse ${lines(group)}\nfi`,
  );
  await script('id', groups === undefined ? 'exit 1' : `[ "$1 $2" = "-G --" ] && echo "${groups}"`);
}

const user = (name: string, uid: number, gid = 100) => `${name}:*:${uid}:${gid}::/:/bin/sh`;
const refused = (uid: number) => refusalOf(memberOf(GROUP, uid), 'control-refused');

describe.skipIf(process.platform === 'win32')('who a number of this system is', () => {
  it('is a member by the group’s own list, by their first group, or by what a directory says', async () => {
    await system({ passwd: [user('carol', 70_001)], group: [GROUP_LINE] });
    expect(await memberOf(GROUP, 70_001)).toEqual({ uid: 70_001, name: 'carol' });
    await system({ passwd: [user('emil', 70_002, 7000)], group: [GROUP_LINE] });
    expect(await memberOf(GROUP, 70_002)).toEqual({ uid: 70_002, name: 'emil' });
    await system({ passwd: [user('CORP\\Zoë Ünal', 70_003)], group: [GROUP_LINE], groups: '100 7000 5' });
    expect(await memberOf(GROUP, 70_003)).toEqual({ uid: 70_003, name: 'CORP\\Zoë Ünal' });
    // As their sessions are called.
    await system({ passwd: [user('zoe\u200b\u0007', 70_003)], group: [GROUP_LINE], groups: '7000' });
    expect(await memberOf(GROUP, 70_003)).toEqual({ uid: 70_003, name: 'zoe\ufffd\ufffd' });
  });

  it('is nobody who only looks like a member', async () => {
    for (const name of ['caro', 'carol,dora', 'Carol', '', '*']) {
      await system({ passwd: [user(name, 70_004)], group: [GROUP_LINE], groups: '100 70001' });
      expect((await refused(70_004)).message).toContain(`does not count “${name}”`);
    }
    // A list that has nobody in it is no list of the nameless.
    await system({ passwd: [user('', 70_004)], group: [`${GROUP}:*:7000:`], groups: '100' });
    await refused(70_004);
    await system({ passwd: [user('carol', 70_004)], group: [`${GROUP}-old:*:7000:carol`], groups: '100' });
    await refused(70_004);
  });

  it('is nobody where the system has no such user, or means another', async () => {
    expect((await refused(70_005)).advice).toContain('container');
    await system({ passwd: [user('carol', 70_006)], group: [GROUP_LINE], groups: '7000' });
    expect((await refused(70_005)).message).toContain('no user with the number 70005');
  });

  it('is nobody where the number stands for everybody whom this process cannot tell apart', async () => {
    await system({ passwd: [user('nobody', 65_534, 7000)], group: [GROUP_LINE], groups: '7000' });
    expect((await refused(65_534)).advice).toContain('PrivateUsers');
  });

  it('is nobody where containers have the number too', async () => {
    await system({ passwd: [user('carol', 100_500)], group: [GROUP_LINE] });
    const subuid = join(bin, 'subuid');
    await writeFile(subuid, 'emil:100501:10\nfrida:100000:501\n');
    const { message } = await refusalOf(memberOf(GROUP, 100_500, subuid), 'control-refused');
    expect(message).toContain('“carol”’s, and one of the containers of “frida”');
    await writeFile(subuid, 'emil:100501:10\nfrida:100000:500\n');
    expect(await memberOf(GROUP, 100_500, subuid)).toMatchObject({ name: 'carol' });
  });

  it('is root, and whom the outpost runs as, whatever their groups', async () => {
    await system({ passwd: [user('root', 0, 0)], group: [] });
    expect(await memberOf(GROUP, 0)).toEqual({ uid: 0, name: 'root' });
    const own = process.getuid?.() ?? 0;
    await system({ passwd: [user('own', own)], group: [] });
    expect(await memberOf(GROUP, own)).toEqual({ uid: own, name: 'own' });
  });
});

describe.skipIf(process.platform === 'win32')('who was a member', () => {
  it('is taken out where the system says so, and by nothing less', async () => {
    const out = () => wasTakenOut(GROUP, 70_001);
    await system({ passwd: [user('carol', 70_001)], group: [GROUP_LINE] });
    expect(await out()).toBe(false);
    const without = `${GROUP}:*:7000:dora`;
    await system({ passwd: [user('carol', 70_001)], group: [without], groups: '100' });
    expect(await out()).toBe(true);
    await system({ passwd: [user('carol', 70_001)], group: [without], groups: '100 7000' });
    expect(await out()).toBe(false);
    // The directory is not there: of the group, of its people, of the person.
    await system({ passwd: [user('carol', 70_001)], group: [without] });
    expect(await out()).toBe(false);
    await system({ passwd: [user('carol', 70_001)], group: [], groups: '100' });
    expect(await out()).toBe(false);
    await system({ passwd: [], group: [without], groups: '100' });
    expect(await out()).toBe(false);
    expect(await wasTakenOut(GROUP, 0)).toBe(false);
  });
});
