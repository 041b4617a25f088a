import { dirname } from 'node:path';
import type { AuditEntry } from '../../audit-event.ts';
import { Breath } from '../../base/breath.ts';
import { decodeEntry, hashOf } from './line.ts';
import { listSegments, readSegment, type Segment } from './segments.ts';

/** Entries from `from` on with their hashes, oldest first; one file is read at a time. Rejects with `file-unreadable`. */
export async function* readFrom(
  folder: string,
  from: number,
): AsyncGenerator<{ entry: AuditEntry; hash: string }> {
  const breath = new Breath();
  const segments = await listSegments(folder);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && next.first <= from) continue;
    for (const line of await linesOf(segment)) {
      await breath.take();
      const entry = decodeEntry(line);
      if (entry !== null && entry.n >= from) yield { entry, hash: hashOf(line) };
    }
  }
}

/** The newest entries that `wanted` takes, newest first, from before entry `before`. Rejects with `file-unreadable`. */
export async function readRecent(
  folder: string,
  limit: number,
  before: number = Number.MAX_SAFE_INTEGER,
  wanted: (entry: AuditEntry) => boolean = () => true,
): Promise<readonly AuditEntry[]> {
  const breath = new Breath();
  const found: AuditEntry[] = [];
  for (const segment of [...(await listSegments(folder))].reverse()) {
    if (segment.first >= before) continue;
    for (const line of (await linesOf(segment)).reverse()) {
      await breath.take();
      const entry = decodeEntry(line);
      if (entry === null || entry.n >= before || !wanted(entry)) continue;
      found.push(entry);
      if (found.length >= limit) return found;
    }
  }
  return found;
}

/** The number of the newest entry; 0 where there is none. */
export async function newestOf(folder: string): Promise<number> {
  const [newest] = await readRecent(folder, 1);
  return newest?.n ?? 0;
}

/** Nothing where the file was removed meanwhile, being the oldest. */
async function linesOf(segment: Segment): Promise<string[]> {
  try {
    return (await readSegment(segment)).lines;
  } catch (error) {
    const still = await listSegments(dirname(segment.path));
    if (still.some(({ path }) => path === segment.path)) throw error;
    return [];
  }
}
