import { readdir } from 'node:fs/promises';
import type { AuditEntry, AuditEvent } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { AuditJournal, type JournalOptions } from '../../../main/core/offline/audit/journal.ts';

export const changed = (machine: string): AuditEvent => ({ kind: 'machine-changed', machine });

export async function opened(dir: string, options: Partial<JournalOptions> = {}): Promise<AuditJournal> {
  return AuditJournal.open({
    folder: dir,
    maxBytes: 64 * 1024 * 1024,
    logger: silentLogger,
    onProblem: () => {},
    known: [],
    told: () => 0,
    ...options,
  });
}

/** Writes so many events and closes the journal. */
export async function written(dir: string, count: number): Promise<void> {
  const journal = await opened(dir);
  for (let index = 0; index < count; index += 1) {
    journal.record(changed(`machine ${index}`));
    // More than wait would be dropped.
    if (index % 5_000 === 4_999) await journal.flush();
  }
  await journal.end();
}

/** Names of the journal's files, oldest first. */
export async function segments(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).sort();
}

export async function all(journal: AuditJournal): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const { entry } of journal.reader.from(1)) entries.push(entry);
  return entries;
}

export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
