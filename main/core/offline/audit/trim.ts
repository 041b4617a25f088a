import type { AuditEvent } from '../../audit-event.ts';
import { isForAuthentik } from '../../audit-for-authentik.ts';
import { Breath } from '../../base/breath.ts';
import { decodeEntry } from './line.ts';
import { bytesOf, listSegments, readSegment, type Segment } from './segments.ts';

/** The oldest files, which have to go. */
export interface Surplus {
  readonly segments: readonly Segment[];
  /** Number of the first entry that stays. */
  readonly first: number;
  /** Entries in them that authentik should have been told of and was not. */
  readonly untold: number;
}

/**
 * What has to go before the file that begins with entry `next` is written, so that those before it have no more than
 * `room` bytes; null where they have not. `told`: up to that entry authentik has been told. Rejects with
 * `file-unreadable`.
 */
export async function findSurplus(
  folder: string,
  { room, next, told }: { readonly room: number; readonly next: number; readonly told: number },
): Promise<Surplus | null> {
  const all = (await listSegments(folder)).filter(({ first }) => first < next);
  const sizes = await Promise.all(all.map(bytesOf));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  let goes = 0;
  while (goes < all.length && bytes > room) {
    bytes -= sizes[goes] ?? 0;
    goes += 1;
  }
  if (goes === 0) return null;
  const segments = all.slice(0, goes);
  const first = all[goes]?.first ?? next;
  return { segments, first, untold: told >= first - 1 ? 0 : await countUntold(segments, told) };
}

/** A word about what went untold before stands for all of that: it must not be forgotten with the word. */
function weight(event: AuditEvent): number {
  if (event.kind === 'journal-trimmed') return event.untold;
  return isForAuthentik(event) ? 1 : 0;
}

async function countUntold(segments: readonly Segment[], told: number): Promise<number> {
  const breath = new Breath();
  let untold = 0;
  for (const segment of segments) {
    for (const line of (await readSegment(segment)).lines) {
      await breath.take();
      const entry = decodeEntry(line);
      if (entry !== null && entry.n > told) untold += weight(entry.event);
    }
  }
  return untold;
}
