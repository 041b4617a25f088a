import { linkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import { questionLine } from '../../../main/control/greeting.ts';
import { proofFolder } from '../../../main/control/members.ts';
import { leaveProof, proofName } from '../../../main/control/proof.ts';
import type { MembersDoor } from '../../../main/process/members-door.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { folder, refusalOf } from '../settings/folder.ts';
import {
  as,
  childProgram,
  GROUP,
  GROUP_ID,
  IS_ROOT,
  Knock,
  openFolder,
  openMembersDoor,
  proving,
  startChild,
} from './members-fixture.ts';

/** Two people. */
const ANNA = 33;
const BEN = 8;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

let bench: Bench;
let path: string;
let who: string;
/** Whom the door has let in. */
let seen: number[];

async function openDoor(): Promise<MembersDoor> {
  const door = await openMembersDoor(bench, path, {
    member: async (uid) => {
      seen.push(uid);
      return { uid, name: `user ${uid}` };
    },
  });
  endings.push(() => door.close());
  return door;
}

beforeEach(async () => {
  bench = new Bench();
  endings.push(() => bench.end());
  path = join(await openFolder(await folder()), 'members.sock');
  who = proofFolder(path);
  seen = [];
});

async function knock(): Promise<Knock> {
  const at = await Knock.at(path);
  endings.push(() => at.socket.destroy());
  return at;
}

const refused = (at: Knock) => refusalOf(at.say(), 'control-refused');
const emptied = () => expect.poll(() => readdir(who)).toEqual([]);

describe('a proof of who somebody is', () => {
  it('is a file of theirs, and is gone after', async () => {
    await openDoor();
    const client = await connectControl(path, { membersDoor: path });
    endings.push(() => client.close());
    expect((await client.request('status', {})).phase).toBe('running');
    expect(seen).toEqual([process.getuid?.()]);
    await emptied();
  });

  it('is asked of everybody', async () => {
    await openDoor();
    const { message } = await refused(await knock());
    expect(message).toContain('who you are');
    await refusalOf(connectControl(path), 'control-protocol');
    expect(seen).toEqual([]);
  });

  it('has to hold the word, and no more and no less', async () => {
    await openDoor();
    for (const change of [
      () => '',
      (nonce: string) => nonce.slice(1),
      (nonce: string) => `${nonce}\n`,
      (nonce: string) => nonce.replace(/./, (first) => (first === '0' ? '1' : '0')),
    ]) {
      const at = await knock();
      await writeFile(at.path, change(at.nonce), { flag: 'wx' });
      await chmod(at.path, 0o444);
      await refused(at);
    }
    expect(seen).toEqual([]);
    await emptied();
  });

  it('is nothing that anybody but its owner may have written', async () => {
    await openDoor();
    for (const mode of [0o644, 0o464, 0o446, 0o666, 0o4444, 0o2444, 0o400]) {
      const at = await knock();
      await writeFile(at.path, at.nonce, { flag: 'wx' });
      await chmod(at.path, mode);
      await refused(at);
    }
    expect(seen).toEqual([]);
  });

  it('is no link, no pipe and no folder', async () => {
    await openDoor();
    const elsewhere = join(await folder(), 'file');
    const made: ((at: Knock) => unknown)[] = [
      (at) => {
        writeFileSync(elsewhere, at.nonce, { mode: 0o444 });
        symlinkSync(elsewhere, at.path);
      },
      (at) => {
        // Not beside it: what nobody waits for there is removed, and the link is one file again.
        const other = join(who, '..', 'linked');
        writeFileSync(other, at.nonce, { mode: 0o444 });
        linkSync(other, at.path);
      },
      (at) => mkdir(at.path, { mode: 0o444 }),
    ];
    for (const make of made) {
      const at = await knock();
      await make(at);
      await refused(at);
    }
    expect(seen).toEqual([]);
    await emptied();
    expect(await readFile(elsewhere, 'utf8')).toHaveLength(64);
  });

  it('counts for one connection', async () => {
    await openDoor();
    const one = await knock();
    const other = await knock();
    await leaveProof(who, one.nonce);
    await refused(other);
    expect((await one.say()).pid).toBe(process.pid);
    const again = await knock();
    expect(new Set([one.nonce, other.nonce, again.nonce]).size).toBe(3);
    await refused(again);
    expect(seen).toHaveLength(1);
  });

  it('is removed with whoever leaves before they come in, and with what others left', async () => {
    await openDoor();
    const gone = await knock();
    await leaveProof(who, gone.nonce);
    const stays = await knock();
    await leaveProof(who, stays.nonce);
    await writeFile(join(who, 'left'), '');
    await mkdir(join(who, 'a-folder'));
    gone.socket.destroy();
    await expect.poll(() => readdir(who)).toEqual([proofName(stays.nonce)]);
    await stays.say();
    await emptied();
  });

  it('is made by the client without following a link, and by nobody’s umask', async () => {
    const nonce = 'a'.repeat(64);
    const place = await folder();
    const target = join(await folder(), 'target');
    await symlink(target, join(place, proofName(nonce)));
    const error = await refusalOf(leaveProof(place, nonce), 'control-refused');
    expect(error.message).toContain('who you are');
    expect((await lstat(join(place, proofName(nonce)))).isSymbolicLink()).toBe(true);
    await expect(lstat(target)).rejects.toThrow('ENOENT');
    await refusalOf(leaveProof(join(place, 'missing'), nonce), 'control-refused');
  });

  it('is given at the door for members alone', async () => {
    const nonce = 'b'.repeat(64);
    const asker = createServer((socket) => socket.end(questionLine('0', 1, nonce))).listen(path);
    endings.push(() => asker.close());
    await mkdir(who, { mode: 0o777 });
    const error = await refusalOf(connectControl(path), 'control-protocol');
    expect(error.message).toContain('asks for a proof');
    expect(await readdir(who)).toEqual([]);
  });
});

describe('the folder for proofs', () => {
  it('is emptied at the start, and is the group’s to make files in and nothing else', async () => {
    await mkdir(who, { mode: 0o700 });
    await writeFile(join(who, 'left'), '');
    expect((await openDoor()).problem).toBeNull();
    const { mode, gid } = await lstat(who);
    expect(mode & 0o7777).toBe(0o1730);
    expect(gid).toBe(IS_ROOT ? GROUP_ID : process.getgid?.());
    expect(await readdir(who)).toEqual([]);
  });

  it('is nothing that was there before in its place', async () => {
    const elsewhere = await folder();
    await writeFile(join(elsewhere, 'precious'), '');
    await symlink(elsewhere, who);
    expect((await openDoor()).problem?.message).toContain(`${who} is in the way`);
    expect(await readdir(elsewhere)).toEqual(['precious']);
    await refusalOf(connectControl(path), 'control-unreachable');
  });

  it.runIf(IS_ROOT)('is nobody else’s', async () => {
    await mkdir(who);
    await chown(who, BEN, GROUP_ID);
    expect((await openDoor()).problem?.message).toContain('in the way');
  });
});

describe.runIf(IS_ROOT)('people at the door', () => {
  it('are who their files belong to', async () => {
    await openDoor();
    const anna = await knock();
    const ben = await knock();
    expect(as(ANNA, proving(anna))).toBe('');
    expect(as(BEN, proving(ben))).toBe('');
    await ben.say();
    await anna.say();
    expect(seen).toEqual([BEN, ANNA]);
    await emptied();
  });

  it('cannot be another by a file of theirs that they link or move', async () => {
    await openDoor();
    // All of them on one file system, where the kernel lets them: with all that could be had of Ben’s.
    const shared = join(path, '..', 'shared');
    await mkdir(shared);
    await chmod(shared, 0o777);
    const bens = (name: string, content: string, mode: number) => {
      const file = join(shared, name);
      as(
        BEN,
        `fs.writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(content)}); fs.chmodSync(${JSON.stringify(file)}, ${mode});`,
      );
      return JSON.stringify(file);
    };
    const tries: ((at: Knock) => string)[] = [
      (at) => `fs.renameSync(${bens('note', 'some note', 0o444)}, ${JSON.stringify(at.path)})`,
      (at) => `fs.linkSync(${bens('linked', 'some note', 0o444)}, ${JSON.stringify(at.path)})`,
      (at) => `fs.symlinkSync(${bens('far', at.nonce, 0o444)}, ${JSON.stringify(at.path)})`,
      (at) => {
        const open = bens('open', '', 0o666);
        return `fs.writeFileSync(${open}, '${at.nonce}'); fs.renameSync(${open}, ${JSON.stringify(at.path)})`;
      },
      (at) => {
        const open = bens('both', '', 0o666);
        return `fs.writeFileSync(${open}, '${at.nonce}'); fs.linkSync(${open}, ${JSON.stringify(at.path)}); fs.unlinkSync(${open})`;
      },
    ];
    for (const attempt of tries) {
      const at = await knock();
      as(ANNA, attempt(at));
      await refused(at);
    }
    // What the kernel may be told not to look after.
    const at = await knock();
    const kept = join(shared, 'kept');
    as(BEN, `fs.writeFileSync(${JSON.stringify(kept)}, '${at.nonce}', { mode: 0o444 })`);
    linkSync(kept, at.path);
    await refused(at);
    expect(seen).toEqual([]);
  });

  it('have no way to each other’s proofs', async () => {
    await openDoor();
    const ben = await knock();
    const anna = await knock();
    as(BEN, proving(ben));
    const [its, mine] = [ben.path, anna.path].map((file) => JSON.stringify(file));
    expect(as(ANNA, `fs.readdirSync(${JSON.stringify(who)})`)).toBe('EACCES\n');
    expect(as(ANNA, `fs.unlinkSync(${its})`)).toBe('EPERM\n');
    expect(as(ANNA, `fs.renameSync(${its}, ${mine})`)).toBe('EPERM\n');
    expect(as(ANNA, `fs.writeFileSync(${mine}, 'x'); fs.renameSync(${mine}, ${its})`)).toBe('EPERM\n');
    expect(as(ANNA, `fs.writeFileSync(${its}, 'x')`)).toBe('EACCES\n');
    expect(as(ANNA, `fs.rmdirSync(${JSON.stringify(who)})`)).toMatch(/EACCES|EPERM|ENOTEMPTY/);
    // Who is in no such group has no business there at all.
    expect(as(ANNA, `fs.writeFileSync(${JSON.stringify(join(who, 'x'))}, '')`, 65_534)).toBe('EACCES\n');
    await ben.say();
    expect(seen).toEqual([BEN]);
  });

  it('are not waited for at a pipe, nor where somebody swaps files', async () => {
    await openDoor();
    const pipe = await knock();
    as(
      ANNA,
      `require('child_process').execFileSync('/usr/bin/mkfifo', ['-m', '444', ${JSON.stringify(pipe.path)}])`,
    );
    await refused(pipe);
    const at = await knock();
    as(ANNA, proving(at, { content: 'x'.repeat(64) }));
    const said = refused(at);
    // Anna’s own, back and forth: whatever is met is hers or nothing.
    for (let round = 0; round < 50; round += 1) {
      try {
        renameSync(at.path, `${at.path}-`);
        symlinkSync('/etc/hostname', at.path);
        renameSync(`${at.path}-`, at.path);
      } catch {
        break;
      }
    }
    await said;
    expect(seen).toEqual([]);
  });

  it('come in to a service that is not root', async () => {
    const run = join(path, '..');
    await chown(run, BEN, GROUP_ID);
    const program = await childProgram(run);
    const { child, line, ended } = await startChild(program, ['door', path, GROUP], BEN, GROUP_ID);
    endings.push(async () => {
      child.kill();
      await ended;
    });
    expect(line).toBe('open');
    const anna = await startChild(program, ['client', path], ANNA, GROUP_ID);
    expect(anna.line).toBe(`user ${ANNA}`);
    await anna.ended;
    const outside = await startChild(program, ['client', path], ANNA, 65_534);
    expect(outside.line).toContain('another user');
    expect((await lstat(who)).uid).toBe(BEN);
    await emptied();
  });
});
