import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeGuardedDirectory, makePrivateDirectory } from '../../../main/core/settings/private-directory.ts';
import { WishStore } from '../../../main/core/settings/wish.ts';
import { folder, refusalOf } from './folder.ts';

describe('the remembered wish', () => {
  it('survives a restart of the process, the last one counts, and it is to run where there never was one', async () => {
    const dir = await folder();
    expect(await new WishStore(dir).read()).toBe('run');
    const store = new WishStore(dir);
    await Promise.all([store.write('run'), store.write('stop')]);
    expect(await new WishStore(dir).read()).toBe('stop');
    await store.write('run');
    expect(await new WishStore(dir).read()).toBe('run');
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', 'null', '{"version":1,"wish":"fly"}', '{"version":2,"wish":"stop"}', '{"wish":"stop"}'])(
    'that cannot be read (%j) is kept aside and told, and the outpost runs',
    async (text) => {
      const dir = await folder();
      await writeFile(join(dir, 'wish.json'), text);
      const store = new WishStore(dir);
      expect(await store.read()).toBe('run');
      const [aside = ''] = await readdir(dir);
      expect(aside).toMatch(/^wish\.json\.damaged-/);
      expect(store.warnings).toMatchObject([
        { message: expect.stringContaining(aside), advice: expect.stringContaining('sallyport stop') },
      ]);
      await store.write('stop');
      expect(await new WishStore(dir).read()).toBe('stop');
    },
  );

  it('that is no file or far too long is told, and the outpost runs', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'wish.json'));
    const store = new WishStore(dir);
    expect(await store.read()).toBe('run');
    expect(store.warnings[0]?.message).toContain('is a directory');
    const other = await folder();
    await writeFile(join(other, 'wish.json'), ' '.repeat(5_000));
    const long = new WishStore(other);
    expect(await long.read()).toBe('run');
    expect(long.warnings[0]?.message).toContain('longer than 4096 bytes');
  });

  it('that cannot be written is refused, and the next one is tried all the same', async () => {
    const dir = await folder();
    const store = new WishStore(join(dir, 'none'));
    await refusalOf(store.write('stop'), 'file-unwritable');
    await mkdir(join(dir, 'none'));
    await store.write('stop');
    expect(await store.read()).toBe('stop');
  });
});

describe('a private directory', () => {
  it('is made with all above it, for its owner alone', async () => {
    const dir = join(await folder(), 'a', 'b');
    const before = process.umask(0);
    try {
      expect(await makePrivateDirectory(dir)).toBeNull();
    } finally {
      process.umask(before);
    }
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, '..'))).mode & 0o777).toBe(0o700);
  });

  it('in a place where others can make one too is refused where it is open, or a link', async () => {
    const dir = await folder();
    const mine = join(dir, 'mine');
    await makeGuardedDirectory(mine);
    await makeGuardedDirectory(mine);
    await symlink(mine, join(dir, 'link'));
    expect((await refusalOf(makeGuardedDirectory(join(dir, 'link')), 'file-unwritable')).message).toContain(
      'is a link',
    );
    await mkdir(join(dir, 'open'), { mode: 0o777 });
    expect((await refusalOf(makeGuardedDirectory(join(dir, 'open')), 'file-unwritable')).message).toContain(
      'can be entered by other users',
    );
    await writeFile(join(dir, 'file'), '');
    await refusalOf(makeGuardedDirectory(join(dir, 'file')), 'file-unwritable');
  });
});
