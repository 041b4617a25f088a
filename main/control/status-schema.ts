import * as v from 'valibot';
import { ERROR_CODES, type Failure } from '../core/errors.ts';
import type { OutpostStatus, SessionStatus } from '../core/status.ts';

/*
 * `OutpostStatus` as it crosses the control socket. The two ends may differ in version: fields nobody knows are
 * left out, words nobody knows become the nearest known one, and what must be there is asked for by name.
 */

const text = v.string();
const count = v.pipe(v.number(), v.minValue(0));
const moment = v.number();

export const failure: v.GenericSchema<unknown, Failure> = v.object({
  code: v.fallback(v.picklist(ERROR_CODES), 'internal'),
  message: text,
  advice: v.exactOptional(text),
});

const link = v.variant('kind', [
  v.object({ kind: v.literal('stopped') }),
  v.object({ kind: v.literal('connecting'), attempt: count, since: moment }),
  v.object({ kind: v.literal('online'), since: moment, acknowledgedAt: v.nullable(moment) }),
  v.object({ kind: v.literal('waiting'), attempt: count, retryAt: moment, reason: failure }),
  v.object({ kind: v.literal('rejected'), retryAt: moment, reason: failure }),
]);

const guacdInstance = v.object({
  address: text,
  healthy: v.boolean(),
  version: v.nullable(text),
  sessions: count,
  reason: v.nullable(failure),
  container: v.exactOptional(v.object({ engine: v.picklist(['podman', 'docker']), image: text })),
});

const startingStep = v.object({
  kind: v.fallback(v.picklist(['fetching', 'loading']), 'fetching'),
  image: text,
});

const guacd = v.variant('kind', [
  v.object({ kind: v.literal('stopped') }),
  v.object({ kind: v.literal('starting'), since: moment, step: v.exactOptional(startingStep) }),
  v.object({ kind: v.literal('up'), since: moment, instances: v.array(guacdInstance) }),
  v.object({ kind: v.literal('down'), retryAt: moment, reason: failure }),
]);

const metrics = v.variant('kind', [
  v.object({ kind: v.literal('off') }),
  v.object({ kind: v.literal('listening'), address: text }),
  v.object({ kind: v.literal('failed'), address: text, reason: failure }),
]);

const outpost = v.object({
  pk: text,
  name: text,
  providers: v.array(v.object({ pk: v.number(), name: text })),
  config: v.record(text, v.unknown()),
  updatedAt: moment,
});

const everySession = {
  id: text,
  source: v.fallback(v.picklist(['authentik', 'local', 'watch']), 'authentik'),
  protocol: text,
  user: v.nullable(text),
  member: v.exactOptional(v.number()),
  machine: text,
  startedAt: moment,
  setupMs: v.nullable(count),
  bytesToPeer: count,
  bytesToGuacd: count,
  guacd: v.nullable(text),
  parameters: v.array(text),
  watching: v.exactOptional(text),
  machineId: v.exactOptional(text),
  resumedAs: v.exactOptional(text),
};

export const session: v.GenericSchema<unknown, SessionStatus> = v.object({
  ...everySession,
  state: v.fallback(v.picklist(['connecting', 'live', 'held', 'ending']), 'live'),
  queuedBytes: count,
  transfers: v.exactOptional(
    v.array(
      v.object({ path: text, direction: v.picklist(['upload', 'download']), size: count, done: count }),
    ),
  ),
  heldUntil: v.exactOptional(moment),
  recording: v.exactOptional(v.picklist(['on', 'failed'])),
  watchers: v.exactOptional(count),
});

const endedSession = v.object({
  ...everySession,
  endedAt: moment,
  reason: v.fallback(
    v.picklist([
      'user-left',
      'machine-ended',
      'ended-by-admin',
      'ended-by-authentik',
      'failed',
      'refused',
      'peer-lost',
      'guacd-lost',
      'hold-expired',
      'guardrail',
      'shutdown',
    ]),
    'failed',
  ),
  failure: v.nullable(failure),
  recording: v.exactOptional(text),
});

export const outpostStatus: v.GenericSchema<unknown, OutpostStatus> = v.object({
  forMember: v.exactOptional(v.literal(true)),
  version: text,
  pid: count,
  startedAt: moment,
  wish: v.picklist(['run', 'stop']),
  phase: v.picklist(['stopped', 'running', 'draining', 'stopping']),
  host: v.nullable(text),
  insecure: v.boolean(),
  link,
  outpost: v.nullable(outpost),
  updateFailure: v.nullable(failure),
  guacd,
  metrics,
  sessions: v.array(session),
  history: v.array(endedSession),
  sessionLimit: count,
  offline: v.exactOptional(
    v.object({
      mode: v.fallback(v.picklist(['never', 'unreachable', 'always']), 'never'),
      open: v.boolean(),
      because: text,
      asksReason: v.optional(v.boolean(), false),
      asksPassphrase: v.optional(v.boolean(), false),
    }),
  ),
  vault: v.exactOptional(
    v.object({ kind: v.picklist(['none', 'locked', 'unlocked']), until: v.nullable(moment) }),
  ),
  warnings: v.array(failure),
});
