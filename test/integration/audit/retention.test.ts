import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { HandOver } from '../../../main/core/offline/audit/hand-over.ts';
import type { AuditJournal, JournalOptions } from '../../../main/core/offline/audit/journal.ts';
import { GENESIS } from '../../../main/core/offline/audit/line.ts';
import { folder } from '../settings/folder.ts';
import { all, changed, opened, segments, until } from './fixture.ts';

const SMALL = { segmentBytes: 4_000, maxBytes: 16_000 } as const;
const LONG = 'x'.repeat(400);

/** Entries of some 500 bytes each, a few at a time: about eight make a file. */
async function fill(journal: AuditJournal, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    journal.record(changed(`${index} ${LONG}`));
    if (index % 4 === 0 || index === count) await journal.flush();
  }
}

const trimmings = async (journal: AuditJournal) =>
  (await all(journal)).flatMap(({ n, event }) => (event.kind === 'journal-trimmed' ? [{ n, event }] : []));

async function grown(dir: string, count: number, options: Partial<JournalOptions> = {}) {
  const journal = await opened(dir, { ...SMALL, ...options });
  await fill(journal, count);
  await journal.end();
  return journal;
}

describe('a journal that has become too large', () => {
  it('says what it removes before it does, and how much of that authentik never heard of', async () => {
    const dir = await folder();
    const journal = await opened(dir, { ...SMALL, told: () => 5 });
    journal.record({ kind: 'outpost-started', version: '1' });
    await fill(journal, 60);
    const said = await trimmings(journal);
    const first = Number((await segments(dir))[0]?.slice(8, -6));
    expect(said.length).toBeGreaterThan(1);
    expect(said.at(-1)?.event.first).toBe(first);
    expect(journal.oldest).toBe(first);
    expect((await all(journal))[0]?.n).toBe(first);
    await journal.end();
    const again = await opened(dir, SMALL);
    expect(again.problems).toEqual([]);
    expect(again.oldest).toBe(first);
    await again.end();
  });

  it('counts of what it removes what authentik should have been told of and was not', async () => {
    const dir = await folder();
    const journal = await opened(dir, { ...SMALL, told: () => 3 });
    for (let index = 0; index < 40; index += 1) {
      journal.record(index % 2 === 0 ? changed(LONG) : { kind: 'outpost-started', version: LONG });
      await journal.flush();
    }
    const [first] = await trimmings(journal);
    // Of entries 1, 3, 5 … it was told up to the third.
    expect(first?.event.untold).toBe(Math.floor(((first?.event.first ?? 0) - 1 - 3) / 2));
    await journal.end();
  });

  it('lets nobody wait for what is gone, and tells authentik that it never heard of it', async () => {
    const dir = await folder();
    let online = false;
    const told: { n: number; kind: string }[] = [];
    let over: HandOver | undefined;
    const journal = await opened(dir, { ...SMALL, told: () => over?.status.upTo ?? 0 });
    over = await HandOver.open({
      folder: dir,
      journal,
      mark: { n: 0, hash: GENESIS },
      send: async ({ n, event }) => {
        told.push({ n, kind: event.kind });
      },
      isOnline: () => online,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
    });
    let said = 0;
    journal.onEntry(({ event }) => {
      if (event.kind === 'journal-trimmed') said += 1;
    });
    await fill(journal, 60);
    const { newest, oldest } = journal;
    expect(over.status).toMatchObject({ upTo: 0, waiting: newest.n - oldest + 1 });
    online = true;
    over.look();
    await until(() => over.status.waiting === 0);
    expect(told[0]?.n).toBe(oldest);
    const kept = await trimmings(journal);
    const untold = kept.reduce((sum, { event }) => sum + event.untold, 0);
    // All that went is in the words that are left, also what the words were about that went with it.
    expect(untold).toBe(oldest - 1 - (said - kept.length));
    expect(told.filter(({ kind }) => kind === 'journal-trimmed').length).toBeGreaterThan(0);
    // What authentik has been told of is removed without another word to it.
    const before = told.length;
    for (let index = 0; index < 30; index += 1) {
      await fill(journal, 1);
      await until(() => over.status.waiting === 0);
    }
    expect(journal.oldest).toBeGreaterThan(oldest);
    expect(told.slice(before).filter(({ kind }) => kind === 'journal-trimmed')).toEqual([]);
    await over.end();
    await journal.end();
  });

  it('tells authentik of nothing that it has said was never told', async () => {
    const dir = await folder();
    const told: number[] = [];
    let taken: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const journal = await opened(dir, SMALL);
    const over = await HandOver.open({
      folder: dir,
      journal,
      mark: { n: 0, hash: GENESIS },
      send: async ({ n }) => {
        told.push(n);
        await slow;
      },
      isOnline: () => true,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
    });
    // While authentik thinks about the first one, those behind it are removed: read, and not told yet.
    await fill(journal, 40);
    const { oldest } = journal;
    expect(oldest).toBeGreaterThan(2);
    taken();
    await until(() => over.status.waiting === 0);
    expect(told.slice(0, 2)).toEqual([1, oldest]);
    await over.end();
    await journal.end();
  });

  it('removes nothing before the word about it is on the disk', async () => {
    const dir = await folder();
    const journal = await opened(dir, { ...SMALL, retryMs: 5 });
    await fill(journal, 24);
    // The file that is begun next, and with it the first removal, cannot be made.
    let next = '';
    while (journal.problems.length === 0) {
      await rm(next, { recursive: true, force: true });
      next = join(dir, `journal-${String(journal.newest.n + 1).padStart(12, '0')}.jsonl`);
      await mkdir(next);
      await fill(journal, 1);
    }
    expect(journal.oldest).toBe(1);
    expect(await segments(dir)).toContain('journal-000000000001.jsonl');
    expect(await trimmings(journal)).toEqual([]);
    await rm(next, { recursive: true });
    await until(() => journal.problems.length === 0);
    expect(await trimmings(journal)).toMatchObject([{ event: { first: journal.oldest } }]);
    expect(await segments(dir)).not.toContain('journal-000000000001.jsonl');
    await journal.end();
  });

  it('is not broken where a crash came between the word and the removal, and removes it the next time', async () => {
    const dir = await folder();
    const journal = await opened(dir, SMALL);
    const kept = join(await folder(), 'kept');
    const path = join(dir, 'journal-000000000001.jsonl');
    await fill(journal, 1);
    while (journal.oldest === 1) {
      await copyFile(path, kept);
      await fill(journal, 1);
    }
    await journal.end();
    await copyFile(kept, path);
    const again = await opened(dir, SMALL);
    expect(again.problems).toEqual([]);
    expect(again.oldest).toBe(1);
    await fill(again, 20);
    expect(again.oldest).toBeGreaterThan(1);
    await again.end();
    const last = await opened(dir, SMALL);
    expect(last.problems).toEqual([]);
    await last.end();
  });
});

