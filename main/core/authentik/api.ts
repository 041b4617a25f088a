import { performance } from 'node:perf_hooks';
import { EventsApi } from '@goauthentik/api/dist/esm/apis/EventsApi.js';
import { OutpostsApi } from '@goauthentik/api/dist/esm/apis/OutpostsApi.js';
import { RootApi } from '@goauthentik/api/dist/esm/apis/RootApi.js';
import { EventActions } from '@goauthentik/api/dist/esm/models/EventActions.js';
import type { RequestOpts } from '@goauthentik/api/dist/esm/runtime.js';
import { type ErrorCode, SallyportError } from '../errors.ts';
import { decodeOwnOutpost, decodeRootConfig, type OwnOutpost, type RootConfig } from './api-decode.ts';
import { API_LIMITS, type ApiLimits, requestJson } from './api-request.ts';
import type { Endpoint } from './endpoint.ts';

export type ApiOperation = 'own-outpost' | 'root-config' | 'create-event';

/** How one request went, for whoever counts them. */
export interface ApiRequestReport {
  readonly operation: ApiOperation;
  readonly outcome: 'ok' | ErrorCode;
  readonly durationMs: number;
}

export interface ApiOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly onRequest?: (report: ApiRequestReport) => void;
}

/** What the outpost tells authentik for its event log. */
export interface AuthentikEvent {
  /** Who says it, such as `goauthentik.io/outpost/<name>`. */
  readonly app: string;
  /** What happened; any JSON, nothing secret. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly clientIp?: string;
}

/**
 * authentik's REST API as an outpost's service account may use it.
 *
 * The generated client says where each operation is and how its arguments are written; sending and decoding are
 * ours, because its decoders throw on an answer from another version and its transport is the browser's `fetch`.
 * Every method rejects with `SallyportError`: see `requestJson`, and the decoders in `api-decode.ts`.
 */
export class AuthentikApi {
  readonly #endpoint: Endpoint;
  readonly #limits: ApiLimits;
  readonly #onRequest: ((report: ApiRequestReport) => void) | undefined;
  readonly #outposts = new OutpostsApi();
  readonly #root = new RootApi();
  readonly #events = new EventsApi();

  constructor(endpoint: Endpoint, { limits, onRequest }: ApiOptions = {}) {
    this.#endpoint = endpoint;
    this.#limits = { ...API_LIMITS, ...limits };
    this.#onRequest = onRequest;
  }

  /** The outpost that the token belongs to. Rejects with `no-outpost` or `wrong-outpost-type` where it is none of ours. */
  ownOutpost(signal?: AbortSignal): Promise<OwnOutpost> {
    return this.#call(
      'own-outpost',
      this.#outposts.outpostsInstancesListRequestOpts({}),
      decodeOwnOutpost,
      signal,
    );
  }

  rootConfig(signal?: AbortSignal): Promise<RootConfig> {
    return this.#call('root-config', this.#root.rootConfigRetrieveRequestOpts(), decodeRootConfig, signal);
  }

  /** Adds a line to authentik's event log; `action` is the schema's word for everything that is not its own. */
  createEvent({ app, context, clientIp }: AuthentikEvent, signal?: AbortSignal): Promise<void> {
    const eventRequest = {
      action: EventActions.Custom,
      app,
      context: { ...context },
      ...(clientIp !== undefined && { clientIp }),
    };
    const request = this.#events.eventsEventsCreateRequestOpts({ eventRequest });
    return this.#call('create-event', request, () => undefined, signal);
  }

  async #call<T>(
    operation: ApiOperation,
    opts: Promise<RequestOpts>,
    decode: (answer: unknown, display: string) => T,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const started = performance.now();
    let outcome: 'ok' | ErrorCode = 'ok';
    try {
      const { method, path, query, body } = await opts;
      const request = { method, path, query: queryOf(query), ...(body !== undefined && { body }) };
      const answer = await requestJson(this.#endpoint, request, this.#limits, signal);
      return decode(answer, this.#endpoint.display);
    } catch (error) {
      const known = SallyportError.from(error);
      outcome = known.code;
      throw known;
    } finally {
      this.#onRequest?.({ operation, outcome, durationMs: performance.now() - started });
    }
  }
}

function queryOf(query: RequestOpts['query']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      plain[name] = String(value);
    }
  }
  return plain;
}
