import * as v from 'valibot';
import { LOG_LEVELS } from '../core/base/logger.ts';
import type { DoctorReport, DoctorStep } from '../core/doctor/step.ts';
import type { LogLine } from '../core/telemetry/terminal-line.ts';
import { AUDIT_NOTIFICATIONS, AUDIT_REQUESTS } from './audit-schema.ts';
import { configRow, outpostConfigRow } from './config-schema.ts';
import { GUARDRAILS_REQUESTS } from './guardrails-schema.ts';
import { MACHINES_NOTIFICATIONS, MACHINES_REQUESTS } from './machines-schema.ts';
import { OFFLINE_REQUESTS } from './offline-schema.ts';
import { RECORDINGS_REQUESTS } from './recordings-schema.ts';
import { failure, outpostStatus, session } from './status-schema.ts';
import { certificateReport, fingerprint, host, pem, proposal } from './trust-schema.ts';
import { VAULT_NOTIFICATIONS, VAULT_REQUESTS } from './vault-schema.ts';

/** Told in each connection's hello line; another number means the two cannot talk. */
export const CONTROL_PROTOCOL = 1;

/** Lines one `log` request can ask for. */
export const MAX_LOG_LINES = 1000;

const nothing = v.object({});
const count = v.pipe(v.number(), v.minValue(0));
/** Names, keys, ids: nothing that a person types is longer. */
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const value = v.pipe(v.string(), v.maxLength(16 * 1024));

const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

const logLine: v.GenericSchema<unknown, LogLine> = v.object({
  timestamp: v.string(),
  level: v.fallback(v.picklist(LOG_LEVELS), 'info'),
  logger: v.string(),
  event: v.string(),
  // What came out of JSON is printable, all the way down.
  fields: v.record(
    v.string(),
    v.custom<LogLine['fields'][string]>((field) => field !== undefined),
  ),
});

const doctorStep: v.GenericSchema<unknown, DoctorStep> = v.object({
  id: v.string(),
  title: v.string(),
  tookMs: v.number(),
  outcome: v.variant('kind', [
    v.object({ kind: v.literal('passed'), detail: v.string() }),
    v.object({ kind: v.literal('warned'), failure }),
    v.object({ kind: v.literal('failed'), failure }),
    v.object({ kind: v.literal('skipped'), because: v.string() }),
  ]),
});

const doctorReport: v.GenericSchema<unknown, DoctorReport> = v.object({
  steps: v.array(doctorStep),
  healthy: v.boolean(),
});

const notes = v.object({ notes: list(v.string()) });

/** Moments are milliseconds since 1970; bytes are those since the sample before. */
const trafficSample = v.object({
  at: v.number(),
  sessions: count,
  toPeer: count,
  toGuacd: count,
});
const traffic = v.object({ everyMs: count, samples: list(trafficSample) });

const versions = v.object({
  sallyport: v.string(),
  node: v.string(),
  openssl: v.string(),
  platform: v.string(),
  arch: v.string(),
  guacd: v.nullable(v.string()),
});

const logFilter = v.object({
  level: v.exactOptional(v.picklist(LOG_LEVELS)),
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LOG_LINES))),
});

/** Every request of the control socket: what it takes and what it gives. A new command is one line here. */
export const REQUESTS = {
  status: { params: nothing, result: outpostStatus },
  'status/subscribe': { params: nothing, result: outpostStatus },
  start: { params: nothing, result: nothing },
  /** `remember`: whether the next start of the process stays stopped as well; true where left out. */
  stop: { params: v.object({ drain: v.boolean(), remember: v.exactOptional(v.boolean()) }), result: nothing },
  retry: { params: nothing, result: nothing },
  sessions: { params: nothing, result: v.object({ sessions: list(session) }) },
  end: { params: v.object({ id: name }), result: nothing },
  log: { params: logFilter, result: v.object({ lines: list(logLine) }) },
  'log/subscribe': { params: logFilter, result: v.object({ lines: list(logLine) }) },
  /** With `proposed`, as if that were kept; nothing is. A second one of a connection ends the first. */
  doctor: { params: v.object({ proposed: v.exactOptional(proposal) }), result: doctorReport },
  /** Ends this connection's doctor, which then rejects with `aborted`. */
  'doctor/cancel': { params: nothing, result: nothing },
  certificate: { params: v.object({ host }), result: certificateReport },
  'trust/ca': { params: v.object({ pem }), result: notes },
  'trust/pin': { params: v.object({ fingerprint }), result: notes },
  'token/set': { params: v.object({ token: v.pipe(value, v.minLength(1)) }), result: nothing },
  'token/remove': { params: nothing, result: nothing },
  'config/show': { params: nothing, result: v.object({ rows: list(configRow) }) },
  'config/check': {
    params: v.object({ key: name, value }),
    result: v.object({ failure: v.nullable(failure) }),
  },
  'config/set': { params: v.object({ key: name, value }), result: notes },
  'config/unset': { params: v.object({ key: name }), result: notes },
  'outpost/config': { params: nothing, result: v.object({ rows: list(outpostConfigRow) }) },
  traffic: { params: nothing, result: traffic },
  'traffic/subscribe': { params: nothing, result: traffic },
  'guacd/output': { params: nothing, result: v.object({ lines: list(v.string()) }) },
  versions: { params: nothing, result: versions },
  'secrets/protection': {
    params: nothing,
    result: v.object({ kind: v.picklist(['key-file', 'handed-in']) }),
  },
  /** 32 bytes as base64 become the key; null goes back to a key file. */
  'secrets/rekey': {
    params: v.object({ key: v.nullable(v.pipe(v.string(), v.length(44))) }),
    result: nothing,
  },
  ...GUARDRAILS_REQUESTS,
  ...VAULT_REQUESTS,
  ...OFFLINE_REQUESTS,
  ...AUDIT_REQUESTS,
  ...RECORDINGS_REQUESTS,
  ...MACHINES_REQUESTS,
  /** As SIGTERM does: sessions end with a word, and the process with them. */
  shutdown: { params: nothing, result: nothing },
} as const satisfies Readonly<Record<string, { params: v.GenericSchema; result: v.GenericSchema }>>;

/** Everything the outpost tells without being asked, to connections that subscribed. */
export const NOTIFICATIONS = {
  /** At most a few a second; the newest state wins. */
  'status/changed': outpostStatus,
  /** `missed`: lines before this one that the connection was too slow for. */
  'log/line': v.object({ line: logLine, missed: v.pipe(v.number(), v.minValue(0)) }),
  /** The steps of this connection's `doctor` request as they come. */
  'doctor/step': doctorStep,
  'traffic/sample': trafficSample,
  ...MACHINES_NOTIFICATIONS,
  ...VAULT_NOTIFICATIONS,
  ...AUDIT_NOTIFICATIONS,
} as const satisfies Readonly<Record<string, v.GenericSchema>>;

export type Method = keyof typeof REQUESTS;
export type Params<M extends Method> = v.InferOutput<(typeof REQUESTS)[M]['params']>;
export type Result<M extends Method> = v.InferOutput<(typeof REQUESTS)[M]['result']>;

export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationParams<N extends NotificationName> = v.InferOutput<(typeof NOTIFICATIONS)[N]>;

export type TrafficSample = v.InferOutput<typeof trafficSample>;
export type Traffic = v.InferOutput<typeof traffic>;
export type Versions = v.InferOutput<typeof versions>;

/** Names the first field that is not as it should be: `params.id: Expected string but received undefined`. */
export function decodeIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues;
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `“${path}”: ${issue.message}`;
}
