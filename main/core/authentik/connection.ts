import type { Logger } from '../base/logger.ts';
import { type Failure, SallyportError } from '../errors.ts';
import type { OutpostInfo } from '../status.ts';
import { type ApiRequestReport, AuthentikApi, type AuthentikEvent } from './api.ts';
import type { OwnOutpost } from './api-decode.ts';
import { openBulkSocket } from './bulk-socket.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { Tunnel, type TunnelEvents } from './tunnel.ts';
import { openWebSocket } from './websocket.ts';
import { type AuthentikSocket, LIVENESS, type LivenessOptions } from './websocket-socket.ts';

export interface ConnectionOptions {
  /** Read anew at every attempt, so that a new token or certificate file counts from the next one on. Rejects where something is missing. */
  readonly endpoint: () => Promise<EndpointOptions>;
  /** Names this running instance; authentik keeps its health by it. */
  readonly instance: string;
  readonly maxPayload: number;
  readonly onRequest: (report: ApiRequestReport) => void;
  /** The outpost's description from authentik, or why it could not be had. */
  readonly onUpdate: (info: OutpostInfo | null, failure: Failure | null) => void;
  readonly logger: Logger;
  readonly timing?: Partial<ConnectionTiming>;
}

/** When things are done, and how soon a silent authentik is given up; see `LivenessOptions`. */
export interface ConnectionTiming extends Required<LivenessOptions> {
  /** Upper bound of the random wait after authentik told everyone to update, in milliseconds. */
  readonly spreadMs: number;
  /** The least time between two fetches of the outpost's configuration, in milliseconds. */
  readonly leastRefreshMs: number;
  /** The most, whatever authentik says, in milliseconds. */
  readonly mostRefreshMs: number;
}

/** What the event websocket may say at once, in bytes; a session's parameters are the longest of it. */
const MAX_EVENT_BYTES = 1024 * 1024;
/** The spread is the reference's: a fleet must not fetch all at once when authentik tells everyone to. */
export const CONNECTION_TIMING: ConnectionTiming = {
  ...LIVENESS,
  spreadMs: 10_000,
  leastRefreshMs: 30_000,
  mostRefreshMs: 24 * 60 * 60 * 1000,
};

/** Everything this outpost asks of authentik, over whichever endpoint the settings name at the time. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #timing: ConnectionTiming;
  #endpoint: Endpoint | undefined;
  #refreshTimer: NodeJS.Timeout | undefined;
  #refreshing = new AbortController();
  /** Whether the fetch that is planned is one that authentik asked for. */
  #soon = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#timing = { ...CONNECTION_TIMING, ...options.timing };
  }

  /** Warnings about the way to authentik, such as unverified TLS. */
  get warnings(): readonly Failure[] {
    return this.#endpoint?.warnings ?? [];
  }

  /** Fetches the outpost's description, then opens the event websocket. Rejects with why that cannot be. */
  async dial(attempt: number, signal: AbortSignal): Promise<AuthentikSocket> {
    const endpoint = await Endpoint.open(await this.#options.endpoint(), this.#endpoint);
    const own = await this.#api(endpoint).ownOutpost(signal);
    // Else a fetch would be planned after `stop`.
    if (signal.aborted) throw new SallyportError('aborted', 'Connecting to authentik was cancelled.');
    this.#endpoint = endpoint;
    this.#learn(own);
    const url = endpoint.websocketUrl(['outpost', own.pk], {
      instance_uuid: this.#options.instance,
      attempt: String(attempt),
    });
    return openWebSocket(endpoint, url, { ...this.#liveness, signal, maxPayload: MAX_EVENT_BYTES });
  }

  /** Opens a session's websocket. */
  tunnel(channel: string, events: TunnelEvents, signal: AbortSignal): Promise<Tunnel> {
    if (!this.#endpoint) return Promise.reject(neverConnected());
    const { maxPayload } = this.#options;
    return Tunnel.open(this.#endpoint, channel, events, { ...this.#liveness, signal, maxPayload });
  }

  /** Opens a transfer's websocket; see `openBulkSocket`. */
  bulk(id: string, tenant: string, signal: AbortSignal): Promise<AuthentikSocket> {
    if (!this.#endpoint) return Promise.reject(neverConnected());
    return openBulkSocket(this.#endpoint, id, tenant, { ...this.#liveness, signal });
  }

  /** Adds a line to authentik's event log. */
  createEvent(event: AuthentikEvent, signal: AbortSignal): Promise<void> {
    if (!this.#endpoint) return Promise.reject(neverConnected());
    return this.#api(this.#endpoint).createEvent(event, signal);
  }

  /** Fetches the outpost's description again, after a random time of up to ten seconds; once, however often it is asked. */
  refreshSoon(): void {
    if (this.#soon) return;
    this.#refreshIn(Math.random() * this.#timing.spreadMs);
    this.#soon = true;
  }

  /** Ends the fetching; a websocket that is open stays open. */
  stop(): void {
    clearTimeout(this.#refreshTimer);
    this.#soon = false;
    this.#refreshing.abort();
    this.#refreshing = new AbortController();
  }

  get #liveness(): Required<LivenessOptions> {
    const { pingMs, deadMs } = this.#timing;
    return { pingMs, deadMs };
  }

  #api(endpoint: Endpoint): AuthentikApi {
    return new AuthentikApi(endpoint, { onRequest: this.#options.onRequest });
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#refreshing;
    // Asked for again from here on means: again, for this answer may be from before the change.
    this.#soon = false;
    if (!this.#endpoint || signal.aborted) return;
    try {
      const own = await this.#api(this.#endpoint).ownOutpost(signal);
      if (!signal.aborted) this.#learn(own);
    } catch (error) {
      if (signal.aborted) return;
      const failure = SallyportError.from(error, 'Fetching the outpost’s configuration').toFailure();
      this.#options.logger.log('warning', 'The configuration could not be fetched', {
        reason: failure.message,
      });
      this.#options.onUpdate(null, failure);
      this.#planNext(this.#timing.leastRefreshMs);
    }
  }

  #learn({ refreshIntervalS, ...info }: OwnOutpost): void {
    this.#options.onUpdate(info, null);
    const { leastRefreshMs, mostRefreshMs } = this.#timing;
    this.#planNext(Math.min(mostRefreshMs, Math.max(leastRefreshMs, refreshIntervalS * 1000)));
  }

  #planNext(ms: number): void {
    if (!this.#soon) this.#refreshIn(ms);
  }

  #refreshIn(ms: number): void {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => void this.#refresh(), ms);
    this.#refreshTimer.unref();
  }
}

function neverConnected(): SallyportError {
  return new SallyportError('not-running', 'The outpost has not been connected to authentik yet.');
}
