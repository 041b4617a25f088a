import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import type { LogFields, Logger, LogLevel } from '../../../main/core/base/logger.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { ExternalGuacd } from '../../../main/core/guacd/external.ts';
import type { Guacd } from '../../../main/core/guacd/guacd.ts';
import { Outpost, type OutpostTiming } from '../../../main/core/outpost.ts';
import { DriveFolder } from '../../../main/core/sessions/drive.ts';
import { DEFAULT_LIMITS, type SessionLimits } from '../../../main/core/sessions/limits.ts';
import type { LinkState, OutpostStatus } from '../../../main/core/status.ts';
import type { PracticeBrowser } from '../../../practice/authentik/browser.ts';
import type { PracticeMachine } from '../../../practice/authentik/machine.ts';
import type { PracticeAuthentikOptions } from '../../../practice/authentik/options.ts';
import { type OpenSessionOptions, PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { type GuacdEnd, SteeredGuacd } from './guacd.ts';

export interface LogEntry {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

export interface OutpostBenchOptions {
  readonly authentik?: PracticeAuthentikOptions;
  readonly limits?: Partial<SessionLimits>;
  readonly timing?: Partial<OutpostTiming>;
  readonly local?: boolean;
  readonly wish?: OutpostStatus['wish'];
}

const benches: OutpostBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.end();
});

/** A whole outpost between practice authentik and a guacd that does what a test wants. Ends with the test. */
export class OutpostBench {
  readonly authentik: PracticeAuthentik;
  readonly guacd: SteeredGuacd;
  readonly outpost: Outpost;
  readonly drives: string;
  readonly log: LogEntry[] = [];
  readonly wishes: string[] = [];
  readonly levels: LogLevel[] = [];
  /** Every state of the link, in order. */
  readonly states: LinkState[] = [];
  /** What authentik's address is at the next attempt. */
  host: string;
  reconnects = 0;

  private constructor(
    authentik: PracticeAuthentik,
    guacd: SteeredGuacd,
    drives: string,
    { limits, timing = {}, local = false, wish = 'run' }: OutpostBenchOptions,
  ) {
    this.authentik = authentik;
    this.guacd = guacd;
    this.drives = drives;
    this.host = authentik.url;
    const logger = recordingLogger(this.log);
    this.outpost = new Outpost({
      instance: randomUUID(),
      host: authentik.url,
      insecure: false,
      endpoint: async () => ({
        host: this.host,
        token: new Secret(authentik.token),
        trust: SYSTEM_TRUST,
        proxy: 'none',
      }),
      guacd: guacdAt(guacd, local, logger),
      drives: new DriveFolder(drives),
      // Where an ending is looked at it must not wait for anybody to come back.
      limits: { ...DEFAULT_LIMITS, holdMs: 0, sessions: 50, ...limits },
      timezone: 'UTC',
      observer: {
        sessionStarted() {},
        setupFinished() {},
        sessionEnded() {},
        bytes() {},
        guacdRestarted() {},
        apiRequest() {},
        linkReconnected: () => {
          this.reconnects += 1;
        },
      },
      metrics: () => ({ kind: 'off' }),
      wish: { initial: wish, write: async (next) => void this.wishes.push(next) },
      onLogLevel: (level) => this.levels.push(level),
      warnings: () => [],
      logger,
      conceal: () => () => {},
      // A guacd that is asked for nothing but sessions says nothing else; the link is in a hurry.
      timing: { spreadMs: 20, ...timing, link: { backoff: { first: 20, cap: 100 }, ...timing.link } },
    });
    let last: LinkState | undefined;
    this.outpost.onStatus(() => {
      const { link } = this.outpost;
      if (link !== last) this.states.push(link);
      last = link;
    });
  }

  /** Everything but the outpost runs. */
  static async prepare(options: OutpostBenchOptions = {}): Promise<OutpostBench> {
    const machine: PracticeMachine = {
      name: 'box',
      protocol: 'ssh',
      parameters: { hostname: 'box', port: '22' },
    };
    const authentik = await PracticeAuthentik.start({ machines: [machine], ...options.authentik });
    const guacd = await SteeredGuacd.listen();
    const drives = join(await mkdtemp(join(tmpdir(), 'sallyport-outpost-')), 'drives');
    const bench = new OutpostBench(authentik, guacd, drives, options);
    benches.push(bench);
    return bench;
  }

  /** The outpost runs and has said its first hello. */
  static async start(options: OutpostBenchOptions = {}): Promise<OutpostBench> {
    const bench = await OutpostBench.prepare(options);
    await bench.outpost.resume();
    await bench.online();
    return bench;
  }

  /** Waits for what `look` finds, which is asked whenever something has happened. */
  until<T>(look: () => T | undefined | false, what?: string): Promise<T> {
    return this.authentik.until(look, what === undefined ? {} : { what });
  }

  get link(): LinkState {
    return this.outpost.status().link;
  }

  online(): Promise<unknown> {
    return this.until(
      () => this.link.kind === 'online' && this.link.acknowledgedAt !== null,
      'the link is online',
    );
  }

  /** Waits until the link is neither connecting nor online, and gives why. */
  async down(): Promise<Extract<LinkState, { kind: 'waiting' | 'rejected' }>> {
    return this.until(() => {
      const { link } = this;
      return link.kind === 'waiting' || link.kind === 'rejected' ? link : undefined;
    }, 'the link is down');
  }

  /** How often the outpost's own description was asked for. */
  get fetches(): number {
    return this.authentik.journal.requests.filter(({ target }) => target.includes('/outposts/instances/'))
      .length;
  }

  /** `active_connections` of every hello, in order. */
  get hellos(): number[] {
    return this.authentik.journal.hellos.map(({ args }) => Number(args['active_connections']));
  }

  /** A browser opens a session, which is live. */
  async live(options: OpenSessionOptions = {}): Promise<{ browser: PracticeBrowser; guacd: GuacdEnd }> {
    const before = new Set(this.outpost.status().sessions.map(({ id }) => id));
    const at = this.guacd.ends.length;
    const browser = await this.authentik.openSession('box', options);
    await this.until(
      () => this.outpost.status().sessions.some(({ id, state }) => !before.has(id) && state === 'live'),
      'the session is live',
    );
    const guacd = this.guacd.ends[at];
    if (!guacd) throw new Error('The session is live without guacd.');
    return { browser, guacd };
  }

  async end(): Promise<void> {
    try {
      await this.outpost.shutDown();
    } finally {
      await this.authentik.stop();
      await this.guacd.close();
      await rm(join(this.drives, '..'), { recursive: true, force: true });
    }
  }
}

/** A guacd that others run, which is not probed: only sessions reach it. */
function guacdAt({ address }: SteeredGuacd, local: boolean, logger: Logger): Guacd {
  const external = new ExternalGuacd({ addresses: [address] }, logger);
  return {
    start: async () => {},
    stop: () => external.stop(),
    killNow: () => {},
    get state() {
      return external.state;
    },
    onState: external.onState,
    warnings: [],
    isLocal: local,
    restarts: 0,
    lastOutput: () => [],
    connect: (...args) => external.connect(...args),
  };
}

function recordingLogger(entries: LogEntry[]): Logger {
  const logger: Logger = {
    log: (level, event, fields = {}) => void entries.push({ level, event, fields }),
    child: () => logger,
  };
  return logger;
}
