import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../main/core/base/secret.ts';
import { noteGuacd } from '../../main/core/guacd/orphan.ts';
import { AddressBook } from '../../main/core/offline/machines/address-book.ts';
import { EMPTY_DRAFT } from '../../main/core/offline/machines/machine.ts';
import { Vault } from '../../main/core/offline/vault/vault.ts';
import { canMount, SmallDisk } from './small-disk.ts';

let disk: SmallDisk;
beforeEach(() => {
  disk = new SmallDisk(1);
});
afterEach(() => disk.remove());

const draft = (name: string) => ({ id: null, draft: { ...EMPTY_DRAFT, name, host: name } });
/** Whole pages, so that what is freed by one file does not happen to be room for another. */
const LONG = 'x'.repeat(8000);
const leftovers = async () =>
  (await readdir(disk.path, { recursive: true })).filter((name) => /\.(?:tmp|new)$/.test(name));

describe.skipIf(!canMount)('on a disk that is full (needs root, to mount a small one)', () => {
  it('the address book stays as it was, says why, and takes changes when there is room', async () => {
    const book = await AddressBook.open(disk.path);
    const [a = { id: '' }] = (await book.change({ put: [draft('a'), draft('b')] })).added;
    await disk.fill();
    const changes = [
      book.put({ id: a.id, draft: { ...EMPTY_DRAFT, name: 'a', host: 'a', notes: LONG } }),
      book.change({ put: [draft('c')], remove: [a.id] }),
    ];
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: 'disk-full' });
    expect(book.machines.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await AddressBook.open(disk.path)).machines).toEqual(book.machines);
    expect(await leftovers()).toEqual([]);
    await disk.clear();
    await book.put(draft('c'));
    expect((await AddressBook.open(disk.path)).machines).toHaveLength(3);
  });

  it('one damaged line takes no machine away, and is not lost', async () => {
    const file = join(disk.path, 'machines.jsonl');
    const before = await AddressBook.open(disk.path);
    await before.change({ put: ['a', 'b', 'c'].map(draft) });
    const lines = (await readFile(file, 'utf8')).split('\n');
    const torn = `${(lines[2] ?? '').slice(0, 90)}${LONG}`;
    lines[2] = torn;
    await writeFile(file, lines.join('\n'));
    await disk.fill();

    const book = await AddressBook.open(disk.path);
    expect(book.machines.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(book.warnings[0]).toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(
        /^An entry of the address book \(b\) cannot be read, and it could not be kept aside: .+\. Until that can be done the machines can be used, but none is added, changed or removed\.$/,
      ),
    });
    await expect(book.put(draft('d'))).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('could not be kept aside'),
    });
    expect(await readFile(file, 'utf8')).toBe(lines.join('\n'));
    expect(await leftovers()).toEqual([]);

    await disk.clear();
    await book.put(draft('d'));
    expect(book.warnings).toMatchObject([{ message: expect.stringContaining('was kept in') }]);
    const [aside = ''] = (await readdir(disk.path)).filter((name) => name.includes('.damaged-'));
    expect(await readFile(join(disk.path, aside), 'utf8')).toBe(`${torn}\n`);
    const again = await AddressBook.open(disk.path);
    expect(again.machines.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
    expect(again.warnings).toEqual(book.warnings);
  });

  it('the vault opens, keeps what it has, and takes more when there is room', async () => {
    const folder = join(disk.path, 'vault');
    const opener = { kind: 'key-file', path: join(disk.path, 'the.key') } as const;
    const vault = await Vault.open(folder, { minutes: () => 5 });
    await vault.create(opener);
    const named = (name: string) => ({ name, user: 'u', domain: '', password: new Secret(name.repeat(400)) });
    const kept = await vault.put(null, named('one'));
    vault.lock('asked');
    await disk.fill();

    await vault.unlock({ kind: 'key-file' });
    await expect(vault.put(null, named('two'))).rejects.toMatchObject({ code: 'disk-full' });
    await expect(vault.put(kept.id, named('changed'))).rejects.toMatchObject({ code: 'disk-full' });
    await expect(vault.change({ kind: 'key-file' }, opener)).rejects.toMatchObject({ code: 'disk-full' });
    const again = await Vault.open(folder, { minutes: () => 5 });
    await again.unlock({ kind: 'key-file' });
    for (const one of [vault, again]) {
      expect(one.credentials).toEqual([kept]);
      expect((await one.revealCredential(kept.id))?.password?.reveal()).toBe('one'.repeat(400));
    }
    expect(await leftovers()).toEqual([]);
    again.lock('asked');

    await disk.clear();
    await vault.put(null, named('two'));
    expect(vault.credentials.map(({ name }) => name)).toEqual(['one', 'two']);
    await Promise.all([vault.close(), again.close()]);
  });

  it.runIf(process.platform === 'linux')('the note of guacd leaves nothing half written', async () => {
    await disk.fill();
    await expect(noteGuacd(disk.path, process.pid)).rejects.toMatchObject({ code: 'disk-full' });
    expect(await readdir(disk.path)).toEqual(['filler']);
  });
});
