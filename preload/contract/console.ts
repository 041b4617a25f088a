import * as v from 'valibot';
import type { DoctorReport, DoctorStep } from '../../main/core/doctor/step.ts';
import type { Failure } from '../../main/core/errors.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import { GUARDRAILS_REQUESTS } from './guardrails.ts';
import { type HandOver, JOURNAL_REQUESTS, type JournalEntry } from './journal.ts';
import { MACHINES_REQUESTS } from './machines.ts';
import { RECORDINGS_REQUESTS } from './recordings.ts';
import { takes } from './request.ts';
import type {
  AppState,
  CertificateReport,
  DiagnosticsEntry,
  LogLine,
  OutpostOptionRow,
  PageName,
  Preferences,
  SecretsState,
  SettingRow,
  Snippet,
  Traffic,
  TrafficSample,
  Versions,
} from './types.ts';
import { VAULT_REQUESTS } from './vault.ts';

/** No call's parameters are larger, in bytes of their JSON text. */
export const MAX_CALL_BYTES = 1024 * 1024;
/** Lines one `log/recent` can ask for. */
export const MAX_LOG_LINES = 1000;

const nothing = v.strictObject({});
/** Names, keys, ids: nothing that a person types is longer. */
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const value = v.pipe(v.string(), v.maxLength(16 * 1024));
const pem = v.pipe(v.string(), v.minLength(1), v.maxLength(256 * 1024));
const passphrase = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const level = v.picklist(['trace', 'debug', 'info', 'warning', 'error']);

/** What the doctor tries in place of what is kept; a token is typed in or stands in a snippet read before. */
const proposed = v.strictObject({
  host: v.exactOptional(value),
  token: v.exactOptional(value),
  tokenId: v.exactOptional(name),
  insecure: v.exactOptional(v.boolean()),
  fingerprint: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
  caPem: v.exactOptional(pem),
});

const notices = v.strictObject({
  connectionLost: v.exactOptional(v.boolean()),
  tokenRejected: v.exactOptional(v.boolean()),
  guacdDying: v.exactOptional(v.boolean()),
  sessionStarted: v.exactOptional(v.boolean()),
  sessionEnded: v.exactOptional(v.boolean()),
  updateFailed: v.exactOptional(v.boolean()),
  recordingFailed: v.exactOptional(v.boolean()),
});

/** A part of the preferences; what is left out stays as it is. */
const preferencesChange = v.strictObject({
  theme: v.exactOptional(v.picklist(['system', 'light', 'dark'])),
  language: v.exactOptional(v.picklist(['system', 'en', 'de'])),
  startAtLogin: v.exactOptional(v.boolean()),
  startMinimised: v.exactOptional(v.boolean()),
  notices: v.exactOptional(notices),
});

interface Notes {
  /** What an admin should know, such as that a restart is needed. */
  readonly notes: readonly string[];
}

type Nothing = Readonly<Record<string, never>>;

