import type http from 'node:http';
import { staysHere } from '../base/host.ts';
import type { Secret } from '../base/secret.ts';
import { type Failure, SallyportError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { agentFor, type Route } from './endpoint-agent.ts';
import { chooseProxy } from './proxy.ts';
import { Trust, type TrustOptions } from './trust.ts';
import { tlsFailure } from './trust-failure.ts';

export interface EndpointOptions {
  /** AUTHENTIK_HOST: a URL, perhaps with a sub-path and a query. */
  readonly host: string;
  readonly token: Secret;
  readonly trust: TrustOptions;
  /** A proxy's URL, `none`, or null: what the environment says. */
  readonly proxy: string | null;
  readonly userAgent?: string;
}

/** Where to connect to, checked; nothing was connected to yet. */
export interface OpenedRoute {
  /** AUTHENTIK_HOST, without what does not belong there. */
  readonly base: URL;
  readonly route: Route;
  readonly trust: Trust;
}

/**
 * Checks the address, reads what `trust` names and chooses the proxy. Rejects with `settings-invalid`,
 * `file-unreadable` or `client-certificate`.
 */
export async function openRoute(
  { host, trust: options, proxy }: Pick<EndpointOptions, 'host' | 'trust' | 'proxy'>,
  previous?: Trust,
): Promise<OpenedRoute> {
  const base = parseHost(host);
  const trust = await Trust.open(options, previous);
  const secure = base.protocol === 'https:';
  const route: Route = {
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: Number(base.port) || (secure ? 443 : 80),
    secure,
    proxy: chooseProxy(base, proxy),
    trust,
  };
  return { base, route, trust };
}

/**
 * Where authentik is and how to talk to it: the one policy for REST, the event websocket and session websockets.
 */
export class Endpoint {
  /** For people: scheme, host, port and sub-path; no query, no credentials. */
  readonly display: string;
  readonly insecure: boolean;
  /** What an admin should know though it works. */
  readonly warnings: readonly Failure[];
  /** The proxy on the way, without its credentials; null where there is none. */
  readonly proxy: string | null;
  readonly #base: URL;
  readonly #token: Secret;
  readonly #userAgent: string;
  readonly #route: Route;
  readonly #trust: Trust;

  private constructor({ base, route, trust }: OpenedRoute, { token, userAgent }: EndpointOptions) {
    this.#base = base;
    this.#route = route;
    this.#trust = trust;
    this.#token = token;
    this.#userAgent = userAgent ?? `sallyport/${VERSION}`;
    this.display = `${base.protocol}//${base.host}${base.pathname.replace(/\/$/, '')}`;
    this.insecure = trust.insecure;
    this.proxy = route.proxy?.display ?? null;
    this.warnings = warningsOf(base, trust, this.display);
  }

  /**
   * Checks the address and the token, reads what `trust` names and chooses the proxy; connects to nothing.
   * Rejects with `settings-invalid`, `token-missing`, `file-unreadable` or `client-certificate`. `previous` is the
   * endpoint that this one takes the place of; see `Trust.open`.
   */
  static async open(options: EndpointOptions, previous?: Endpoint): Promise<Endpoint> {
    parseHost(options.host);
    checkToken(options.token);
    return new Endpoint(
      await openRoute(options, previous === undefined ? undefined : previous.#trust),
      options,
    );
  }

  /** The way as it is connected: for checks that go step by step. */
  get route(): Route {
    return this.#route;
  }

  /** `{host}{sub-path}/api/v3{path}` with AUTHENTIK_HOST's query and then `query`. */
  restUrl(path: string, query: Readonly<Record<string, string>> = {}): URL {
    return this.#url(`api/v3/${path.replace(/^\//, '')}`, query);
  }

  /**
   * `{ws|wss}://{host}{sub-path}/ws/{segments}/` with AUTHENTIK_HOST's query and then `query`. Segments are
   * escaped; throws `request-invalid` for one that no path can carry.
   */
  websocketUrl(segments: readonly string[], query: Readonly<Record<string, string>> = {}): URL {
    const url = this.#url(`ws/${segments.map(escapeSegment).join('/')}/`, query);
    url.protocol = this.#route.secure ? 'wss:' : 'ws:';
    return url;
  }

  /** The headers of every request: to be made anew each time, never kept or logged. */
  headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token.reveal()}`, 'User-Agent': this.#userAgent };
  }

  /**
   * An agent for one request or websocket; see `agentFor`. `signal` ends the connecting, and must not abort
   * any more once the connection is in use.
   */
  agent(purpose: 'rest' | 'websocket', signal: AbortSignal): http.Agent {
    return agentFor(this.#route, purpose, signal);
  }

  /** Whatever went wrong on the way, in words: TLS, proxy, name, network. */
  failure(error: unknown): SallyportError {
    if (error instanceof SallyportError) return error;
    const subject = `authentik at ${this.display}`;
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('HPE_')) {
      return new SallyportError('not-authentik', `${this.display} answers, but not in HTTP.`, {
        advice: 'Check the port in AUTHENTIK_HOST, and whether it should begin with https://.',
        cause: error,
      });
    }
    return (
      tlsFailure(error, subject, this.#trust.clientCertificate) ??
      SallyportError.from(error, subject, 'connection-lost')
    );
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }
}

/** A URL's origin and path for people: without query, fragment and credentials. */
export function bareUrl(text: string, base?: URL): string {
  try {
    const url = new URL(text, base);
    return `${url.origin}${url.pathname}`;
  } catch {
    return 'an address that cannot be read';
  }
}

function parseHost(text: string): URL {
  const advice = 'Give it as a URL such as https://sso.example.org/.';
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    const missing = text.trim() === '';
    throw new SallyportError(
      'settings-invalid',
      `authentik’s address ${missing ? 'is missing' : 'is not a URL'} (AUTHENTIK_HOST).`,
      {
        advice,
      },
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new SallyportError(
      'settings-invalid',
      'authentik’s address does not begin with https:// or http:// (AUTHENTIK_HOST).',
      {
        advice,
      },
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SallyportError(
      'settings-invalid',
      'authentik’s address carries a user name or password (AUTHENTIK_HOST).',
      {
        advice: 'Take them out; the token goes into AUTHENTIK_TOKEN.',
      },
    );
  }
  url.hash = '';
  return url;
}

function checkToken(token: Secret): void {
  const value = token.reveal();
  if (value === '') {
    throw new SallyportError('token-missing', 'There is no token for authentik.', {
      advice:
        'Copy it in authentik from Applications › Outposts › View Deployment Info and set it as AUTHENTIK_TOKEN.',
    });
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new SallyportError(
      'settings-invalid',
      'The token holds characters that no token has, such as a space or a line break.',
      {
        advice: 'Copy it again from authentik (AUTHENTIK_TOKEN).',
      },
    );
  }
}

function escapeSegment(segment: string): string {
  try {
    // A dot segment would change the path even when escaped.
    if (!/^\.{0,2}$/.test(segment)) return encodeURIComponent(segment);
  } catch {
    // Half a surrogate pair: refused below.
  }
  throw new SallyportError('request-invalid', 'authentik gave an id that cannot stand in a path.');
}

function warningsOf(base: URL, trust: Trust, display: string): readonly Failure[] {
  if (base.protocol === 'https:') return trust.warnings;
  if (staysHere(base.hostname)) return [];
  return [
    {
      code: 'tls-failed',
      message: `${display} is reached without TLS: anyone on the way can read the token and every session.`,
      advice: 'Serve authentik over https:// and change AUTHENTIK_HOST.',
    },
  ];
}
