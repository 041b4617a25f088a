import { explainConfig } from '../core/authentik/outpost-config.ts';
import type { Unsubscribe } from '../core/base/emitter.ts';
import { LOG_LEVELS, type Logger, type LogLevel } from '../core/base/logger.ts';
import { Secret } from '../core/base/secret.ts';
import type { Failure } from '../core/errors.ts';
import { cleanToken } from '../core/settings/token.ts';
import type { LogLine } from '../core/telemetry/terminal-line.ts';
import { auditHandlers } from './audit-handlers.ts';
import type { AuditDesk } from './audit-schema.ts';
import { type ConfigRow, toOutpostConfigRow } from './config-schema.ts';
import type { Params, Result, Traffic, TrafficSample, Versions } from './contract.ts';
import { type Doctor, Examinations } from './examination.ts';
import { guardrailsHandlers } from './guardrails-handlers.ts';
import type { GuardrailsDesk } from './guardrails-schema.ts';
import { type MachinesDesk, machinesHandlers } from './machines-handlers.ts';
import { type OfflineDesk, offlineHandlers } from './offline-handlers.ts';
import { recordingsHandlers } from './recordings-handlers.ts';
import type { RecordingsDesk } from './recordings-schema.ts';
import type { ControlContext, ControlHandlers } from './requests.ts';
import { type StatusSource, statusHandlers } from './status-handlers.ts';
import type { Tickets } from './tickets.ts';
import type { CertificateReport } from './trust-schema.ts';
import { type VaultDesk, vaultHandlers } from './vault-handlers.ts';

/** What the commands drive; `main/core/outpost.ts` is one. */
export interface OutpostFacade extends StatusSource {
  start(): Promise<void>;
  stop(options: Params<'stop'>): Promise<void>;
  retry(): void;
  /** Throws `session-not-found`. */
  end(id: string): void;
}

export interface LogSource {
  /** The newest lines of `level` and above, oldest first. */
  recent(options: { readonly level?: LogLevel; readonly limit: number }): LogLine[];
  onLine(listener: (line: LogLine) => void): Unsubscribe;
}

export interface TokenStore {
  set(token: Secret): Promise<void>;
  remove(): Promise<void>;
}

export interface ConfigStore {
  show(): readonly ConfigRow[] | Promise<readonly ConfigRow[]>;
  /** What `set` would say of it; nothing is kept. */
  check(key: string, value: string): Failure | null;
  /** Resolves with what an admin should know, such as that a restart is needed. */
  set(key: string, value: string): Promise<readonly string[]>;
  unset(key: string): Promise<readonly string[]>;
}

/** Certificates: what a server shows, and whom to trust from now on. */
export interface TrustStore {
  /** Never rejects: why nothing was seen is in the report. */
  certificate(host: string, signal: AbortSignal): Promise<CertificateReport>;
  /** Both resolve with what an admin should know, as `ConfigStore.set` does. */
  keepCa(pem: string): Promise<readonly string[]>;
  pin(fingerprint: string): Promise<readonly string[]>;
}

export interface TrafficSource {
  recent(): Traffic;
  onSample(listener: (sample: TrafficSample) => void): Unsubscribe;
}

/** The key that this host's secrets are encrypted with. */
export interface KeyKeeper {
  readonly protection: Result<'secrets/protection'>['kind'];
  /** Encrypts them anew with this key, as base64, or with a key file. The old key holds where it rejects. */
  rekey(key: Secret | null): Promise<void>;
}

export interface HandlerOptions {
  readonly outpost: OutpostFacade;
  readonly log: LogSource;
  readonly token: TokenStore;
  readonly config: ConfigStore;
  readonly doctor: Doctor;
  readonly trust: TrustStore;
  readonly traffic: TrafficSource;
  readonly keys: KeyKeeper;
  readonly machines: MachinesDesk;
  readonly guardrails: GuardrailsDesk;
  readonly vault: VaultDesk;
  readonly offline: OfflineDesk;
  readonly audit: AuditDesk;
  readonly recordings: RecordingsDesk;
  /** For streams beside this connection. */
  readonly tickets: Tickets;
  /** What guacd printed last, oldest first. */
  readonly guacdOutput: () => readonly string[];
  readonly versions: () => Versions;
  /** Begins what a signal that asks the process to end would begin. */
  readonly shutDown: () => void;
  readonly logger: Logger;
  /** See `statusHandlers`. */
  readonly statusEveryMs?: number;
}