/** Every request of the console window: who may make it, what it takes, what it gives. A new one is one line here. */
export const REQUESTS = {
  'app/state': takes(nothing).gives<AppState>(),
  'app/versions': takes(nothing).gives<Versions>(),
  'outpost/start': takes(nothing).gives<Nothing>(),
  'outpost/stop': takes(v.strictObject({ drain: v.boolean() })).gives<Nothing>(),
  'outpost/retry': takes(nothing).gives<Nothing>(),
  /** Ends and starts the process, for settings that count after that; `not-running` for a service. */
  'outpost/restart': takes(nothing).gives<Nothing>(),
  'session/end': takes(v.strictObject({ id: name })).gives<Nothing>(),
  'log/recent': takes(
    v.strictObject({
      level: v.exactOptional(level),
      limit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LOG_LINES)),
    }),
  ).gives<{ readonly lines: readonly LogLine[] }>(),
  'config/show': takes(nothing).gives<{ readonly rows: readonly SettingRow[] }>(),
  'config/check': takes(v.strictObject({ key: name, value })).gives<{ readonly failure: Failure | null }>(),
  'config/set': takes(v.strictObject({ key: name, value })).gives<Notes>(),
  'config/unset': takes(v.strictObject({ key: name })).gives<Notes>(),
  'outpost/config': takes(nothing).gives<{ readonly rows: readonly OutpostOptionRow[] }>(),
  traffic: takes(nothing).gives<Traffic>(),
  /** The token goes in and never comes out. */
  'token/set': takes(
    v.union([v.strictObject({ token: v.pipe(value, v.minLength(1)) }), v.strictObject({ tokenId: name })]),
  ).gives<Nothing>(),
  'token/remove': takes(nothing).gives<Nothing>(),
  /** Its steps come as events `doctor/step`; one runs at a time. */
  'doctor/run': takes(v.strictObject({ proposed: v.exactOptional(proposed) })).gives<DoctorReport>(),
  'doctor/cancel': takes(nothing).gives<Nothing>(),
  'certificate/show': takes(v.strictObject({ host: value })).gives<CertificateReport>(),
  'certificate/trust': takes(v.strictObject({ pem })).gives<Notes>(),
  'certificate/pin': takes(v.strictObject({ fingerprint: name })).gives<Notes>(),
  'snippet/read': takes(
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(256 * 1024)) }),
  ).gives<Snippet>(),
  'practice/start': takes(nothing).gives<Nothing>(),
  'practice/stop': takes(nothing).gives<Nothing>(),
  'diagnostics/prepare': takes(v.strictObject({ replaceNames: v.boolean() })).gives<{
    readonly entries: readonly DiagnosticsEntry[];
  }>(),
  /** `path` is null where the person cancelled. */
  'diagnostics/save': takes(v.strictObject({ replaceNames: v.boolean() })).gives<{
    readonly path: string | null;
  }>(),
  'log/open-folder': takes(nothing).gives<Nothing>(),
  'preferences/get': takes(nothing, ['console', 'viewer']).gives<Preferences>(),
  'preferences/set': takes(preferencesChange).gives<Preferences>(),
  'secrets/state': takes(nothing).gives<SecretsState>(),
  'secrets/use': takes(
    v.variant('protection', [
      v.strictObject({ protection: v.literal('keychain') }),
      v.strictObject({ protection: v.literal('passphrase'), passphrase }),
      v.strictObject({ protection: v.literal('key-file') }),
    ]),
  ).gives<Nothing>(),
  'secrets/unlock': takes(v.strictObject({ passphrase })).gives<Nothing>(),
  'link/open': takes(
    v.strictObject({
      link: v.picklist(['authentik', 'outposts', 'docs-rac', 'guacd-releases', 'practice']),
    }),
  ).gives<Nothing>(),
  /** Something on the page is not saved: `page/leave` then comes before the window is closed. */
  'page/unsaved': takes(v.strictObject({ unsaved: v.boolean() })).gives<Nothing>(),
  /** The answer to `page/leave`. */
  'page/left': takes(v.strictObject({ leave: v.boolean() })).gives<Nothing>(),
  /** A window for a machine of the address book; it opens the session itself, and says why it cannot. */
  'viewer/open': takes(
    v.strictObject({ machine: name, reason: v.exactOptional(v.pipe(v.string(), v.maxLength(1024))) }),
  ).gives<Nothing>(),
  /** A window that shows a session of somebody else, and sends nothing to it. */
  'viewer/watch': takes(v.strictObject({ session: name })).gives<Nothing>(),
  ...MACHINES_REQUESTS,
  ...RECORDINGS_REQUESTS,
  ...GUARDRAILS_REQUESTS,
  ...JOURNAL_REQUESTS,
  ...VAULT_REQUESTS,
  'clipboard/copy': takes(
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_CALL_BYTES)) }),
  ).gives<Nothing>(),
} as const;

/** Everything the main side tells without being asked. */
export interface Events {
  'app/state': AppState;
  status: OutpostStatus;
  /** `missed`: lines before this one that the connection was too slow for. */
  'log/line': { readonly line: LogLine; readonly missed: number };
  'traffic/sample': TrafficSample;
  'doctor/step': DoctorStep;
  preferences: Preferences;
  /** The address book is another: ask again. */
  'machines/changed': { readonly revision: number };
  /** `missed`: entries before this one that the connection was too slow for. */
  'audit/entry': { readonly entry: JournalEntry; readonly missed: number; readonly handOver: HandOver };
  /** authentik has been told of more, or why not. */
  'audit/hand-over': HandOver;
  /** The tray asks for a page. */
  'page/open': { readonly page: PageName };
  /** The window is to be closed: the page asks its person, and answers with `page/left`. */
  'page/leave': Readonly<Record<string, never>>;
}

/** The events' names at run time; the compiler holds the two together. */
export const EVENTS = {
  'app/state': true,
  status: true,
  'log/line': true,
  'traffic/sample': true,
  'doctor/step': true,
  preferences: true,
  'machines/changed': true,
  'audit/entry': true,
  'audit/hand-over': true,
  'page/open': true,
  'page/leave': true,
} as const satisfies Readonly<Record<keyof Events, true>>;

export type RequestName = keyof typeof REQUESTS;
export type EventName = keyof Events;
/** What a renderer hands over, before it is decoded. */
export type CallParams<N extends RequestName> = v.InferInput<(typeof REQUESTS)[N]['params']>;
/** The same after the decoder. */
export type Params<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['params']>;
export type Value<N extends RequestName> = NonNullable<(typeof REQUESTS)[N]['value']>;

/** An answer: a failure is a value, so that a sentence always arrives whole. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** What `window.sallyport` is. */
export interface ConsoleClient {
  /** Never rejects. */
  call<N extends RequestName>(name: N, params: CallParams<N>): Promise<Answer<Value<N>>>;
  /** Calls `listener` for each event until the returned function is called. */
  on<E extends EventName>(name: E, listener: (event: Events[E]) => void): () => void;
}
