import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Secret } from '../../../main/core/base/secret.ts';
import {
  DriveFolder,
  showsEverything,
  wantsDrive,
  withDrive,
  withoutDrive,
} from '../../../main/core/sessions/drive.ts';
import { decodeRequest } from '../../../main/core/sessions/request.ts';

let place: string;
let root: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sallyport-drive-'));
  root = join(place, 'state', 'drives');
});
afterEach(() => rm(place, { recursive: true, force: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('a drive', () => {
  it('is a folder of its own in which only this user may look', async () => {
    const drives = new DriveFolder(root);
    const [one, other] = await Promise.all([drives.create(), drives.create()]);
    expect(one.path).not.toBe(other.path);
    expect(await modeOf(root)).toBe(0o700);
    expect(await modeOf(one.path)).toBe(0o700);
    expect(await readdir(one.path)).toEqual([]);
  });

  it('goes with all that lies in it, and only once', async () => {
    const drive = await new DriveFolder(root).create();
    await mkdir(join(drive.path, 'Download'));
    await writeFile(join(drive.path, 'Download', 'secret.pdf'), 'x');
    await drive.remove();
    await drive.remove();
    expect(await readdir(root)).toEqual([]);
  });

  it('that cannot be made is refused with the reason', async () => {
    await writeFile(join(place, 'state'), 'a file where the folder should be');
    await expect(new DriveFolder(root).create()).rejects.toMatchObject({
      code: 'drive-failed',
      message: expect.stringContaining('The session’s drive could not be made'),
    });
  });
});

describe('what a killed outpost left behind', () => {
  it('is removed, with all that lies in it', async () => {
    const drives = new DriveFolder(root);
    const left = await drives.create();
    await writeFile(join(left.path, 'secret.pdf'), 'x');
    expect(await new DriveFolder(root).sweep()).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });

  it('is nothing at the first start', async () => {
    expect(await new DriveFolder(root).sweep()).toEqual([]);
  });

  it('is told from what others keep in a folder that an admin chose', async () => {
    const left = await new DriveFolder(root).create();
    const theirs = ['Documents', 'session-notes.txt', `${basename(left.path)}.bak`];
    for (const name of theirs) await writeFile(join(root, name), 'x');
    await new DriveFolder(root).sweep();
    expect((await readdir(root)).sort()).toEqual(theirs.sort());
  });

  it('is not followed to where a link in it points', async () => {
    const left = await new DriveFolder(root).create();
    const outside = join(place, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'kept.txt'), 'x');
    await symlink(outside, join(left.path, 'link'));
    await new DriveFolder(root).sweep();
    expect(await readdir(outside)).toEqual(['kept.txt']);
    expect(await readdir(root)).toEqual([]);
  });

  it('is no reason not to start where the folder cannot be read', async () => {
    await mkdir(join(place, 'state'));
    await writeFile(root, 'a file where the folder should be');
    const [failure] = await new DriveFolder(root).sweep();
    expect(failure).toMatchObject({ code: 'drive-failed', message: expect.stringContaining(root) });
  });
});

describe('a session’s drive-path', () => {
  const request = (params: unknown) => decodeRequest({ protocol: 'rdp', params });

  it('is moved into the drive, and nothing else is changed', () => {
    const before = request({ 'drive-path': '/tmp/connection/x', 'create-drive-path': 'true', port: '1' });
    const after = withDrive(before.parameters, { path: '/private/y', remove: async () => {} });
    const plain = (parameters: ReadonlyMap<string, Secret>) =>
      [...parameters].map(([name, value]) => [name, value.reveal()]);
    expect(plain(after)).toEqual([
      ['drive-path', '/private/y'],
      ['create-drive-path', 'true'],
      ['port', '1'],
    ]);
    expect(before.parameters.get('drive-path')?.reveal()).toBe('/tmp/connection/x');
  });

  it('is asked for where one was sent, and where guacd would show its whole file system', () => {
    expect(wantsDrive(request({ 'drive-path': '/tmp/x' }))).toBe(true);
    expect(wantsDrive(request({ 'enable-drive': 'true' }))).toBe(true);
    expect(wantsDrive(request({ 'enable-drive': 'false' }))).toBe(false);
    expect(wantsDrive(request({}))).toBe(false);
  });

  it('is never guacd’s whole file system', () => {
    expect(showsEverything(request({ 'enable-drive': 'true' }))).toBe(true);
    expect(showsEverything(request({ 'enable-drive': 'true', 'drive-path': '' }))).toBe(true);
    expect(showsEverything(request({ 'enable-drive': 'true', 'drive-path': '/tmp/x' }))).toBe(false);
    const without = withoutDrive(request({ 'enable-drive': 'true' }).parameters);
    expect(without.get('enable-drive')?.reveal()).toBe('false');
  });
});
