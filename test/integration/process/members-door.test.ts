import { spawnSync } from 'node:child_process';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import { addressAtHand, MEMBERS_METHODS } from '../../../main/control/members.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import { belongsTo, groupId } from '../../../main/process/system-group.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { folder, refusalOf } from '../settings/folder.ts';
import { OWN, openMembersDoor } from './members-fixture.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function open(group: string) {
  const bench = await new Bench().listen();
  endings.push(() => bench.end());
  const path = join(await folder(), 'members.sock');
  const door = await openMembersDoor(bench, path, { group });
  endings.push(() => door.close());
  return { bench, path, door };
}

describe('a group of this system', () => {
  it('is known by its name', async () => {
    expect(await groupId(OWN)).toBe(process.getgid?.());
    expect(await groupId('no-such-group-here')).toBeNull();
    expect(await groupId('--help')).toBeNull();
    expect(await belongsTo(OWN)).toBe(true);
  });
});

describe('the door for members', () => {
  it('is a socket of theirs, where they open sessions, look, and change nothing', async () => {
    const { bench, path, door } = await open(OWN);
    expect(door.problem).toBeNull();
    const { mode, gid } = await stat(path);
    expect(mode & 0o777).toBe(0o660);
    expect(gid).toBe(process.getgid?.());
    const owner = await connectControl(bench.path);
    endings.push(async () => owner.close());
    const { id } = await owner.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7' },
    });
    bench.local.policy = { ...bench.local.policy, group: OWN };
    bench.local.isMember = false;
    const member = await connectControl(path, { membersDoor: path });
    endings.push(async () => member.close());
    const wish = { machine: id, display: { width: 800, height: 600, dpi: 96, audio: [] }, window: 'w' };
    await refusalOf(owner.request('machines/open', wish), 'offline-refused');
    await member.request('machines/open', wish);
    expect(bench.local.opened).toHaveLength(1);
    // By the file that the client made, the kernel has said who it is.
    const [{ request } = {}] = bench.local.opened;
    expect(request).toMatchObject({ member: process.getuid?.(), user: userInfo().username });
    expect((await member.request('status', {})).phase).toBe('running');
    for (const attempt of [
      member.request('config/set', { key: 'offline.mode', value: 'always' }),
      member.request('token/set', { token: 'another' }),
      member.request('end', { id: 'x' }),
      member.request('vault/create', { protection: { kind: 'key-file' } }),
      member.request('vault/lock', {}),
      member.request('config/show', {}),
      member.request('outpost/config', {}),
      member.request('secrets/protection', {}),
      member.request('versions', {}),
      member.request('traffic', {}),
      member.request('traffic/subscribe', {}),
      member.request('vault/credentials', {}),
      member.request('shutdown', {}),
    ])
      expect((await refusalOf(attempt, 'request-invalid')).message).toContain('for the admin');
    expect(bench.asked).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('is shut to those who are not in the group', async () => {
    const { path } = await open(OWN);
    await chmod(join(path, '..'), 0o755);
    const knock = `require('net').connect(${JSON.stringify(path)}).on('error', (e) => { console.log(e.code); }).on('connect', () => { console.log('in'); process.exit(); })`;
    const nobody = spawnSync(process.execPath, ['-e', knock], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
    expect(nobody.stdout).toBe('EACCES\n');
    expect(spawnSync(process.execPath, ['-e', knock], { encoding: 'utf8' }).stdout).not.toBe('EACCES\n');
  });

  it.runIf(process.getuid?.() === 0)('can be reached whatever the umask of a root that made it', async () => {
    const bench = await new Bench().listen();
    endings.push(() => bench.end());
    const path = join(await folder(), 'run', 'members.sock');
    const before = process.umask(0o077);
    try {
      const door = await openMembersDoor(bench, path, { group: OWN });
      endings.push(() => door.close());
    } finally {
      process.umask(before);
    }
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o755);
    expect((await stat(path)).mode & 0o777).toBe(0o660);
  });

  it('says in words what keeps it shut', async () => {
    const none = await open('no-such-group-here');
    expect(none.door.problem?.message).toContain('does not exist on this system');
    const inTheWay = join(await folder(), 'members.sock');
    await writeFile(inTheWay, 'a file');
    const bench = await new Bench().listen();
    endings.push(() => bench.end());
    const { problem } = await openMembersDoor(bench, inTheWay, { group: OWN });
    expect(problem).toMatchObject({
      code: 'listen-failed',
      advice: expect.stringContaining('RuntimeDirectory'),
    });
  });

  it('is found by who has no outpost of their own', async () => {
    const { bench, path } = await open(OWN);
    const own = join(await folder(), 'control.sock');
    expect(await addressAtHand(own, path)).toBe(path);
    expect(await addressAtHand(bench.path, path)).toBe(bench.path);
    expect(await addressAtHand(own, join(await folder(), 'none.sock'))).toBe(own);
  });

  it('lets nobody change anything', () => {
    for (const method of MEMBERS_METHODS)
      expect(method).not.toMatch(
        /set|put|remove|create|change|import|stop|start|end|rekey|shutdown|watch|audit/,
      );
  });
});
