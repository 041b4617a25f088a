import { getFips } from 'node:crypto';
import { hostname } from 'node:os';
import type { AuthentikEvent } from './authentik/api.ts';
import { Connection, type ConnectionOptions, type ConnectionTiming } from './authentik/connection.ts';
import { Link, type LinkOptions } from './authentik/link.ts';
import type { EventMessage, Hello } from './authentik/messages.ts';
import { decodeOutpostConfig } from './authentik/outpost-config.ts';
import { Emitter } from './base/emitter.ts';
import type { Logger, LogLevel } from './base/logger.ts';
import type { Secret } from './base/secret.ts';
import { type Failure, SallyportError } from './errors.ts';
import type { Display } from './guacamole/handshake.ts';
import type { Guacd } from './guacd/guacd.ts';
import type { Admit } from './sessions/admission.ts';
import { Broker } from './sessions/broker.ts';
import type { DriveFolder } from './sessions/drive.ts';
import type { SessionLimits } from './sessions/limits.ts';
import type { SessionObserver, Watcher } from './sessions/observer.ts';
import type { OpenPeer } from './sessions/peer.ts';
import { decodeRequest, type Opening, type SessionRequest, UNNAMED_MACHINE } from './sessions/request.ts';
import type { OpenTap } from './sessions/tap.ts';
import { ending } from './sessions/words.ts';
import type { LinkState, MetricsState, OutpostInfo, OutpostStatus } from './status.ts';
import { BUILD, VERSION } from './version.ts';

/** Counts what happens; `telemetry/metrics.ts` is one. */
export interface OutpostObserver extends SessionObserver {
  linkReconnected(): void;
  guacdRestarted(): void;
  apiRequest(operation: string, outcome: Parameters<ConnectionOptions['onRequest']>[0]['outcome']): void;
}

export interface OutpostOptions {
  /** Names this running instance, as a uuid; authentik keeps its health by it. */
  readonly instance: string;
  readonly endpoint: ConnectionOptions['endpoint'];
  /** authentik's address for people, and whether TLS is unverified; known before it was ever reached. */
  readonly host: string | null;
  readonly insecure: boolean;
  readonly guacd: Guacd;
  readonly drives: DriveFolder;
  readonly limits: SessionLimits;
  /** A time zone's name for the machines. */
  readonly timezone: string;
  readonly observer: OutpostObserver;
  readonly metrics: () => MetricsState;
  /** The admin's remembered wish. */
  readonly wish: {
    readonly initial: OutpostStatus['wish'];
    readonly write: (wish: OutpostStatus['wish']) => Promise<void>;
  };
  /** Told when authentik's configuration of the outpost says how much to log. */
  readonly onLogLevel: (level: LogLevel) => void;
  /** What is known of the machines of this host itself; nothing where left out. */
  readonly local?: () => Pick<OutpostStatus, 'offline' | 'vault'>;
  /** What was found wrong before the outpost began, such as a damaged settings file. */
  readonly warnings: () => readonly Failure[];
  readonly logger: Logger;
  /** See `SessionOptions.conceal`. */
  readonly conceal: (secret: Secret) => () => void;
  /** See `BrokerOptions`. */
  readonly admit?: Admit;
  readonly openTap?: OpenTap;
  readonly tellWatched?: boolean;
  /** Other than the defaults of the link and the connection. */
  readonly timing?: Partial<OutpostTiming>;
}

export interface OutpostTiming extends ConnectionTiming {
  readonly link: Pick<LinkOptions, 'helloMs' | 'backoff' | 'rejectedMs'>;
}

export interface StopOptions {
  /** Lets the sessions finish. */
  readonly drain: boolean;
  /** Whether that is wished from now on, also after a restart; true where left out. */
  readonly remember?: boolean;
}

/** How many unknown messages are told in the log; a server that sends thousands must not fill it. */
const MAX_UNKNOWN_TOLD = 20;

/**
 * The outpost: everything below `core`, started and stopped in order, and one status for everyone.
 */
