import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FilesBench } from './bench.ts';

describe('a listing', () => {
  it('tells files and directories with sizes, sorted by the bytes of their names', async () => {
    const bench = await FilesBench.start();
    for (const name of ['b.txt', 'B.txt', 'ü', '😀', '\uffee'])
      await writeFile(join(bench.drive, name), name);
    await mkdir(join(bench.drive, 'a folder'));
    const { status, entries = [], cursor } = await bench.list();
    expect({ status, cursor }).toEqual({ status: 200, cursor: '' });
    expect(entries.map(({ name }) => name)).toEqual(['B.txt', 'a folder', 'b.txt', 'ü', '\uffee', '😀']);
    expect(entries[0]).toEqual({ name: 'B.txt', path: '/B.txt', kind: 'file', size: 5 });
    expect(entries[1]).toEqual({ name: 'a folder', path: '/a folder', kind: 'directory', size: null });
  });

  it('goes on page by page, and each name is told once', async () => {
    const bench = await FilesBench.start();
    const names = Array.from({ length: 401 }, (_, at) => `file-${String(at).padStart(4, '0')}`);
    await Promise.all(names.map((name) => writeFile(join(bench.drive, name), '')));
    const pages = await allPages(bench, '/');
    expect(pages.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(pages.flat()).toEqual(names);
  });

  it('has no further page after exactly 200', async () => {
    const bench = await FilesBench.start();
    for (let at = 0; at < 200; at += 1) await writeFile(join(bench.drive, `f${at}`), '');
    const { entries, cursor } = await bench.list();
    expect(entries).toHaveLength(200);
    expect(cursor).toBe('');
  });

  it('fits into 128 KiB however long the paths are', async () => {
    const bench = await FilesBench.start();
    const part = 'a'.repeat(240);
    const path = `/${Array(13).fill(part).join('/')}`;
    await mkdir(join(bench.drive, path), { recursive: true });
    const names = Array.from({ length: 90 }, (_, at) => `${String(at).padStart(3, '0')}${'"'.repeat(240)}`);
    await Promise.all(names.map((name) => writeFile(join(bench.drive, path, name), '')));
    const pages = await allPages(bench, path);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(names);
    for (const answer of bench.answers)
      expect(Buffer.byteLength(`0.authentik.list.${JSON.stringify(answer)}`)).toBeLessThanOrEqual(128 * 1024);
  });

  it('leaves out links, FIFOs, and names that cannot be told', async () => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'plain'), '');
    await writeFile(join(bench.drive, 'bell\u0007'), '');
    await writeFile(join(bench.drive, 'back\\slash'), '');
    await writeFile(Buffer.concat([Buffer.from(`${bench.drive}/`), Buffer.from([0xff, 0xfe])]), '');
    await symlink('/etc/passwd', join(bench.drive, 'link'));
    execFileSync('mkfifo', [join(bench.drive, 'fifo')]);
    expect((await bench.list()).entries?.map(({ name }) => name)).toEqual(['plain']);
  });

  it.each([
    ['a file', '/plain', 404],
    ['nothing', '/nothing', 404],
    ['a link to a directory', '/link', 404],
    ['below a link', '/link/ssl', 404],
    ['a path that goes up', '/..', 400],
    ['a path with a slash at its end', '/folder/', 400],
  ])('of %s is refused', async (_, path, status) => {
    const bench = await FilesBench.start();
    await writeFile(join(bench.drive, 'plain'), '');
    await symlink('/etc', join(bench.drive, 'link'));
    expect(await bench.list(path)).toMatchObject({ status, entries: [] });
  });

  it('is refused with a cursor that is no name', async () => {
    const bench = await FilesBench.start();
    for (const cursor of ['a/b', '..', 'a\\b', 'a\u0000'])
      expect((await bench.list('/', cursor)).status).toBe(400);
  });
});

async function allPages(bench: FilesBench, path: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor = ''; pages.length < 50; ) {
    const answer = await bench.list(path, cursor);
    if (answer.status !== 200) throw new Error(`It was refused with ${answer.status}.`);
    pages.push((answer.entries ?? []).map(({ name }) => name));
    cursor = answer.cursor ?? '';
    if (cursor === '') break;
  }
  return pages;
}
