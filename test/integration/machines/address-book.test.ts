import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressBook } from '../../../main/core/offline/machines/address-book.ts';
import { BACKUP_LIMITS } from '../../../main/core/offline/machines/backups.ts';
import { listMachines } from '../../../main/core/offline/machines/list.ts';
import { EMPTY_DRAFT, type MachineDraft } from '../../../main/core/offline/machines/machine.ts';

let folder: string;
const file = () => join(folder, 'machines.jsonl');
const backups = () => join(folder, 'backups');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sp-book-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function draft(name: string, change: Partial<MachineDraft> = {}): MachineDraft {
  return { ...EMPTY_DRAFT, name, host: `${name.replace(/ /g, '-')}.example.org`, ...change };
}

const asides = () => readdirSync(folder).filter((name) => name.includes('.damaged-'));

describe('the address book', () => {
  it('keeps what was put into it, for whoever opens it next', async () => {
    const book = await AddressBook.open(folder, { now: () => 1000 });
    const made = await book.put({
      id: null,
      draft: draft('web', { tags: ['a'], parameters: { 'font-size': '9' } }),
    });
    await book.put({ id: made.id, draft: { ...made, notes: 'new' } });
    const again = await AddressBook.open(folder);
    expect(again.machines).toEqual([{ ...made, notes: 'new' }]);
    expect(again.warnings).toEqual([]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(again.get(made.id).tags).toEqual(['a']);
    await again.change({ remove: [made.id] });
    expect((await AddressBook.open(folder)).machines).toEqual([]);
    expect(() => again.get(made.id)).toThrow(expect.objectContaining({ code: 'machine-not-found' }));
  });

  it('makes a change of any size as a whole, or not at all', async () => {
    const book = await AddressBook.open(folder);
    const changes: number[] = [];
    book.onChange(({ added, removed }) => changes.push(added.length, removed.length));
    const put = [draft('a'), draft('b', { port: 99_999 })].map((one) => ({ id: null, draft: one }));
    await expect(book.change({ put })).rejects.toMatchObject({ code: 'request-invalid' });
    await expect(
      book.change({ put: [{ id: null, draft: draft('a') }], remove: ['nobody'] }),
    ).rejects.toMatchObject({
      code: 'machine-not-found',
    });
    expect(book.machines).toEqual([]);
    expect(changes).toEqual([]);
    // Side by side, each sees what the other did.
    const made = await Promise.all(['a', 'b', 'c'].map((name) => book.put({ id: null, draft: draft(name) })));
    expect((await AddressBook.open(folder)).machines.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const { revision } = book;
    const [first] = made;
    await book.put({ id: first?.id ?? '', draft: draft('a') });
    expect(book.revision).toBe(revision);
  });

  it('keeps a line that cannot be read aside, names it, and loses no other', async () => {
    const book = await AddressBook.open(folder);
    for (const name of ['a', 'b', 'c']) await book.put({ id: null, draft: draft(name) });
    const lines = readFileSync(file(), 'utf8').split('\n');
    const torn = (lines[2] ?? '').slice(0, 90);
    lines[2] = torn;
    lines.splice(
      3,
      0,
      '\u0000\u0001 nonsense',
      '{"id":"x","name":"no port","host":"h","protocol":"ssh","port":-1}',
    );
    writeFileSync(file(), lines.join('\n'));
    const again = await AddressBook.open(folder);
    expect(again.machines.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(again.warnings).toHaveLength(1);
    expect(again.warnings[0]?.message).toContain(
      '3 entries of the address book (b, no port) could not be read',
    );
    const [aside = ''] = asides();
    expect(again.warnings[0]?.message).toContain(aside);
    expect(readFileSync(join(folder, aside), 'utf8')).toContain(torn);
    // The file that was read is in the copies, byte for byte.
    const copies = readdirSync(backups()).map((name) => readFileSync(join(backups(), name), 'utf8'));
    expect(copies).toContain(lines.join('\n'));
    // It can go on, and the warning stays until somebody has acted.
    await again.put({ id: null, draft: draft('d') });
    const third = await AddressBook.open(folder);
    expect(third.machines.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
    expect(third.warnings).toHaveLength(1);
    rmSync(join(folder, aside));
    expect((await AddressBook.open(folder)).warnings).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['zeros, as after a power cut', '\u0000'.repeat(5000)],
    ['something else', 'PK\u0003\u0004 this is a zip'],
  ])('of which only %s is left is empty, and what was there is kept', async (_, content) => {
    writeFileSync(file(), content);
    const book = await AddressBook.open(folder);
    expect(book.machines).toEqual([]);
    expect(asides()).toHaveLength(content === '' ? 0 : 1);
    await book.put({ id: null, draft: draft('a') });
    expect((await AddressBook.open(folder)).machines).toHaveLength(1);
  });

  it('keeps both machines of a line that somebody copied', async () => {
    const book = await AddressBook.open(folder);
    await book.put({ id: null, draft: draft('a') });
    const text = readFileSync(file(), 'utf8');
    writeFileSync(file(), `${text}${text.split('\n')[1]}\n`);
    const again = await AddressBook.open(folder);
    expect(again.machines).toHaveLength(2);
    expect(new Set(again.machines.map(({ id }) => id)).size).toBe(2);
  });

  it('of a newer version is left as it is, and refuses changes with a sentence', async () => {
    const content = '{"sallyport":"machines","version":2}\n{"whatever":1}\n';
    writeFileSync(file(), content);
    const book = await AddressBook.open(folder);
    expect(book.warnings[0]).toMatchObject({ code: 'settings-newer' });
    await expect(book.put({ id: null, draft: draft('a') })).rejects.toMatchObject({ code: 'settings-newer' });
    expect(readFileSync(file(), 'utf8')).toBe(content);
  });

  it('that is no file refuses changes, and destroys nothing', async () => {
    mkdirSync(file());
    const book = await AddressBook.open(folder);
    expect(book.warnings).toHaveLength(1);
    await expect(book.put({ id: null, draft: draft('a') })).rejects.toThrow();
    expect(statSync(file()).isDirectory()).toBe(true);
  });

  it('stays as it was where the disk takes nothing', async () => {
    const book = await AddressBook.open(folder);
    const made = await book.put({ id: null, draft: draft('a') });
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    await expect(book.put({ id: made.id, draft: draft('changed') })).rejects.toMatchObject({
      code: expect.stringMatching(/^file-/),
    });
    expect(book.get(made.id).name).toBe('a');
    expect(book.revision).toBe(1);
  });

  it('is never written longer than it can be read again', async () => {
    const book = await AddressBook.open(folder, { maxBytes: 1000 });
    await book.put({ id: null, draft: draft('a') });
    await expect(book.put({ id: null, draft: draft('b', { notes: 'x'.repeat(800) }) })).rejects.toThrow(
      'more than 1000',
    );
    expect((await AddressBook.open(folder, { maxBytes: 1000 })).machines).toHaveLength(1);
    const small = await AddressBook.open(folder, { maxBytes: 10 });
    expect(small.warnings[0]?.message).toContain('longer than 10 bytes');
  });

  it('clears away what a crash in the middle of writing leaves', async () => {
    const left = join(folder, `.machines.jsonl.${2 ** 22 - 1}.0123456789ab.tmp`);
    writeFileSync(left, '{"half":');
    const book = await AddressBook.open(folder);
    expect(book.warnings).toEqual([]);
    expect(readdirSync(folder)).not.toContain(left);
  });

  it('holds thousands, finds among them and changes them', async () => {
    const book = await AddressBook.open(folder);
    const put = Array.from({ length: 5000 }, (_, at) => ({
      id: null,
      draft: draft(`web ${at}`, { group: `Site ${at % 20} / Rack`, tags: at % 2 === 0 ? ['even'] : [] }),
    }));
    await book.change({ put });
    const again = await AddressBook.open(folder);
    expect(again.machines).toHaveLength(5000);
    expect(listMachines(again.machines, { search: 'WEB 4999' })).toHaveLength(1);
    expect(listMachines(again.machines, { group: 'Site 1' })).toHaveLength(250);
    expect(listMachines(again.machines, { tag: 'even', search: 'site rack' })).toHaveLength(2500);
    // As people count, not as computers do.
    expect(again.machines.slice(0, 3).map(({ name }) => name)).toEqual(['web 0', 'web 20', 'web 40']);
    const [first] = again.machines;
    await again.put({ id: first?.id ?? '', draft: { ...draft('changed'), group: 'A' } });
    expect((await AddressBook.open(folder)).machines[0]?.name).toBe('changed');
  });
});

describe('copies of the address book', () => {
  const MINUTE = 60_000;

  it('are made before changes, together for those that follow closely', async () => {
    let now = Date.UTC(2026, 0, 1);
    const book = await AddressBook.open(folder, { now: () => now });
    const names = async (...more: string[]) => {
      for (const name of more) await book.put({ id: null, draft: draft(name) });
    };
    await names('a');
    await names('b');
    now += MINUTE;
    await names('c');
    expect(readdirSync(backups())).toHaveLength(1);
    now += 10 * MINUTE;
    await names('d');
    expect(readdirSync(backups())).toHaveLength(2);
    now += 1;
    await book.change({ remove: book.machines.map(({ id }) => id) });
    expect(readdirSync(backups())).toHaveLength(3);
    // The last copy has all that the removal took.
    const last = readdirSync(backups()).sort().pop() ?? '';
    expect(readFileSync(join(backups(), last), 'utf8').match(/"name"/g)).toHaveLength(4);
    // A clock that is set back by a day keeps nobody waiting for it.
    now -= 24 * 60 * MINUTE;
    await names('e');
    expect(readdirSync(backups())).toHaveLength(4);
  });

  it('are bounded: the newest, and the last of each of the days before', async () => {
    let now = Date.UTC(2026, 0, 1);
    const book = await AddressBook.open(folder, { now: () => now });
    for (let day = 0; day < 30; day += 1)
      for (let hour = 0; hour < 3; hour += 1) {
        now = Date.UTC(2026, 0, 1 + day, hour);
        await book.put({ id: null, draft: draft(`m${day}-${hour}`) });
      }
    const kept = readdirSync(backups()).sort();
    expect(kept.length).toBeLessThanOrEqual(BACKUP_LIMITS.newest + BACKUP_LIMITS.days);
    const days = new Set(kept.map((name) => name.slice(0, 'machines-2026-01-01'.length)));
    expect(days.size).toBeGreaterThanOrEqual(BACKUP_LIMITS.days);
    for (const name of kept) expect(statSync(join(backups(), name)).mode & 0o077).toBe(0);
  });

  it('that cannot be made are said, and the change is made all the same', async () => {
    const book = await AddressBook.open(folder);
    await book.put({ id: null, draft: draft('a') });
    rmSync(backups(), { recursive: true, force: true });
    writeFileSync(backups(), 'in the way');
    await book.change({ put: [{ id: null, draft: draft('b') }], isLarge: true });
    expect(book.machines).toHaveLength(2);
    expect(book.warnings[0]?.message).toContain('No copy of the address book could be kept');
  });
});