const DEFAULT_LOG_LINES = 200;
/** A drain may take hours; what goes wrong with it goes wrong at once. */
const DRAIN_ANSWER_MS = 250;

/** The contract's requests, answered by the outpost and its stores. */
export function controlHandlers(options: HandlerOptions): ControlHandlers {
  const { outpost, log, token, config, trust, traffic, keys, logger } = options;
  const examinations = new Examinations(options.doctor, logger);
  return {
    ...statusHandlers(outpost, options.statusEveryMs),
    start: async () => {
      await outpost.start();
      return {};
    },
    stop: async (options) => {
      await (options.drain ? beginDrain(outpost, options, logger) : outpost.stop(options));
      return {};
    },
    retry: () => {
      outpost.retry();
      return {};
    },
    end: ({ id }) => {
      outpost.end(id);
      return {};
    },
    log: ({ level, limit }) => ({ lines: recent(log, level, limit) }),
    'log/subscribe': ({ level, limit }, context) => {
      const lines = recent(log, level, limit);
      context.once('log', () => followLog(log, level, context));
      return { lines };
    },
    doctor: ({ proposed }, context) => examinations.run(context, proposed),
    'doctor/cancel': (_, context) => {
      examinations.cancel(context);
      return {};
    },
    certificate: ({ host }, { signal }) => trust.certificate(host, signal),
    'trust/ca': async ({ pem }) => ({ notes: await trust.keepCa(pem) }),
    'trust/pin': async ({ fingerprint }) => ({ notes: await trust.pin(fingerprint) }),
    'token/set': async ({ token: text }) => {
      await token.set(cleanToken(text, { name: 'The token', source: 'flag' }));
      return {};
    },
    'token/remove': async () => {
      await token.remove();
      return {};
    },
    'config/show': async () => ({ rows: await config.show() }),
    'config/check': ({ key, value }) => ({ failure: config.check(key, value) }),
    'config/set': async ({ key, value }) => ({ notes: await config.set(key, value) }),
    'config/unset': async ({ key }) => ({ notes: await config.unset(key) }),
    // Before authentik was reached: what the options mean, with their defaults.
    'outpost/config': () => ({
      rows: explainConfig(outpost.status().outpost?.config ?? {}).map(toOutpostConfigRow),
    }),
    traffic: () => traffic.recent(),
    'traffic/subscribe': (_, context) => {
      const recent = traffic.recent();
      context.once('traffic', () =>
        traffic.onSample((sample) => void context.notify('traffic/sample', sample)),
      );
      return recent;
    },
    'guacd/output': () => ({ lines: options.guacdOutput() }),
    versions: () => options.versions(),
    'secrets/protection': () => ({ kind: keys.protection }),
    'secrets/rekey': async ({ key }) => {
      await keys.rekey(key === null ? null : new Secret(key));
      return {};
    },
    ...guardrailsHandlers(options.guardrails),
    ...vaultHandlers(options.vault),
    ...offlineHandlers(options.offline),
    ...auditHandlers(options.audit),
    ...recordingsHandlers(options.recordings, options.tickets, logger),
    ...machinesHandlers(options.machines),
    shutdown: () => {
      options.shutDown();
      return {};
    },
  };
}

function recent(log: LogSource, level: LogLevel | undefined, limit = DEFAULT_LOG_LINES): LogLine[] {
  return log.recent(level === undefined ? { limit } : { level, limit });
}

function followLog(log: LogSource, level: LogLevel | undefined, context: ControlContext): Unsubscribe {
  let missed = 0;
  return log.onLine((line) => {
    if (level !== undefined && LOG_LEVELS.indexOf(line.level) < LOG_LEVELS.indexOf(level)) return;
    if (context.notify('log/line', { line, missed })) missed = 0;
    else missed += 1;
  });
}

async function beginDrain(outpost: OutpostFacade, options: Params<'stop'>, logger: Logger): Promise<void> {
  let answered = false;
  const drained = outpost.stop(options).catch((error: unknown) => {
    if (!answered) throw error;
    logger.log('error', 'Finishing the sessions failed', { error });
  });
  let timer: NodeJS.Timeout | undefined;
  const begun = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_ANSWER_MS);
  });
  try {
    await Promise.race([drained, begun]);
  } finally {
    answered = true;
    clearTimeout(timer);
  }
}
