import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditEvent } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { HandOver, readMark } from '../../../main/core/offline/audit/hand-over.ts';
import { AuditJournal, type JournalOptions } from '../../../main/core/offline/audit/journal.ts';
import { SEGMENT_BYTES } from '../../../main/core/offline/audit/segments.ts';
import { folder } from '../settings/folder.ts';
import { turnsDuring } from '../turns.ts';

const changed = (machine: string): AuditEvent => ({ kind: 'machine-changed', machine });

async function opened(dir: string, options: Partial<JournalOptions> = {}): Promise<AuditJournal> {
  return AuditJournal.open({
    folder: dir,
    maxBytes: 64 * 1024 * 1024,
    logger: silentLogger,
    onProblem: () => {},
    mark: null,
    ...options,
  });
}

/** Writes so many events and closes the journal. */
async function written(dir: string, count: number): Promise<void> {
  const journal = await opened(dir);
  for (let index = 0; index < count; index += 1) journal.record(changed(`machine ${index}`));
  await journal.end();
}

async function segments(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).sort();
}

async function all(journal: AuditJournal): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const { entry } of journal.entries(1)) entries.push(entry);
  return entries;
}

async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

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
    for await (const one of journal.entries(3)) last.push(one);
    await journal.end();
    const mark = { n: 3, hash: last[0]?.hash ?? '' };
    const whole = await opened(dir, { mark });
    expect(whole.problems).toEqual([]);
    await whole.end();
    const path = join(dir, 'journal-000000000001.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await truncate(path, Buffer.byteLength(`${lines.slice(0, 2).join('\n')}\n`));
    const cut = await opened(dir, { mark });
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
    const recent = await journal.recent(20_000);
    expect(recent.length).toBeLessThan(13_000);
    expect(recent[0]?.n).toBe(13_000);
    for (const [index, entry] of recent.entries()) expect(entry.n).toBe(13_000 - index);
    await journal.end();
    const again = await opened(dir);
    expect(again.problems).toEqual([]);
    expect(again.newest).toBe(13_000);
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
    await mkdir(dir);
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
    expect((await turnsDuring(() => journal.recent(1, undefined, () => false))).turns).toBeGreaterThan(10);
    await journal.end();
  });
});

describe('handing over', () => {
  interface Told {
    readonly n: number;
    readonly hash: string;
  }

  async function handOver(
    dir: string,
    journal: AuditJournal,
    send: (entry: AuditEntry, hash: string, signal: AbortSignal) => void | Promise<void>,
    online = () => true,
  ) {
    const told: Told[] = [];
    const over = new HandOver({
      folder: dir,
      journal,
      mark: await readMark(dir),
      send: async (entry, hash, signal) => {
        await send(entry, hash, signal);
        told.push({ n: entry.n, hash });
      },
      isOnline: online,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
      retryMs: 5,
    });
    return { over, told };
  }

  it('tells in order and once, also after restarts and failures', async () => {
    const dir = await folder();
    const heard: number[] = [];
    let failures = 0;
    const send = (entry: AuditEntry) => {
      failures += 1;
      if (failures % 7 === 0) throw new SallyportError('http-status', 'authentik answered 502.');
      heard.push(entry.n);
    };
    for (let turn = 0; turn < 4; turn += 1) {
      const journal = await opened(dir, { mark: await readMark(dir) });
      const { over } = await handOver(dir, journal, send);
      for (let index = 0; index < 25; index += 1) journal.record(changed(`${turn} ${index}`));
      await until(() => over.status.upTo >= 25 * turn + 10);
      await over.end();
      await journal.end();
      expect(journal.problems).toEqual([]);
    }
    const journal = await opened(dir, { mark: await readMark(dir) });
    const { over } = await handOver(dir, journal, send);
    over.look();
    await until(() => over.status.waiting === 0);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    await over.end();
    await journal.end();
  });

  it('waits at its end for the answer that is on its way, and tells nothing twice', async () => {
    const dir = await folder();
    const taken: number[] = [];
    for (let turn = 1; turn <= 4; turn += 1) {
      const journal = await opened(dir, { mark: await readMark(dir) });
      // authentik has the event at once, and its answer takes a while.
      const { over } = await handOver(dir, journal, async ({ n }, _, signal) => {
        taken.push(n);
        await delay(100, undefined, { signal });
      });
      for (let index = 0; index < 3; index += 1) journal.record(changed(`${turn} ${index}`));
      const before = taken.length;
      await until(() => taken.length > before);
      await over.end();
      await journal.end();
      expect((await readMark(dir)).n).toBe(taken.at(-1));
    }
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('catches up after a week: of ten thousand entries those for authentik, once and in order', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    let online = false;
    const { over, told } = await handOver(
      dir,
      journal,
      () => {},
      () => online,
    );
    const all = 10_000;
    // authentik knows of its own sessions, which are the most of what a week brings.
    for (let index = 1; index <= all; index += 1)
      journal.record(index % 40 === 0 ? changed(`${index}`) : { kind: 'outpost-started', version: '1' });
    await journal.flush();
    expect(over.status).toEqual({ upTo: 0, waiting: all, failure: null });
    online = true;
    over.look();
    await until(() => over.status.waiting === 0);
    expect(told.map(({ n }) => n)).toEqual(Array.from({ length: all / 40 }, (_, index) => 40 * (index + 1)));
    await over.end();
    await journal.end();
  });

  it('passes over what authentik takes at no price, says so, and tells the rest', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    let asked = 0;
    const { over, told } = await handOver(dir, journal, ({ n }) => {
      if (n !== 2) return;
      asked += 1;
      throw new SallyportError('api-refused', 'authentik answered 400.');
    });
    for (const machine of ['a', 'b', 'c']) journal.record(changed(machine));
    await until(() => over.status.upTo === 4);
    expect(told.map(({ n }) => n)).toEqual([1, 3, 4]);
    expect(asked).toBe(5);
    expect((await all(journal))[3]?.event).toEqual({
      kind: 'hand-over-refused',
      entry: 2,
      failure: 'authentik answered 400.',
    });
    await over.end();
    await journal.end();
  });

  it('says nothing of what authentik knows by itself', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    const { over, told } = await handOver(dir, journal, () => {});
    const session = { session: 'a', protocol: 'ssh', user: null, machine: 'm', recorded: false } as const;
    journal.record({ kind: 'outpost-started', version: '1' });
    journal.record({ kind: 'session-opened', source: 'authentik', ...session });
    journal.record({ kind: 'session-opened', source: 'local', ...session });
    await until(() => over.status.upTo === 3);
    expect(told.map(({ n }) => n)).toEqual([3]);
    await over.end();
    await journal.end();
  });
});
