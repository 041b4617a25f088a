import * as v from 'valibot';
import { takes } from './request.ts';

/** What was recorded of a session, as the outpost tells it. */
export interface Recording {
  readonly id: string;
  readonly session: string;
  readonly source: 'authentik' | 'local' | 'watch';
  readonly protocol: string;
  readonly user: string | null;
  readonly machine: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Of the file. */
  readonly bytes: number;
  readonly keys: boolean;
  /** Only the unlocked vault plays it. */
  readonly sealed: boolean;
  /** `broken-off`: what is there can be played. */
  readonly state: 'running' | 'whole' | 'broken-off';
}

export interface RecordingsPage {
  readonly recordings: readonly Recording[];
  /** Of all that were found. */
  readonly total: number;
  /** Of the files of all there are. */
  readonly bytes: number;
}

const id = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/));
const one = v.strictObject({ id });

/** The requests of the list of recordings and its player. */
export const RECORDINGS_REQUESTS = {
  'recordings/list': takes(
    v.strictObject({
      offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
      text: v.pipe(v.string(), v.maxLength(256)),
    }),
  ).gives<RecordingsPage>(),
  /** What was recorded comes on the port with this number. */
  'recordings/play': takes(one).gives<{ readonly port: number; readonly recording: Recording }>(),
  /** Asks the person where to; `path` is null where the person cancelled. */
  'recordings/export': takes(one).gives<{ readonly path: string | null }>(),
  'recordings/remove': takes(one).gives<Readonly<Record<string, never>>>(),
} as const;
