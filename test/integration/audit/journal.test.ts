import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/core/audit-event.ts';
import { SEGMENT_BYTES } from '../../../main/core/offline/audit/segments.ts';
import { folder } from '../settings/folder.ts';
import { turnsDuring } from '../turns.ts';
import { all, changed, opened, segments, until, written } from './fixture.ts';

describe('the journal', () => {
  it('keeps a chain of lines over restarts', async () => {
    const dir = await folder();
    await written(dir, 3);
    await written(dir, 2);
    const journal = await opened(dir);
    const entries = await all(journal);
    expect(entries.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(entries.map(({ previous }) => previous)).size).toBe(5);
    expect(journal.problems).toEqual([]);
    await journal.end();
  });

  it('keeps nothing that authentik’s database would refuse', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    journal.record(changed('a\0b\ud83dc\u001b[2J 😀\n'));
    journal.record(changed(`${'x'.repeat(1023)}😀`));
    await journal.flush();
    const [first, second] = await all(journal);
    expect(first?.event).toMatchObject({ machine: 'a\uFFFDb\uFFFDc\uFFFD[2J 😀\n' });
    expect(second?.event).toMatchObject({ machine: `${'x'.repeat(1023)}\uFFFD…` });
    await journal.end();
  });

  it('cuts long texts, and keeps none with a line break in it', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    journal.record(changed(`a\nb${'x'.repeat(100_000)}`));
    await journal.flush();
    const [entry] = await all(journal);
    expect(entry?.event).toMatchObject({ machine: expect.stringMatching(/^a\nb/) });
    expect((await readFile(join(dir, 'journal-000000000001.jsonl'), 'utf8')).split('\n')).toHaveLength(2);
    await journal.end();
  });

  it.each([
    [
      'a word is changed',
      (text: string) => text.replace('machine 1', 'machine 9'),
      'changed after it was written',
    ],
    [
      'a line is taken out',
      (text: string) => text.split('\n').toSpliced(1, 1).join('\n'),
      'entry 3 follows entry 1',
    ],
    ['a line is doubled', (text: string) => text.replace(/^(.*)\n/, '$1\n$1\n'), 'entry 1 follows entry 1'],
    [
      'two lines change places',
      (text: string) => text.replace(/^(.*\n)(.*\n)(.*\n)/, '$1$3$2'),
      'entry 3 follows entry 1',
    ],
    ['a line is no entry', (text: string) => text.replace(/\n.*\n/, '\n{}\n'), 'is no entry'],
    [
      'the beginning is gone',
      (text: string) => text.split('\n').slice(1).join('\n'),
      'entry 2 follows entry 0',
    ],
  ])('says so at the next start when %s, and goes on', async (_, change, words) => {
    const dir = await folder();
    await written(dir, 4);
    const path = join(dir, 'journal-000000000001.jsonl');
    const before = change(await readFile(path, 'utf8'));
    await writeFile(path, before);
    const journal = await opened(dir);
    expect(journal.problems).toMatchObject([
      { code: 'journal-broken', message: expect.stringContaining(words) },
    ]);
    await journal.flush();
    const entries = await all(journal);
    expect(entries.at(-1)?.event).toMatchObject({ kind: 'journal-found' });
    // Reported, never repaired.
    expect((await readFile(path, 'utf8')).startsWith(before)).toBe(true);
    await journal.end();
  });

  it('keeps a torn end beside it and loses no whole line', async () => {
    const dir = await folder();
    await written(dir, 3);
    const path = join(dir, 'journal-000000000001.jsonl');
    await appendFile(path, '{"n":4,"at":"2026-0');
    const journal = await opened(dir);
    expect(journal.problems).toEqual([]);
    await journal.flush();
    const entries = await all(journal);
    expect(entries.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(entries[3]?.event).toMatchObject({
      kind: 'journal-found',
      problem: expect.stringContaining('torn-after-3'),
    });
    const aside = (await readdir(dir)).find((name) => name.startsWith('torn-after-3'));
    expect(await readFile(join(dir, aside ?? ''), 'utf8')).toBe('{"n":4,"at":"2026-0');
    await journal.end();
    const again = await opened(dir);
    expect(again.problems).toEqual([]);
    await again.end();
  });

  it('loses no whole line where it was torn in the middle of a character', async () => {
    const dir = await folder();
    await written(dir, 3);
    const path = join(dir, 'journal-000000000001.jsonl');
    const whole = await readFile(path);
    const torn = Buffer.from('{"n":4,"event":{"machine":"Größe 🚪').subarray(0, -1);
    await appendFile(path, torn);
    const journal = await opened(dir);
    await journal.flush();
    expect(journal.problems).toEqual([]);
    expect((await all(journal)).map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect((await readFile(path)).subarray(0, whole.length)).toEqual(whole);
    const aside = (await readdir(dir)).find((name) => name.startsWith('torn-after-3'));
    expect(await readFile(join(dir, aside ?? ''))).toEqual(torn);
    await journal.end();
  });

  it('notices that its end was cut off, by what authentik was told of', async () => {
    const dir = await folder();
    await written(dir, 3);
    const journal = await opened(dir);
    const last: { entry: AuditEntry; hash: string }[] = [];
    for await (const one of journal.reader.from(3)) last.push(one);
    await journal.end();
    const known = [{ n: 3, hash: last[0]?.hash ?? '', by: 'authentik' }] as const;
    const whole = await opened(dir, { known });
    expect(whole.problems).toEqual([]);
    await whole.end();
    const path = join(dir, 'journal-000000000001.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await truncate(path, Buffer.byteLength(`${lines.slice(0, 2).join('\n')}\n`));
    const cut = await opened(dir, { known });
    expect(cut.problems[0]?.message).toContain('entry 3, which authentik has been told of, is missing');
    await cut.end();
  });

  it('cuts itself into files, whose oldest go first, and is read over their borders', async () => {
    const dir = await folder();
    const journal = await opened(dir, { maxBytes: SEGMENT_BYTES * 3 });
    const long = 'x'.repeat(1000);
    for (let index = 0; index < 13_000; index += 1) {
      journal.record(changed(`${index} ${long}`));
      if (index % 1_000 === 0) await journal.flush();
    }
    await journal.flush();
    expect((await segments(dir)).length).toBeGreaterThan(1);
    const recent = await journal.reader.recent(20_000);
    const { oldest, newest } = journal;
    expect(oldest).toBeGreaterThan(1);
    expect(recent.map(({ n }) => n)).toEqual(
      Array.from({ length: newest.n - oldest + 1 }, (_, index) => newest.n - index),
    );
    await journal.end();
    const again = await opened(dir);
    expect(again.problems).toEqual([]);
    expect(again.newest).toEqual(newest);
    expect(again.oldest).toBe(oldest);
    await again.end();
  });

  it('says so when its file is deleted under it, and goes on in a new one', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    journal.record(changed('one'));
    await journal.flush();
    await rm(join(dir, 'journal-000000000001.jsonl'));
    journal.record(changed('two'));
    await journal.flush();
    const entries = await all(journal);
    expect(entries.map(({ n }) => n)).toEqual([2, 3]);
    expect(entries[1]?.event).toMatchObject({
      kind: 'journal-found',
      problem: expect.stringContaining('deleted'),
    });
    await journal.end();
  });

  it('goes on with everything that waited when the disk takes nothing for a while', async () => {
    const dir = await folder();
    let told = 0;
    const journal = await opened(dir, { retryMs: 10, onProblem: () => (told += 1) });
    await rm(dir, { recursive: true });
    await writeFile(dir, 'in its place');
    journal.record(changed('one'));
    journal.record(changed('two'));
    await until(() => journal.problems.length > 0);
    expect(journal.problems[0]?.code).toBe('file-unwritable');
    await rm(dir);
    await until(() => journal.problems.length === 0);
    expect((await all(journal)).map(({ event }) => 'machine' in event && event.machine)).toEqual([
      'one',
      'two',
    ]);
    expect(told).toBe(2);
    await journal.end();
  });
});

describe('a long journal', () => {
  it('is searched and verified without keeping anything else from its turn', async () => {
    const dir = await folder();
    await written(dir, 30_000);
    const opening = await turnsDuring(() => opened(dir));
    expect(opening.turns).toBeGreaterThan(10);
    const journal = opening.value;
    expect((await turnsDuring(() => journal.reader.recent(1, undefined, () => false))).turns).toBeGreaterThan(
      10,
    );
    await journal.end();
  });
});
