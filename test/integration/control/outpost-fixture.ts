import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditDesk, AuditFilter, AuditPage, HandOverState } from '../../../main/control/audit-schema.ts';
import type { ConfigRow } from '../../../main/control/config-schema.ts';
import type { TrafficSample } from '../../../main/control/contract.ts';
import { type ConfigStore, controlHandlers, type OutpostFacade } from '../../../main/control/handlers.ts';
import { type ControlLimits, ControlServer } from '../../../main/control/server.ts';
import { Tickets } from '../../../main/control/tickets.ts';
import type { Proposal } from '../../../main/control/trust-schema.ts';
import type { AuditEntry, AuditEvent } from '../../../main/core/audit-event.ts';
import { wantedBy } from '../../../main/core/audit-search.ts';
import { Emitter } from '../../../main/core/base/emitter.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import type { Secret } from '../../../main/core/base/secret.ts';
import { type DoctorStep, passed } from '../../../main/core/doctor/step.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { OutpostStatus, SessionStatus } from '../../../main/core/status.ts';
import type { LogLine } from '../../../main/core/telemetry/terminal-line.ts';
import { guardrailsIn } from './guardrails-fixture.ts';
import { machinesIn } from './machines-fixture.ts';
import { LocalFixture } from './offline-fixture.ts';
import { RecordingsFixture } from './recordings-fixture.ts';

export const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

export function session(changes: Partial<SessionStatus> = {}): SessionStatus {
  return {
    id: 'a1b2c3',
    source: 'authentik',
    protocol: 'rdp',
    user: 'alice',
    machine: '10.0.0.7:3389',
    state: 'live',
    startedAt: AT - 12 * 60_000,
    setupMs: 340,
    bytesToPeer: 35_000_000,
    bytesToGuacd: 120_000,
    queuedBytes: 0,
    guacd: '127.0.0.1:4822',
    parameters: ['hostname', 'password'],
    ...changes,
  };
}

export function status(changes: Partial<OutpostStatus> = {}): OutpostStatus {
  return {
    version: '0.1.0',
    pid: 4711,
    startedAt: AT - 3_600_000,
    wish: 'run',
    phase: 'running',
    host: 'https://sso.example.org/auth/',
    insecure: false,
    link: { kind: 'online', since: AT - 60_000, acknowledgedAt: AT - 4000 },
    outpost: {
      pk: 'pk-1',
      name: 'Jump host',
      providers: [{ pk: 1, name: 'RAC' }],
      config: { log_level: 'info' },
      updatedAt: AT - 100_000,
    },
    updateFailure: null,
    guacd: {
      kind: 'up',
      since: AT - 3_500_000,
      instances: [{ address: '127.0.0.1:4822', healthy: true, version: '1.6.0', sessions: 1, reason: null }],
    },
    metrics: { kind: 'listening', address: '127.0.0.1:9300' },
    sessions: [session()],
    history: [],
    sessionLimit: 40,
    warnings: [],
    ...changes,
  };
}

/** An outpost without sessions of its own: it does what is asked and remembers it. */
export class PracticeOutpost implements OutpostFacade {
  readonly asked: string[] = [];
  readonly #changes = new Emitter<void>();
  #status = status();

  status() {
    return this.#status;
  }

  onStatus(listener: () => void) {
    return this.#changes.on(listener);
  }

  change(changes: Partial<OutpostStatus>) {
    this.#status = { ...this.#status, ...changes };
    this.#changes.emit();
  }

  async start() {
    this.asked.push('start');
    this.change({ phase: 'running', wish: 'run' });
  }

  async stop({ drain }: { drain: boolean }) {
    this.asked.push(drain ? 'drain' : 'stop');
    this.change(
      drain ? { phase: 'draining', wish: 'stop' } : { phase: 'stopped', wish: 'stop', sessions: [] },
    );
    if (drain) await new Promise(() => {});
  }

  retry() {
    this.asked.push('retry');
  }

  end(id: string) {
    if (!this.#status.sessions.some((open) => open.id === id))
      throw new SallyportError('session-not-found', `There is no session ${id}.`, {
        advice: 'See `sallyport sessions`.',
      });
    this.asked.push(`end ${id}`);
  }
}

export function logLine(event: string, level: LogLine['level'] = 'info'): LogLine {
  return {
    timestamp: '2026-01-02T03:04:05.678Z',
    level,
    logger: 'sallyport.link',
    event,
    fields: { attempt: 1 },
  };
}

/** A setting as `config/show` gives it. */
export function configRow(key: string, value: string): ConfigRow {
  return {
    key,
    value,
    origin: 'file',
    originKind: 'file',
    locked: false,
    secret: false,
    description: 'A setting',
    environment: ['A_SETTING'],
    flag: '--a-setting',
    default: null,
    expects: 'anything',
    unit: null,
    applies: 'restart',
    kind: 'text',
    choices: [],
  };
}

/** A journal in memory. */
export class PracticeAudit implements AuditDesk {
  readonly #added = new Emitter<AuditEntry>();
  readonly entries: AuditEntry[] = [];
  handOver: HandOverState = { wanted: true, upTo: 0, waiting: 0, failure: null };
  readonly onEntry = this.#added.on;
  readonly #told = new Emitter<void>();
  readonly onHandOver = this.#told.on;

