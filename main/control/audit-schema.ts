import * as v from 'valibot';
import type { AuditEntry } from '../core/audit-event.ts';
import type { Unsubscribe } from '../core/base/emitter.ts';
import { failure } from './status-schema.ts';

/* What happened on this jump host, as it crosses the control socket. */

/** Entries that one request gives. */
export const MAX_AUDIT_ENTRIES = 500;

const count = v.pipe(v.number(), v.minValue(0));
const word = v.pipe(v.string(), v.maxLength(256));

const entry: v.GenericSchema<unknown, AuditEntry> = v.object({
  n: count,
  at: v.string(),
  previous: v.string(),
  // Its other fields go by the kind; a client shows those of a kind that it does not know as they are.
  event: v.custom<AuditEntry['event']>((event) => v.is(v.looseObject({ kind: v.string() }), event)),
});

const handOver = v.object({
  /** Whether authentik shall be told at all. */
  wanted: v.boolean(),
  /** Up to this entry authentik has been told, or need not be. */
  upTo: count,
  waiting: count,
  failure: v.nullable(failure),
});

const filter = v.object({
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_AUDIT_ENTRIES)),
  /** Only entries before this one. */
  before: v.exactOptional(v.pipe(count, v.integer())),
  kinds: v.exactOptional(v.pipe(v.array(word), v.maxLength(64), v.readonly())),
  text: v.exactOptional(word),
});

const page = v.object({
  /** The oldest entry that is wanted; what was removed before it is passed over. */
  from: v.pipe(count, v.integer()),
  limit: filter.entries.limit,
});

const list = v.pipe(v.array(entry), v.readonly());

/** Newest first. */
const entries = v.object({ entries: list, handOver });

/** The requests about the journal; a part of the contract. */
export const AUDIT_REQUESTS = {
  'audit/recent': { params: filter, result: entries },
  'audit/subscribe': { params: filter, result: entries },
  /** Oldest first. */
  'audit/page': { params: page, result: v.object({ entries: list }) },
} as const;

export const AUDIT_NOTIFICATIONS = {
  /** `missed`: entries before this one that the connection was too slow for. */
  'audit/entry': v.object({ entry, missed: count, handOver }),
  /** authentik has been told of more, or why not; at most a few a second. */
  'audit/hand-over': handOver,
} as const;

export type AuditFilter = v.InferOutput<typeof filter>;
export type AuditPage = v.InferOutput<typeof page>;
export type HandOverState = v.InferOutput<typeof handOver>;
export type AuditEntries = v.InferOutput<typeof entries>;

/** What the requests are answered by. */
export interface AuditDesk {
  /** Newest first. */
  recent(filter: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Oldest first. */
  page(page: AuditPage): Promise<readonly AuditEntry[]>;
  readonly handOver: HandOverState;
  onEntry(listener: (entry: AuditEntry) => void): Unsubscribe;
  /** Hears whenever `handOver` has changed but for a new entry. */
  onHandOver(listener: () => void): Unsubscribe;
}
