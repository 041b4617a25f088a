import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openBulkSocket } from '../../../main/core/authentik/bulk-socket.ts';
import { Endpoint } from '../../../main/core/authentik/endpoint.ts';
import { SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import { Tunnel } from '../../../main/core/authentik/tunnel.ts';
import type { LivenessOptions } from '../../../main/core/authentik/websocket-socket.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import type { Instruction } from '../../../main/core/guacamole/instruction.ts';
import { ExternalGuacd } from '../../../main/core/guacd/external.ts';
import type { Guacd } from '../../../main/core/guacd/guacd.ts';
import type { Admit } from '../../../main/core/sessions/admission.ts';
import { Broker } from '../../../main/core/sessions/broker.ts';
import { DriveFolder } from '../../../main/core/sessions/drive.ts';
import { DEFAULT_LIMITS, type SessionLimits } from '../../../main/core/sessions/limits.ts';
import type { OpenPeer } from '../../../main/core/sessions/peer.ts';
import { decodeRequest } from '../../../main/core/sessions/request.ts';
import type { OpenTap } from '../../../main/core/sessions/tap.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import type { EndedSession } from '../../../main/core/status.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type GuacdEnd, SteeredGuacd } from './guacd.ts';
import { type TunnelEnd, TunnelServer } from './tunnels.ts';

export interface BenchOptions extends LivenessOptions {
  readonly limits?: Partial<SessionLimits>;
  /** Whether guacd shares this machine's files. */
  readonly local?: boolean;
  readonly admit?: Admit;
  readonly openTap?: OpenTap;
  readonly tellWatched?: boolean;
}

/** What a browser was told at the end of its session. */
export interface Farewell {
  readonly sentence: string;
  readonly status: number;
}

/** A live session: both of its ends. */
export interface Ends {
  readonly browser: TunnelEnd;
  readonly guacd: GuacdEnd;
}

const benches: SessionBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.end();
});

/** A broker between a guacd and an authentik that do what a test wants; all over real sockets. Ends with the test. */
export class SessionBench {
  readonly guacd: SteeredGuacd;
  readonly tunnels: TunnelServer;
  readonly broker: Broker;
  readonly drives: string;
  /** What was told to those who count. */
  readonly told: string[] = [];
  /** Parameters that the log must not show at this moment. */
  readonly concealed = new Set<Secret>();
  readonly bytes = { 'to-peer': 0, 'to-guacd': 0 };
  readonly #endpoint: Endpoint;
  readonly #options: BenchOptions;

  private constructor(
    ends: { readonly guacd: SteeredGuacd; readonly tunnels: TunnelServer; readonly endpoint: Endpoint },
    drives: string,
    options: BenchOptions,
  ) {
    this.guacd = ends.guacd;
    this.tunnels = ends.tunnels;
    this.drives = drives;
    this.#endpoint = ends.endpoint;
    this.#options = options;
    const external = new ExternalGuacd({ addresses: [ends.guacd.address] }, silentLogger);
    const guacd: Pick<Guacd, 'connect' | 'isLocal'> = {
      isLocal: options.local === true,
      connect: (handshake, signal, at) => external.connect(handshake, signal, at),
    };
    this.broker = new Broker({
      guacd,
      drives: new DriveFolder(drives),
      openBulk: (id, tenant, signal) =>
        openBulkSocket(this.#endpoint, id, tenant, { signal, retry: { attempts: 4, pauseMs: 10 } }),
      limits: { ...DEFAULT_LIMITS, sessions: 100, ...options.limits },
      timezone: 'Europe/Berlin',
      observer: {
        sessionStarted: (protocol) => this.told.push(`started ${protocol}`),
        setupFinished: (protocol) => this.told.push(`live ${protocol}`),
        sessionEnded: (protocol, reason) => this.told.push(`ended ${protocol} ${reason}`),
        bytes: (direction, count) => {
          this.bytes[direction] += count;
        },
        held: ({ machine }) => this.told.push(`held ${machine}`),
        resumed: ({ machine }) => this.told.push(`resumed ${machine}`),
        holdExpired: ({ machine }) => this.told.push(`expired ${machine}`),
        refused: ({ machine }, { message }) => this.told.push(`refused ${machine}: ${message}`),
        watched: ({ machine }, { user }, event) => this.told.push(`${event} ${user} ${machine}`),
      },
      ...(options.admit && { admit: options.admit }),
      ...(options.openTap && { openTap: options.openTap }),
      ...(options.tellWatched !== undefined && { tellWatched: options.tellWatched }),
      logger: silentLogger,
      conceal: (secret) => {
        this.concealed.add(secret);
        return () => this.concealed.delete(secret);
      },
    });
  }

  static async start(options: BenchOptions = {}): Promise<SessionBench> {
    const [guacd, tunnels] = [await SteeredGuacd.listen(), await TunnelServer.listen()];
    const endpoint = await Endpoint.open({
      host: `http://127.0.0.1:${tunnels.port}/auth/`,
      token: new Secret('a-token-of-the-test'),
      trust: SYSTEM_TRUST,
      proxy: 'none',
    });
    const drives = join(await mkdtemp(join(tmpdir(), 'sallyport-sessions-')), 'drives');
    const bench = new SessionBench({ guacd, tunnels, endpoint }, drives, options);
    benches.push(bench);
    return bench;
  }

  /** How the broker reaches a browser. */
  peer(channel: string): OpenPeer {
    const { limits, pingMs, deadMs } = this.#options;
    return (events, signal) =>
      Tunnel.open(this.#endpoint, channel, events, {
        signal,
        maxPayload: limits?.frameBytes ?? DEFAULT_LIMITS.frameBytes,
        ...(pingMs === undefined ? {} : { pingMs }),
        ...(deadMs === undefined ? {} : { deadMs }),
      });
  }

