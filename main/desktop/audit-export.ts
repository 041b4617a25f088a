import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AuditEntry } from '../core/audit-event.ts';
import { type AuditSearch, wantedBy } from '../core/audit-search.ts';
import { SallyportError } from '../core/errors.ts';
import { journalLine } from './journal-line.ts';

/** Entries of one request: what is held in memory at a time. */
const PAGE = 500;

/** The newest `limit` entries before entry `before`, newest first. */
export type ReadEntries = (limit: number, before?: number) => Promise<readonly AuditEntry[]>;

/**
 * Writes the journal's lines to a file, oldest first, those alone that are looked for; an old file is replaced when
 * all are on the disk. Resolves with how many there are. Rejects as `read` does, with `disk-full` or
 * `file-unwritable`; then the old file is as it was.
 */
export async function exportJournal(path: string, read: ReadEntries, search: AuditSearch): Promise<number> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const file = await open(temporary, 'wx', 0o600);
    const count = await fill(file, read, search).finally(() => file.close());
    await rename(temporary, path);
    return count;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw SallyportError.from(error, path, 'file-unwritable');
  }
}

async function fill(file: FileHandle, read: ReadEntries, search: AuditSearch): Promise<number> {
  const wanted = wantedBy(search);
  const [newest] = await read(1);
  const last = newest?.n ?? 0;
  let written = 0;
  for (let from = await oldest(read, last); from <= last; from += PAGE) {
    const page = await read(PAGE, Math.min(from + PAGE, last + 1));
    const lines = page
      .filter((entry) => entry.n >= from && wanted(entry))
      .map(journalLine)
      .reverse();
    if (lines.length === 0) continue;
    await file.appendFile(`${lines.join('\n')}\n`);
    written += lines.length;
  }
  await file.sync();
  return written;
}

/** The number of the first entry that is still there: older files of the journal may have been taken away. */
async function oldest(read: ReadEntries, last: number): Promise<number> {
  let [gone, there] = [0, last];
  while (there - gone > 1) {
    const middle = Math.floor((gone + there) / 2);
    const [found] = await read(1, middle + 1);
    if (found === undefined) gone = middle;
    else there = Math.min(middle, found.n);
  }
  return Math.max(1, there);
}
