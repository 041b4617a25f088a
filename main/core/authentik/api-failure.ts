import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorCode, SallyportError } from '../errors.ts';
import { bareUrl, type Endpoint } from './endpoint.ts';

/** What is wrong is the request itself: to send it again is of no use. */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 413, 422]);
const TOKEN_PAGE = 'Applications › Outposts › View Deployment Info';

/** An answer as it came, whatever its status. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Why an answer is of no use, in words; null for one that is (2xx and not a web page). */
export function apiRefusal(endpoint: Endpoint, { status, headers, body }: ApiAnswer): SallyportError | null {
  const page = looksLikePage(headers['content-type'], body);
  if (status >= 200 && status < 300) return page ? webPage(endpoint.display, status) : null;
  return statusRefusal(endpoint, { status, location: headers.location, page, body });
}

export interface RefusedAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** HTML came with it. */
  readonly page: boolean;
  readonly body: string;
}

/** What a status other than success means, for REST and for a websocket that was not upgraded alike. */
export function statusRefusal(
  endpoint: Pick<Endpoint, 'display' | 'proxy'>,
  answer: RefusedAnswer,
): SallyportError {
  const { display, proxy } = endpoint;
  const { status, location, page, body } = answer;
  const refusal = (code: ErrorCode, message: string, advice: string) =>
    new SallyportError(code, message, { advice });

  if (status === 401 || status === 403) return tokenRejected(display, status, page);
  if (status === 407 && proxy !== null) {
    return refusal(
      'proxy-failed',
      `The proxy ${proxy} refused its user name or password, or asks for one (407).`,
      'Write them into the proxy’s address: http://name:password@host:port.',
    );
  }
  if (status >= 300 && status < 400) {
    const target = location === undefined ? 'another address' : bareUrl(location, new URL(display));
    return refusal(
      'http-status',
      `${display} redirects to ${target} (${status}).`,
      'Set AUTHENTIK_HOST to the address that authentik itself answers on.',
    );
  }
  if (status === 400 && /SSL certificate/i.test(body)) {
    return refusal(
      'client-certificate',
      `The server before authentik at ${display} asks for a client certificate that it trusts (400).`,
      'Name the right client certificate in the settings.',
    );
  }
  if (status === 400 && /HTTPS (port|server)/i.test(body)) {
    return refusal(
      'not-authentik',
      `${display} is an HTTPS port, but was spoken to without TLS (400).`,
      'Begin AUTHENTIK_HOST with https://.',
    );
  }
  if (status === 404) {
    return refusal(
      'not-authentik',
      `${display} answers, but not as authentik: it does not know this path (404).`,
      'Check AUTHENTIK_HOST: does authentik live below a sub-path such as /auth/?',
    );
  }
  if (status === 429) {
    return refusal(
      'http-status',
      `authentik at ${display} gets too many requests (429).`,
      'It will be tried again; a rate limit in a proxy before authentik may be too tight.',
    );
  }
  if (status === 502 || status === 503 || status === 504) {
    return refusal(
      'http-status',
      `authentik at ${display} is not ready: the server before it answers ${status}.`,
      'authentik may be starting or restarting; if it stays so, look at its containers.',
    );
  }
  if (status >= 500) {
    return refusal(
      'http-status',
      `authentik at ${display} failed inside (${status}).`,
      'Look into authentik’s log.',
    );
  }
  if (page) return webPage(display, status);
  return refusal(
    REFUSALS.has(status) ? 'api-refused' : 'http-status',
    `authentik at ${display} answered with the unexpected status ${status}.`,
    'Look into authentik’s log.',
  );
}

/** Whether an answer is made for people rather than for programs. */
export function looksLikePage(contentType: string | undefined, body: string): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(contentType ?? '') || /^\s*<(!doctype|html)/i.test(body);
}

function tokenRejected(display: string, status: number, page: boolean): SallyportError {
  const advice = page
    ? `Copy it again in authentik from ${TOKEN_PAGE}; a web page came with the answer, so a server before authentik may be the one that refuses.`
    : `Copy it again in authentik from ${TOKEN_PAGE}.`;
  return new SallyportError(
    'token-rejected',
    `authentik at ${display} rejected the token (${status}): it is wrong, expired or revoked.`,
    { advice },
  );
}

function webPage(display: string, status: number): SallyportError {
  return new SallyportError(
    'not-authentik',
    `${display} answered with a web page instead of authentik’s API (${status}).`,
    {
      advice:
        'Check AUTHENTIK_HOST and its sub-path, and that no login page or firewall stands before authentik’s /api/.',
    },
  );
}
