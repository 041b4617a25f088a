import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { AuditEntry, AuditEvent } from '../../audit-event.ts';

/** What the first line names as the hash of the one before it. */
export const GENESIS = '0'.repeat(64);
/** Longest line, in bytes; longer texts in an event are cut. */
export const MAX_LINE_BYTES = 16 * 1024;
const MAX_TEXT = 1024;
/** No journal gets there; what was put in with more would leave no numbers for what comes. */
const MAX_NUMBER = 99_999_999_999_999;

const entry = v.object({
  n: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_NUMBER)),
  at: v.string(),
  previous: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  // What a later version writes is kept and shown as it is.
  event: v.looseObject({ kind: v.string() }),
});

/** The line, without its line break. */
export function encodeEntry(n: number, at: string, previous: string, event: AuditEvent): string {
  return JSON.stringify({ n, at, previous, event: shortened(event) });
}

/** Null for what is no line of a journal. */
export function decodeEntry(line: string): AuditEntry | null {
  try {
    const decoded = v.safeParse(entry, JSON.parse(line));
    // The kinds that this version knows have these fields: it wrote them, and the chain says that nobody has changed them.
    return decoded.success ? (decoded.output as AuditEntry) : null;
  } catch {
    return null;
  }
}

/** What the next line names. */
export function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

function shortened(event: AuditEvent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, typeof value === 'string' ? storable(value) : value]),
  );
}

/**
 * Neither control characters nor half a character: authentik's database takes none of them, and one entry that it
 * refuses would keep all that follow from being handed over.
 */
function storable(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return short.replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '\uFFFD');
}
