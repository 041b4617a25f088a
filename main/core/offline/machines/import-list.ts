import { Breath } from '../../base/breath.ts';
import { type Candidate, IMPORT_LIMITS, type Reading, type Skipped, tooMany } from './import-types.ts';

/** The machine in one entry of a list; else its name, as far as it has one, and why there is none. */
export type EntryRead = { readonly candidate: Candidate } | Pick<Skipped, 'name' | 'why'>;

/** Reads a list entry by entry, each named by its place in the file, as far as the bound. */
export async function readList(
  list: readonly unknown[],
  fileName: string,
  read: (item: unknown, origin: string) => EntryRead,
): Promise<Reading> {
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [];
  const breath = new Breath();
  for (const [index, item] of list.entries()) {
    await breath.take();
    const origin = `${fileName}, entry ${index + 1}`;
    if (index >= IMPORT_LIMITS.entries) {
      skipped.push(tooMany(origin));
      break;
    }
    const entry = read(item, origin);
    if ('candidate' in entry) candidates.push(entry.candidate);
    else skipped.push({ origin, ...entry });
  }
  return { candidates, skipped, hostKeys: [] };
}

export const NO_OBJECT: EntryRead = { name: '', why: 'It is no object.' };
