import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { type FileLine, linesBefore, linesFrom } from '../../../main/core/offline/audit/file-lines.ts';
import { HandOver } from '../../../main/core/offline/audit/hand-over.ts';
import { GENESIS } from '../../../main/core/offline/audit/line.ts';
import { JournalReader } from '../../../main/core/offline/audit/read.ts';
import { exportJournal } from '../../../main/desktop/audit-export.ts';
import { folder } from '../settings/folder.ts';
import { countReads, type Reads } from './count-reads.ts';
import { changed, opened, until, written } from './fixture.ts';

const FILE = 'journal-000000000001.jsonl';
const ENTRIES = 12_000;

let reads: Reads | undefined;
afterEach(() => reads?.stop());

async function collected(blocks: AsyncGenerator<readonly FileLine[]>): Promise<FileLine[][]> {
  const all: FileLine[][] = [];
  for await (const lines of blocks) all.push([...lines]);
  return all;
}

describe('the lines of a file', () => {
  const TEXT = 'eins\n\n😀 zwei\nein Wort, länger als ein Stück\nfünf\ntorn 😀';
  const LINES = TEXT.split('\n').slice(0, -1);

  it('are the same from both ends, wherever the pieces that are read are cut', async () => {
    const path = join(await folder(), 'lines');
    await writeFile(path, TEXT);
    const bytes = await readFile(path);
    for (let chunk = 1; chunk <= bytes.length + 1; chunk += 1) {
      const forwards = (await collected(linesFrom(path, 0, chunk))).flat();
      const backwards = (await collected(linesBefore(path, undefined, chunk))).reverse().flat();
      expect(forwards.map(({ text }) => text)).toEqual(LINES);
      expect(backwards).toEqual(forwards);
      for (const { text, start, end } of forwards)
        expect(bytes.toString('utf8', start, end)).toBe(`${text}\n`);
      // From each line on, and before each line.
      for (const [index, { start }] of forwards.entries()) {
        expect((await collected(linesFrom(path, start, chunk))).flat()).toEqual(forwards.slice(index));
        expect((await collected(linesBefore(path, start, chunk))).reverse().flat()).toEqual(
          forwards.slice(0, index),
        );
      }
    }
  });

  it('are none in an empty file, and one without end is no journal', async () => {
    const path = join(await folder(), 'lines');
    await writeFile(path, '');
    expect((await collected(linesFrom(path))).flat()).toEqual([]);
    expect((await collected(linesBefore(path))).flat()).toEqual([]);
    await writeFile(path, 'x'.repeat(2 * 1024 * 1024));
    await expect(collected(linesFrom(path))).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(collected(linesBefore(path))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe('whoever reads the journal a piece at a time', () => {
  it('reads each byte about once: the export, those who scroll, and the hand-over', async () => {
    const dir = await folder();
    await written(dir, ENTRIES);
    const { size } = await stat(join(dir, FILE));
    const reader = new JournalReader(dir);
    reads = await countReads();

    const pages = ENTRIES / 500;
    const path = join(await folder(), 'exported');
    expect(await exportJournal(path, (from, limit) => reader.page(from, limit), {})).toBe(ENTRIES);
    expect((await readFile(path)).equals(await readFile(join(dir, FILE)))).toBe(true);
    // Pieces at a page's end are read again with the next page; the file for each page would be far more.
    expect(reads.take()).toBeLessThan(3 * size);
    expect(pages).toBeGreaterThan(20);

    let before: number | undefined;
    let seen = 0;
    for (;;) {
      const page = await reader.recent(500, before);
      seen += page.length;
      before = page.at(-1)?.n;
      if (page.length < 500) break;
    }
    expect(seen).toBe(ENTRIES);
    expect(reads.take()).toBeLessThan(3 * size);

    const journal = await opened(dir);
    const over = await HandOver.open({
      folder: dir,
      journal,
      mark: { n: ENTRIES - 1, hash: GENESIS },
      send: async () => {},
      isOnline: () => true,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
    });
    over.look();
    await until(() => over.status.waiting === 0);
    reads.take();
    for (let index = 0; index < 50; index += 1) {
      journal.record(changed(`one more ${index}`));
      await journal.flush();
      await until(() => over.status.waiting === 0);
    }
    // Fifty new entries, and not once the file.
    expect(reads.take()).toBeLessThan(size / 4);
    await over.end();
    await journal.end();
  });

  it('finds what is there where the file is not what it was when it was there before', async () => {
    const dir = await folder();
    await written(dir, 300);
    const path = join(dir, FILE);
    const reader = new JournalReader(dir);
    const numbers = (entries: readonly { readonly n: number }[]) => entries.map(({ n }) => n);
    expect(numbers(await reader.page(1, 100)).at(-1)).toBe(100);
    expect(numbers(await reader.recent(100)).at(-1)).toBe(201);
    // Every line is elsewhere now: further on, or nearer.
    const text = await readFile(path, 'utf8');
    for (const first of ['machine 0, and much more', 'm']) {
      await writeFile(path, text.replace('machine 0', first));
      expect(numbers(await reader.page(101, 2))).toEqual([101, 102]);
      expect(numbers(await reader.recent(2, 201))).toEqual([200, 199]);
    }
    // Or it ends before the place.
    await writeFile(path, text.split('\n').slice(0, 50).join('\n').concat('\n'));
    expect(numbers(await reader.page(103, 2))).toEqual([]);
    expect(numbers(await reader.recent(2, 199))).toEqual([50, 49]);
  });
});
