import * as v from 'valibot';
import type { AuditEntry } from '../../main/core/audit-event.ts';
import type { Failure } from '../../main/core/errors.ts';
import { takes } from './request.ts';

const word = v.pipe(v.string(), v.maxLength(256));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What is looked for; everything where both are left out. */
const search = {
  kinds: v.exactOptional(v.pipe(v.array(word), v.maxLength(64))),
  text: v.exactOptional(word),
};

/** A line of the journal, and its own hash: what the next line names. */
export interface JournalEntry extends AuditEntry {
  /** SHA-256 as hexadecimal digits. */
  readonly hash: string;
}

/** What of the journal authentik has been told. */
export interface HandOver {
  /** Whether it shall be told at all. */
  readonly wanted: boolean;
  /** Up to this entry it has been told, or need not be. */
  readonly upTo: number;
  readonly waiting: number;
  /** Why the last attempt failed; null where it did not. */
  readonly failure: Failure | null;
}

/** Newest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly handOver: HandOver;
}

/** The requests of the Activity page. */
export const JOURNAL_REQUESTS = {
  'audit/recent': takes(
    v.strictObject({
      limit: v.pipe(count, v.minValue(1), v.maxValue(500)),
      /** Only entries before this one. */
      before: v.exactOptional(count),
      ...search,
    }),
  ).gives<JournalPage>(),
  /** The main side asks where to, and writes the journal's own lines, oldest first; null where the person cancelled. */
  'audit/export': takes(v.strictObject(search)).gives<{
    readonly path: string | null;
    readonly entries: number;
  }>(),
} as const;
