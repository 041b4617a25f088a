import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AuditEntry } from '../core/audit-event.ts';
import { type AuditSearch, wantedBy } from '../core/audit-search.ts';
import { SallyportError } from '../core/errors.ts';
import { journalLine } from './journal-line.ts';

/** Entries of one request: what is held in memory at a time. */
const PAGE = 500;

/** The oldest `limit` entries from entry `from` on, oldest first. */
export type ReadEntries = (from: number, limit: number) => Promise<readonly AuditEntry[]>;

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
  let written = 0;
  for (let from = 1; ; ) {
    const page = await read(from, PAGE);
    const lines = page.filter(wanted).map(journalLine);
    if (lines.length > 0) await file.appendFile(`${lines.join('\n')}\n`);
    written += lines.length;
    const last = page[page.length - 1];
    // What is written meanwhile comes with the last page, and ends it.
    if (last === undefined || page.length < PAGE) break;
    from = last.n + 1;
  }
  await file.sync();
  return written;
}