  /** Asks for a session with a machine that is called like the channel. Returns at once. */
  open(channel = 'one', params: Readonly<Record<string, string>> = {}, protocol = 'ssh'): void {
    const request = decodeRequest({
      protocol,
      params: { hostname: channel, password: 'hunter2', ...params },
    });
    this.broker.open(request, channel, this.peer(channel));
  }

  /** Asks for a session and waits until it is live. */
  async live(
    channel = 'one',
    params: Readonly<Record<string, string>> = {},
    protocol = 'ssh',
  ): Promise<Ends> {
    const before = this.guacd.ends.length;
    this.open(channel, params, protocol);
    await until(() => this.broker.sessions.at(-1)?.state === 'live');
    const hostname = params['hostname'] ?? channel;
    const guacd = this.guacd.ends.slice(before).find((end) => end.parameter('hostname') === hostname);
    const browser = this.tunnels.end(channel);
    if (!guacd || !browser) throw new Error('The session is live, but an end of it is missing.');
    return { browser, guacd };
  }

  /** The browser's websocket, as soon as the outpost has opened it. */
  async browser(channel = 'one'): Promise<TunnelEnd> {
    await until(() => this.tunnels.end(channel) !== undefined);
    const browser = this.tunnels.end(channel);
    if (!browser) throw new Error('It is gone.');
    return browser;
  }

  /** Waits until nothing is left of any session; the newest that ended. */
  async over(): Promise<EndedSession> {
    await until(() => this.broker.sessions.length === 0 && this.broker.history.length > 0);
    const [newest] = this.broker.history;
    if (!newest) throw new Error('None has ended.');
    return newest;
  }

  /** Waits until the browser's websocket is closed, and gives the last word it was told. */
  async farewell(channel = 'one'): Promise<Farewell> {
    const browser = await this.browser(channel);
    await until(() => browser.closed !== undefined);
    return farewellOf(browser.words);
  }

  /** Ends everything; throws where the outpost has left a connection open. */
  async end(): Promise<void> {
    try {
      for (const browser of this.tunnels.ends) browser.resume();
      for (const { socket } of this.guacd.ends) socket.resume();
      await this.broker.endAll(ending('shutdown'));
      await until(() => this.guacd.ends.every(({ closed }) => closed));
      await until(() => this.tunnels.ends.every(({ closed }) => closed !== undefined));
      if (this.concealed.size > 0) throw new Error('Secrets of sessions that are over are still kept.');
    } finally {
      await Promise.all([this.guacd.close(), this.tunnels.close()]);
      await rm(join(this.drives, '..'), { recursive: true, force: true });
    }
  }
}

/** The last word among `instructions`: an error with its status and a disconnect, or only that. */
export function farewellOf(instructions: readonly Instruction[]): Farewell {
  const [before, last] = instructions.slice(-2);
  const only = last ?? before;
  if (only?.[0] !== 'disconnect') throw new Error(`The last word was ${JSON.stringify(only)}.`);
  if (last === undefined || before?.[0] !== 'error') return { sentence: '', status: 0 };
  const [, sentence = '', status = ''] = before;
  return { sentence, status: Number(status) };
}
