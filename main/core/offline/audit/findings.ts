import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import type { Logger } from '../../base/logger.ts';
import type { Failure } from '../../errors.ts';
import type { EventQueue } from './event-queue.ts';
import { type KnownMark, missingMark } from './mark.ts';
import type { Verified } from './verify.ts';

/* What is said at the start of a journal that is not as it was left. */

interface Found {
  readonly folder: string;
  readonly known: readonly KnownMark[];
  readonly logger: Logger;
}

/**
 * Keeps what follows the last whole line beside the journal. Gives the file to go on with. Rejects with
 * `file-unwritable`, or as files do; then nothing was taken off.
 */
export async function takeOffTorn(
  { torn, last, n }: Verified,
  { folder, logger }: Found,
  waiting: EventQueue,
): Promise<Verified['last']> {
  if (torn.length === 0 || last === null) return last;
  const aside = join(folder, `torn-after-${n}-${Date.now()}.txt`);
  await writeFileAtomic(aside, torn);
  const bytes = last.bytes - torn.length;
  await truncate(last.path, bytes);
  logger.log('warning', 'The journal ended in the middle of a line', { kept: aside });
  waiting.push({
    kind: 'journal-found',
    problem: `It ended in the middle of a line; that is kept in ${aside}.`,
  });
  return { ...last, bytes };
}

/** What is wrong with the chain, where something is: for the status, and said in log and journal. */
export function sayBroken(
  { broken, first, hashes }: Verified,
  { folder, known, logger }: Found,
  waiting: EventQueue,
): Failure | null {
  const problem = broken ?? missingMark(known, first, hashes);
  if (problem === null) return null;
  logger.log('error', 'The journal is not as it was written', { problem });
  waiting.push({ kind: 'journal-found', problem });
  return {
    code: 'journal-broken',
    message: `The journal in ${folder} is not as it was written: ${problem}.`,
    advice:
      'Somebody or something has changed it. Keep a copy for whoever has to look into it; it goes on behind the break.',
  };
}

async function truncate(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