  tell(handOver: HandOverState) {
    this.handOver = handOver;
    this.#told.emit();
  }

  add(event: AuditEvent) {
    const entry = {
      n: this.entries.length + 1,
      at: new Date(AT).toISOString(),
      previous: '0'.repeat(64),
      event,
    };
    this.entries.push(entry);
    this.#added.emit(entry);
  }

  async recent({ limit, before = Number.MAX_SAFE_INTEGER, ...filter }: AuditFilter) {
    const found = this.entries.filter((entry) => entry.n < before && wantedBy(filter)(entry));
    return found.reverse().slice(0, limit);
  }

  async page({ from, limit }: AuditPage) {
    return this.entries.filter(({ n }) => n >= from).slice(0, limit);
  }
}

export class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), 'sp-'));
  readonly path = join(this.dir, 'control.sock');
  readonly outpost = new PracticeOutpost();
  readonly audit = new PracticeAudit();
  readonly machines = machinesIn(this.dir, () => this.outpost.status());
  readonly local = new LocalFixture(this.dir, this.machines.machines);
  readonly recorded = new RecordingsFixture(this.dir, this.local.vault);
  readonly lines: LogLine[] = [logLine('First'), logLine('Second', 'warning')];
  readonly logged = new Emitter<LogLine>();
  readonly steps: DoctorStep[] = [
    { id: 'dns', title: 'Name', outcome: passed('127.0.0.1'), tookMs: 3 },
    { id: 'tcp', title: 'TCP', outcome: passed('connected'), tookMs: 2 },
  ];
  token: Secret | null = null;
  proposed: Proposal | undefined;
  /** What the doctor waits for after its first step. */
  examined: Promise<void> = Promise.resolve();
  readonly sampled = new Emitter<TrafficSample>();
  /** Calls that the stores got, with what they were given. */
  readonly asked: string[] = [];
  readonly rows = new Map([['authentik_host', 'https://sso.example.org/auth/']]);
  tickets = new Tickets();
  server: ControlServer | undefined;

  async listen(limits: Partial<ControlLimits> = {}): Promise<this> {
    this.server = await ControlServer.listen({
      path: this.path,
      logger: silentLogger,
      limits,
      handlers: this.handlers(),
      tickets: this.tickets,
    });
    return this;
  }

  handlers() {
    const { lines, logged, steps, rows } = this;
    const config: ConfigStore = {
      show: () => [...rows].map(([key, value]) => configRow(key, value)),
      check: (key, value) =>
        key === 'nonsense' ? { code: 'settings-invalid', message: `There is no setting ${value}.` } : null,
      set: async (key, value) => {
        if (key === 'nonsense')
          throw new SallyportError('settings-invalid', 'There is no setting “nonsense”.', {
            advice: 'See `sallyport config show`.',
          });
        rows.set(key, value);
        return ['Restart the outpost for it to count.'];
      },
      unset: async (key) => {
        rows.delete(key);
        return [];
      },
    };
    return controlHandlers({
      outpost: this.outpost,
      log: {
        recent: ({ level, limit }) => lines.filter((line) => !level || line.level === level).slice(-limit),
        onLine: (listener) => logged.on(listener),
      },
      token: {
        set: async (token) => {
          this.token = token;
        },
        remove: async () => {
          this.token = null;
        },
      },
      config,
      doctor: (_, proposed) => this.examine(steps, proposed),
      trust: {
        certificate: async (host) => {
          this.asked.push(`certificate ${host}`);
          return { chain: [], trusted: false, failure: { code: 'dns-failed', message: `No ${host}.` } };
        },
        keepCa: async (pem) => {
          this.asked.push(`ca ${pem}`);
          return ['Kept.'];
        },
        pin: async (fingerprint) => {
          this.asked.push(`pin ${fingerprint}`);
          return [];
        },
      },
      traffic: {
        recent: () => ({ everyMs: 5000, samples: [{ at: AT, sessions: 1, toPeer: 2, toGuacd: 3 }] }),
        onSample: (listener) => this.sampled.on(listener),
      },
      keys: {
        protection: 'key-file',
        rekey: async (key) => {
          this.asked.push(`rekey ${key === null ? 'null' : key.reveal().length}`);
        },
      },
      guardrails: guardrailsIn(this.dir),
      audit: this.audit,
      machines: this.machines.machines,
      ...this.local.desks(this.tickets),
      recordings: this.recorded.recordings,
      tickets: this.tickets,
      guacdOutput: () => ['guacd said this'],
      versions: () => ({
        sallyport: '0.1.0',
        node: '20.0.0',
        openssl: '3.0.0',
        platform: 'linux',
        arch: 'x64',
        guacd: null,
      }),
      shutDown: () => {
        this.asked.push('shutdown');
      },
      logger: silentLogger,
      statusEveryMs: 20,
    });
  }

  async *examine(steps: readonly DoctorStep[], proposed: Proposal | undefined) {
    this.proposed = proposed;
    const [first, ...others] = steps;
    if (first) yield first;
    await this.examined;
    yield* others;
  }

  async end(): Promise<void> {
    await this.server?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