export class Outpost {
  readonly #options: OutpostOptions;
  readonly #startedAt = Date.now();
  readonly #connection: Connection;
  readonly #link: Link;
  readonly #broker: Broker;
  readonly #changed = new Emitter<void>();
  #wish: OutpostStatus['wish'];
  #phase: OutpostStatus['phase'] = 'stopped';
  #info: OutpostInfo | null = null;
  #updateFailure: Failure | null = null;
  /** What of authentik's configuration cannot be used. */
  #configProblems: readonly Failure[] = [];
  #active = 0;
  #unknownTold = 0;
  readonly #toldOnce = new Set<string>();
  #wasOnline = false;
  #restarts = 0;
  #changeSoon = false;
  /** Starts and stops, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** Ends the waiting of a drain that was taken back or cut short. */
  #drainOver: (() => void) | undefined;

  /** The status is another one. Who wants it asks for it: with many sessions it is long to put together. */
  readonly onStatus = this.#changed.on;

  constructor(options: OutpostOptions) {
    this.#options = options;
    const { logger, guacd, drives, limits, timezone, observer, conceal, timing = {} } = options;
    this.#wish = options.wish.initial;
    this.#broker = new Broker({
      guacd,
      drives,
      openBulk: (id, tenant, signal) => this.#connection.bulk(id, tenant, signal),
      limits,
      timezone,
      observer,
      logger,
      conceal,
      ...(options.admit && { admit: options.admit }),
      ...(options.openTap && { openTap: options.openTap }),
      ...(options.tellWatched !== undefined && { tellWatched: options.tellWatched }),
    });
    this.#connection = new Connection({
      endpoint: options.endpoint,
      instance: options.instance,
      maxPayload: limits.frameBytes,
      onRequest: ({ operation, outcome }) => observer.apiRequest(operation, outcome),
      onUpdate: (info, failure) => this.#updated(info, failure),
      logger: logger.child('authentik'),
      timing,
    });
    this.#link = new Link({
      dial: (attempt, signal) => this.#connection.dial(attempt, signal),
      hello: () => this.#hello(),
      onMessage: (message) => this.#receive(message),
      logger: logger.child('link'),
      ...timing.link,
    });
    this.#broker.onChange(() => this.#sessionsChanged());
    this.#link.onState((state) => {
      // It may be upgraded meanwhile, or be another one behind the same address.
      if (state.kind === 'waiting') this.#broker.generation.forget();
      if (state.kind === 'online' && state.acknowledgedAt === null) {
        if (this.#wasOnline) observer.linkReconnected();
        else this.#wasOnline = true;
        logger.log('info', 'Online', { host: options.host, outpost: this.#info?.name });
      }
      this.#tell();
    });
    guacd.onState(() => this.#guacdChanged());
  }

  status(): OutpostStatus {
    const { host, insecure, guacd, metrics, warnings } = this.#options;
    return {
      version: VERSION,
      pid: process.pid,
      startedAt: this.#startedAt,
      wish: this.#wish,
      phase: this.#phase,
      host,
      insecure,
      link: this.#link.state,
      outpost: this.#info,
      updateFailure: this.#updateFailure,
      guacd: guacd.state,
      metrics: metrics(),
      sessions: this.#broker.sessions,
      history: this.#broker.history,
      sessionLimit: this.#broker.limit,
      ...this.#options.local?.(),
      warnings: [...warnings(), ...this.#connection.warnings, ...this.#configProblems, ...guacd.warnings],
    };
  }

  get phase(): OutpostStatus['phase'] {
    return this.#phase;
  }

  get link(): LinkState {
    return this.#link.state;
  }

  /** Of the sessions that are open. */
  get sessionIds(): string[] {
    return this.#broker.sessionIds;
  }

  /** How authentik knows it; null while that is not known. */
  get name(): string | null {
    return this.#info?.name ?? null;
  }

  /** Does what the admin last wished; for the start of the process. */
  async resume(): Promise<void> {
    for (const { message, advice } of await this.#options.drives.sweep())
      this.#options.logger.log('warning', 'A drive was left behind', { reason: message, advice });
    if (this.#wish === 'run') await this.#run();
  }

  /** Connects, and remembers that this is wished. A drain that is under way is taken back. */
  async start(): Promise<void> {
    await this.#remember('run');
    await this.#run();
  }

  /** Ends all sessions with a word, or lets them finish (`drain`), and disconnects. */
  async stop({ drain, remember = true }: StopOptions): Promise<void> {
    if (remember) await this.#remember('stop');
    this.#drainOver?.();
    await this.#inTurn(() => this.#halt(drain));
  }

  /** The process ends, the wish stays. */
  shutDown(): Promise<void> {
    return this.stop({ drain: false, remember: false });
  }

  /** Tries to reach authentik at once instead of waiting. */
  retry(): void {
    this.#needRunning();
    this.#link.retry();
  }

  /** Ends one session. Throws `session-not-found`. */
  end(id: string): void {
    this.#broker.end(id, ending('ended-by-admin', ENDED_BY_ADMIN));
  }

  /**
   * Opens a session that this host wants, or goes on with the one that the same window showed. Whoever is refused is
   * told by `openPeer`. Throws `not-running` where the outpost is stopped: there is no guacd then.
   */
  openLocal({ request, ...rest }: Opening, openPeer: OpenPeer, window: string): void {
    this.#needRunning();
    // Nobody ends another's session by the name of their window.
    const channel = `window:${request.member ?? 'own'}:${window}`;
    this.#broker.open(request, channel, openPeer, {
      window,
      version: 'VERSION_1_5_0',
      ...rest,
    });
  }

  /** See `Broker.ofWindow`. */
  ofWindow(window: string): SessionRequest[] {
    return this.#broker.ofWindow(window);
  }

  /**
   * Shows a running session to one who can do nothing in it, and returns the new session's id. Throws
   * `session-not-found`, `session-not-watchable` or `session-limit`.
   */
  watch(id: string, watcher: Watcher, display: Display, openPeer: OpenPeer): string {
    return this.#broker.watch(id, watcher, display, openPeer);
  }

  /** What an open session was opened with; its values are secrets. */
  requestOf(id: string): SessionRequest | undefined {
    return this.#broker.requestOf(id);
  }

  /** Adds a line to authentik's event log. Rejects as the API does, or with `not-running` before it was ever reached. */
  tellAuthentik(event: AuthentikEvent, signal: AbortSignal): Promise<void> {
    return this.#connection.createEvent(event, signal);
  }

  /** Tells everyone who listens that something outside has changed, such as the metrics server. */
  readonly tell = (): void => this.#tell();

  #needRunning(): void {
    if (this.#phase === 'running') return;
    throw new SallyportError('not-running', 'The outpost is stopped.', { advice: 'Start it first.' });
  }

  #run(): Promise<void> {
    this.#drainOver?.();
    return this.#inTurn(async () => {
      if (this.#phase === 'running') return;
      this.#setPhase('running');
      this.#broker.draining = false;
      // Side by side, and nobody waits for either: a stop that comes meanwhile must not.
      this.#link.start();
      void this.#options.guacd.start();
    });
  }

  async #halt(drain: boolean): Promise<void> {
    if (this.#phase === 'stopped') return;
    this.#broker.draining = true;
    // Without a link authentik sends no more sessions; those that are open do not need it.
    this.#link.stop();
    this.#connection.stop();
    if (drain) {
      this.#setPhase('draining');
      const cut = new Promise<void>((resolve) => {
        this.#drainOver = resolve;
      });
      const finished = this.#broker.allOver().then(() => true);
      const isFinished = await Promise.race([finished, cut.then(() => false)]);
      this.#drainOver = undefined;
      // Somebody else's turn decides what comes now.
      if (!isFinished) return;
    }
    this.#setPhase('stopping');
    await this.#broker.endAll(ending('shutdown', STOPPED));
    await this.#options.guacd.stop();
    this.#setPhase('stopped');
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(action);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #remember(wish: OutpostStatus['wish']): Promise<void> {
    this.#wish = wish;
    await this.#options.wish.write(wish);
    this.#tell();
  }

  #receive(message: Exclude<EventMessage, { kind: 'ack' }>): void {
    switch (message.kind) {
      case 'update':
        this.#connection.refreshSoon();
        return;
      case 'open':
        this.#open(message.channel, message.args);
        return;
      case 'end':
        this.#end(message.sessionId);
        return;
      case 'unknown':
      case 'malformed':
        this.#tellUnknown(message);
        return;
      default:
        message satisfies never;
    }
  }

  #open(channel: string, args: Readonly<Record<string, unknown>>): void {
    const openPeer: OpenPeer = (events, signal) => this.#connection.tunnel(channel, events, signal);
    try {
      this.#broker.open(decodeRequest(args), channel, openPeer);
    } catch (error) {
      const { protocol } = args;
      this.#broker.refuse(SallyportError.from(error, 'The session'), openPeer, {
        source: 'authentik',
        protocol: typeof protocol === 'string' ? protocol : '',
        user: null,
        machine: UNNAMED_MACHINE,
      });
    }
  }

  /** authentik says so to every outpost, and most logins have no session here. */
  #end(sessionId: string): void {
    const count = this.#broker.endNamed(sessionId, ending('ended-by-authentik', LOGIN_ENDED));
    if (count > 0) this.#options.logger.log('info', 'authentik has ended sessions', { sessions: count });
    else this.#tellOnce('authentik has ended a login that has no session here');
  }

  #tellOnce(event: string): void {
    if (this.#toldOnce.has(event)) return;
    this.#toldOnce.add(event);
    this.#options.logger.log('info', event);
  }

  #tellUnknown(message: EventMessage): void {
    this.#unknownTold += 1;
    const level = this.#unknownTold <= MAX_UNKNOWN_TOLD ? 'warning' : 'trace';
    this.#options.logger.log(level, 'A message from authentik was ignored', { ...message });
  }

  #hello(): Hello {
    return {
      version: VERSION,
      buildHash: BUILD,
      uuid: this.#options.instance,
      hostname: hostname(),
      golangVersion: `node ${process.versions.node}`,
      opensslEnabled: true,
      opensslVersion: process.versions.openssl ?? '',
      fipsEnabled: getFips() === 1,
      active_connections: this.#broker.active,
    };
  }

  #updated(info: OutpostInfo | null, failure: Failure | null): void {
    this.#updateFailure = failure;
    if (info) {
      this.#info = info;
      const { logLevel, problems } = decodeOutpostConfig(info.config);
      this.#configProblems = problems;
      if (logLevel) this.#options.onLogLevel(logLevel);
    }
    this.#tell();
  }

  #sessionsChanged(): void {
    const { active } = this.#broker;
    if (active !== this.#active) {
      this.#active = active;
      this.#link.helloSoon();
    }
    this.#tell();
  }

  #guacdChanged(): void {
    const { restarts } = this.#options.guacd;
    for (; this.#restarts < restarts; this.#restarts += 1) this.#options.observer.guacdRestarted();
    this.#tell();
  }

  #setPhase(phase: OutpostStatus['phase']): void {
    this.#phase = phase;
    this.#options.logger.log('info', 'Outpost changed', { phase });
    this.#tell();
  }

  /** At most once a turn of the loop: twenty sessions that end together are one change. */
  #tell(): void {
    if (this.#changeSoon) return;
    this.#changeSoon = true;
    setImmediate(() => {
      this.#changeSoon = false;
      this.#changed.emit();
    });
  }
}

const ENDED_BY_ADMIN: Failure = {
  code: 'aborted',
  message: 'The admin of the jump host ended this session.',
};

const LOGIN_ENDED: Failure = {
  code: 'aborted',
  message: 'authentik ended this session: the login that it belongs to has ended.',
  advice: 'Log in again to go on.',
};

const STOPPED: Failure = {
  code: 'not-running',
  message: 'The outpost was stopped, so this session was ended.',
  advice: 'Open it again when the outpost is back.',
};
