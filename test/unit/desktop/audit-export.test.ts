import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/core/audit-event.ts';
import { exportJournal, type ReadEntries } from '../../../main/desktop/audit-export.ts';
import { hashed, journalLine } from '../../../main/desktop/journal-line.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A journal whose first entries have been taken away, and how many of its entries were held at once. */
function journal(first: number, last: number) {
  let most = 0;
  let asked = 0;
  const entries: AuditEntry[] = [];
  for (let n = 1, previous = '0'.repeat(64); n <= last; n += 1) {
    const entry = { n, at: 'now', previous, event: { kind: 'machine-added', machine: `m ${n}` } } as const;
    previous = hashed(entry).hash;
    if (n >= first) entries.push(entry);
  }
  const read: ReadEntries = async (from, limit) => {
    asked += 1;
    const found = entries.filter(({ n }) => n >= from).slice(0, limit);
    most = Math.max(most, found.length);
    return found;
  };
  return { read, most: () => most, asked: () => asked };
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

describe('the export of the journal', () => {
  it.each([
    [1, 1],
    [1, 500],
    [1, 501],
    [4_217, 6_300],
    [2_000, 2_000],
  ])('writes entries %i to %i in order, a page at a time, so that the chain holds', async (first, last) => {
    const { read, most, asked } = journal(first, last);
    expect(await exportJournal(path, read, {})).toBe(last - first + 1);
    const lines = linesOf(path);
    expect(JSON.parse(lines[0] ?? '').n).toBe(first);
    for (const [index, line] of lines.entries()) {
      const next = lines[index + 1];
      if (next === undefined) continue;
      expect(JSON.parse(next).previous).toBe(createHash('sha256').update(line).digest('hex'));
    }
    expect(lines).toHaveLength(last - first + 1);
    expect(most()).toBeLessThanOrEqual(500);
    // Each page once, and one more where the last is full.
    expect(asked()).toBe(Math.floor((last - first + 1) / 500) + 1);
  });

  it('writes those alone that are looked for', async () => {
    const { read } = journal(1, 1_200);
    expect(await exportJournal(path, read, { text: 'm 11' })).toBe(111);
    expect(await exportJournal(path, read, { kinds: ['vault-locked'] })).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('is empty where nothing has happened', async () => {
    expect(await exportJournal(path, async () => [], {})).toBe(0);
  });

  it('leaves an old file as it was where the outpost goes away in the middle', async () => {
    writeFileSync(path, 'old');
    const { read } = journal(1, 1_200);
    let asked = 0;
    const broken: ReadEntries = (from, limit) => {
      asked += 1;
      return asked > 2 ? Promise.reject(new Error('gone')) : read(from, limit);
    };
    await expect(exportJournal(path, broken, {})).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['journal.jsonl']);
  });

  it('knows a line by its entry', () => {
    const line =
      '{"n":1,"at":"now","previous":"00","event":{"kind":"machine-added","machine":"ü \\u0001 😀"}}';
    expect(journalLine(JSON.parse(line))).toBe(line);
  });
});
