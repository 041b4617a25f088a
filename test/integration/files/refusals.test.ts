import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FilesBench, RDP_DRIVE } from './bench.ts';

const REQUEST = 'r'.repeat(32);

describe('a transfer is refused', () => {
  it.each([
    ['a path that is not absolute', 'a', 400],
    ['the root itself', '/', 400],
    ['a path that goes up', '/a/../b', 400],
    ['a path that is not normalised', '/a//b', 400],
    ['a backslash', '/a\\b', 400],
    ['a control character', '/a\u0007b', 400],
    ['half of a surrogate pair', '/a\ud800b', 400],
    ['a path of 4097 bytes', `/${'a'.repeat(4096)}`, 400],
    ['a name of 256 bytes', `/${'a'.repeat(256)}`, 400],
    ['a name that Windows cannot have', '/what?.txt', 400],
    ['a name that ends with a dot', '/what.', 400],
    ['the name of a device', '/nul.txt', 400],
    ['the name of an upload of ours', `/.sallyport-upload-${'0'.repeat(32)}`, 400],
    ['a directory that is not there', '/nowhere/a', 404],
    ['a directory that is a file', '/file/a', 404],
    ['a directory that is a link', '/link/a', 404],
    ['a target that is a directory', '/folder', 409],
    ['a target that is a link', '/link', 409],
    ['a target that is a FIFO', '/fifo', 409],
  ])('upwards: %s', async (_, path, status) => {
    const bench = await withOddities();
    expect((await bench.prepare('upload', path, 1)).status).toBe(status);
    expect(await bench.names()).toEqual(['fifo', 'file', 'folder', 'link', 'twice']);
  });

  it.each([
    ['a file that is not there', '/nothing', 404],
    ['a directory', '/folder', 409],
    ['a link', '/link', 409],
    ['a FIFO, which hangs nobody', '/fifo', 409],
    ['a file that has a second name', '/twice', 409],
    ['a path through a link', '/link/passwd', 404],
    ['a path that goes up', '/../../etc/passwd', 400],
  ])('downwards: %s', async (_, path, status) => {
    const bench = await withOddities();
    expect((await bench.prepare('download', path)).status).toBe(status);
  });

  it('where the session may not', async () => {
    const bench = await FilesBench.start({ ...RDP_DRIVE, 'rac-allow-upload': 'false' });
    expect((await bench.prepare('upload', '/a', 1)).status).toBe(403);
    await writeFile(join(bench.drive, 'a'), 'a');
    expect((await bench.prepare('download', '/a')).status).toBe(200);
  });

  it('where nothing is said of whether it may', async () => {
    const { 'rac-allow-download': _download, 'rac-allow-upload': _upload, ...rest } = RDP_DRIVE;
    const bench = await FilesBench.start(rest);
    const asked = await Promise.all([bench.prepare('upload', '/a', 1), bench.prepare('download', '/a')]);
    expect(asked.map(({ status }) => status)).toEqual([403, 403]);
  });

  it.each([
    ['the session has no drive', { ...RDP_DRIVE, 'enable-drive': 'false' }, 'rdp', true],
    ['it is no RDP', RDP_DRIVE, 'ssh', true],
    ['guacd has a file system of its own', RDP_DRIVE, 'rdp', false],
  ])('where %s', async (_, params, protocol, local) => {
    const bench = await FilesBench.start(params, {}, { protocol, local });
    const asked = await Promise.all([bench.prepare('download', '/a'), bench.list()]);
    expect(asked.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('where the disk could never hold it', async () => {
    const bench = await FilesBench.start();
    expect((await bench.prepare('upload', '/a', Number.MAX_SAFE_INTEGER)).status).toBe(503);
    expect(await bench.names()).toEqual([]);
  });

  it('where its id is in use', async () => {
    const bench = await FilesBench.start();
    const id = randomUUID();
    const both = await Promise.all([
      bench.prepare('upload', '/a', 1, id),
      bench.prepare('upload', '/b', 1, id),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 429]);
    expect((await bench.finish(randomUUID())).status).toBe(404);
    expect((await bench.cancel(randomUUID())).status).toBe(200);
  });
});

describe('a request that is none', () => {
  const good = {
    request: REQUEST,
    action: 'prepare',
    id: 'i'.repeat(36),
    path: '/a',
    direction: 'upload',
    size: 1,
    tenant: 't',
  };

  it.each([
    ['a size below zero', { ...good, size: -1 }],
    ['a size that is not whole', { ...good, size: 1.5 }],
    ['a size beyond what numbers can count', { ...good, size: 2 ** 60 }],
    ['a size as text', { ...good, size: '1' }],
    ['no size', { ...good, size: undefined }],
    ['no path', { ...good, path: undefined }],
    ['a path that is a list', { ...good, path: ['/a'] }],
    ['another direction', { ...good, direction: 'sideways' }],
    ['an action that nobody knows', { ...good, action: 'burn' }],
    ['an id of 35 characters', { ...good, id: 'i'.repeat(35) }],
    ['an id with a line break', { ...good, id: `${'i'.repeat(35)}\n` }],
    ['a tenant that no header can carry', { ...good, tenant: 'a\r\nX-Evil: 1' }],
  ])('is answered with 400: %s', async (_, body) => {
    const bench = await FilesBench.start();
    bench.tell('bulk', JSON.stringify(body));
    expect(await bench.answer(REQUEST)).toEqual({ request: REQUEST, status: 400, size: 0 });
    expect(await bench.names()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"request":'],
    ['nothing', ''],
    ['a number', '42'],
    ['no name for the answer', '{"action":"cancel"}'],
    ['a name for the answer that is too short', JSON.stringify({ ...good, request: 'short' })],
    ['more than 8192 bytes', JSON.stringify({ ...good, path: `/${'a'.repeat(8192)}` })],
    ['characters that belong nowhere', '\ufffd\u0000\ufffe'],
  ])('is not answered, and the session goes on: %s', async (_, body) => {
    const bench = await FilesBench.start();
    bench.tell('bulk', body);
    bench.tell('list', body);
    expect((await bench.list()).status).toBe(200);
    await bench.isAlive();
    expect(bench.answers).toHaveLength(1);
  });

  it('may have 8192 bytes, and not one more', async () => {
    const bench = await FilesBench.start();
    const padded = (bytes: number, request: string) => {
      const body = JSON.stringify({ request, path: '/' });
      return body + ' '.repeat(bytes - body.length);
    };
    bench.tell('list', padded(8193, 'b'.repeat(32)));
    bench.tell('list', padded(8192, 'a'.repeat(32)));
    expect((await bench.answer('a'.repeat(32))).status).toBe(200);
    expect(bench.answers).toHaveLength(1);
  });

  it('never reaches guacd, nor does its answer come from there', async () => {
    const bench = await FilesBench.start();
    const before = bench.ends.guacd.heard.length;
    await bench.list();
    bench.tell('bulk', 'nonsense');
    await bench.isAlive();
    expect(bench.ends.guacd.heard.length).toBe(before);
  });
});

/** A drive with everything in it that is not a plain file. */
async function withOddities(): Promise<FilesBench> {
  const bench = await FilesBench.start();
  await mkdir(join(bench.drive, 'folder'));
  await writeFile(join(bench.drive, 'file'), 'a file');
  await symlink('/etc', join(bench.drive, 'link'));
  execFileSync('mkfifo', [join(bench.drive, 'fifo')]);
  await writeFile(join(bench.drive, 'twice'), 'two names');
  await link(join(bench.drive, 'twice'), join(bench.drive, '..', 'elsewhere'));
  return bench;
}
