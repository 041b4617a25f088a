import * as v from 'valibot';
import { failure } from './status-schema.ts';

/* What was recorded of sessions, as it crosses the control socket. */

/** Recordings that one request gives. */
export const MAX_RECORDINGS = 500;

const count = v.pipe(v.number(), v.minValue(0));
const id = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no recording’s id'),
);
const word = v.pipe(v.string(), v.maxLength(256));

const recording = v.object({
  id: v.string(),
  /** The session it is of. */
  session: v.string(),
  source: v.picklist(['authentik', 'local', 'watch']),
  protocol: v.string(),
  user: v.nullable(v.string()),
  machine: v.string(),
  /** Milliseconds since 1970. */
  startedAt: v.number(),
  durationMs: count,
  /** Of the file. */
  bytes: count,
  /** Whether keys are in it. */
  keys: v.boolean(),
  /** Only the unlocked vault plays it. */
  sealed: v.boolean(),
  /** `broken-off`: the outpost died, or the recording failed; what is there can be played. */
  state: v.picklist(['running', 'whole', 'broken-off']),
});

const filter = v.object({
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_RECORDINGS)),
  /** How many of the newest are passed over. */
  offset: v.exactOptional(v.pipe(count, v.integer())),
  /** In the user, machine, protocol or an id. */
  text: v.exactOptional(word),
});

/** Newest first; `total` counts all that the filter takes, `bytes` the files of all there are. */
const recordings = v.object({
  recordings: v.pipe(v.array(recording), v.readonly()),
  total: count,
  bytes: count,
});

/** The requests about recordings; a part of the contract. */
export const RECORDINGS_REQUESTS = {
  'recordings/list': { params: filter, result: recordings },
  /**
   * The ticket opens a stream of the kind `recording`, within half a minute: Guacamole’s own format, as its tools
   * read it. It ends early where the file was changed; `recordings/outcome` says so.
   */
  'recordings/open': {
    params: v.object({ id, purpose: v.picklist(['play', 'export']) }),
    result: v.object({ recording, ticket: v.string() }),
  },
  /** Once for each ticket, when its stream is over: why it could not be read to its end, null where it could. */
  'recordings/outcome': {
    params: v.object({ ticket: v.pipe(v.string(), v.maxLength(64)) }),
    result: v.object({ failure: v.nullable(failure) }),
  },
  'recordings/remove': { params: v.object({ id }), result: v.object({}) },
} as const;

export type RecordingInfo = v.InferOutput<typeof recording>;
export type RecordingsFilter = v.InferOutput<typeof filter>;
export type RecordingsList = v.InferOutput<typeof recordings>;
export type RecordingPurpose = 'play' | 'export';

/** What the requests are answered by. */
export interface RecordingsDesk {
  list(filter: RecordingsFilter): Promise<RecordingsList>;
  /** Rejects with `recording-unreadable`, or `vault-locked` for one that is sealed. */
  open(id: string, purpose: RecordingPurpose): Promise<OpenedRecording>;
  /** Rejects with `recording-unreadable`; also for one that is still written. */
  remove(id: string): Promise<void>;
}

/** A recording in somebody’s hands; `close` it also where nothing was read. */
export interface OpenedRecording {
  readonly recording: RecordingInfo;
  /** What was recorded, in pieces of whole instructions; throws where the file was changed. */
  read(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}