describe('files of the journal that somebody else', () => {
  const problemOf = async (dir: string, options: Partial<JournalOptions> = {}) => {
    const journal = await opened(dir, { ...SMALL, ...options });
    const said = journal.problems.map(({ message }) => message).join();
    await journal.flush();
    const entry = (await all(journal)).findLast(({ event }) => event.kind === 'journal-found');
    // Each break is said in both places, or in none.
    expect(entry !== undefined).toBe(said !== '');
    await journal.end();
    return said;
  };

  it.each([30, 60])('removed are missed: the oldest of %i entries', async (count) => {
    const dir = await folder();
    await grown(dir, count);
    expect(await problemOf(dir)).toBe('');
    const [oldest = ''] = await segments(dir);
    await rm(join(dir, oldest));
    expect(await problemOf(dir)).toMatch(
      /: entry \d+ is the first that is there, and what stood before it was not removed by the journal itself\.$/,
    );
  });

  it('removed are missed: one in the middle, and the newest', async () => {
    const dir = await folder();
    await grown(dir, 24);
    const names = await segments(dir);
    const middle = join(dir, names[1] ?? '');
    await rename(middle, `${middle}.away`);
    expect(await problemOf(dir)).toMatch(/should begin with entry \d+\.$/);
    await rename(`${middle}.away`, middle);

    const other = await folder();
    const end = await grown(other, 24);
    await rm(join(other, (await segments(other)).at(-1) ?? ''));
    expect(await problemOf(other, { known: [{ ...end.newest, by: 'last-run' }] })).toContain(
      `entry ${end.newest.n}, which was there when the outpost ran before, is missing`,
    );
  });

  it('renamed or swapped are noticed', async () => {
    const dir = await folder();
    await grown(dir, 24);
    const [one = '', two = '', three = ''] = await segments(dir);
    await rename(join(dir, two), join(dir, two.replace(/\d\./, '4.')));
    expect(await problemOf(dir)).toMatch(/the file journal-\d+\.jsonl should begin with entry \d+\.$/);

    const other = await folder();
    await grown(other, 24);
    await rename(join(other, two), join(other, 'swap'));
    await rename(join(other, three), join(other, two));
    await rename(join(other, 'swap'), join(other, three));
    expect(await problemOf(other)).toMatch(/entry \d+ follows entry \d+\.$/);
    expect(one).toBe('journal-000000000001.jsonl');
  });

  it('copied to a later name are noticed', async () => {
    const dir = await folder();
    await grown(dir, 24);
    const [one = ''] = await segments(dir);
    await copyFile(join(dir, one), join(dir, 'journal-000000000999.jsonl'));
    expect(await problemOf(dir)).toMatch(/journal-000000000999\.jsonl should begin with entry \d+\.$/);
  });
});
