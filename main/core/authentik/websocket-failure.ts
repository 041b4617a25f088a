import { type Failure, SallyportError } from '../errors.ts';
import { looksLikePage, statusRefusal } from './api-failure.ts';
import type { Endpoint } from './endpoint.ts';

const PASS_WEBSOCKETS =
  'Let the reverse proxy before authentik pass websockets (in nginx: proxy_http_version 1.1 and the headers Upgrade and Connection).';

/** Why the server answered a websocket's request with something other than an upgrade. */
export function upgradeRefusal(
  endpoint: Endpoint,
  answer: { status: number; location: string | undefined; contentType: string | undefined; body: string },
): SallyportError {
  const { status, location, contentType, body } = answer;
  const page = looksLikePage(contentType, body);
  const asUsual = statusRefusal(endpoint, { status, location, page, body });
  if (asUsual.code === 'client-certificate' || (status === 400 && asUsual.code === 'not-authentik'))
    return asUsual;
  // 200, 400 and 426 are what servers say that saw the request without its Upgrade header.
  if ((status >= 200 && status < 300) || status === 400 || status === 426) {
    return new SallyportError(
      'upgrade-refused',
      `${endpoint.display} answered a websocket with ${status} ${page ? 'and a web page' : 'instead of opening it'}: a proxy on the way does not seem to pass on the Upgrade header.`,
      { advice: PASS_WEBSOCKETS },
    );
  }
  if (status === 404) {
    // authentik itself says so of a request that has lost its Upgrade header, for to it that is an unknown page.
    return new SallyportError(
      'upgrade-refused',
      `${endpoint.display} knows no websocket at this path (404): the path is another one, or a proxy on the way does not pass on the Upgrade header.`,
      {
        advice: `${PASS_WEBSOCKETS} Check the sub-path of AUTHENTIK_HOST, and that this authentik has RAC.`,
      },
    );
  }
  return asUsual;
}

/** An error of the websocket's own opening handshake: the server did not keep to the protocol. */
export function handshakeFailure(endpoint: Endpoint, error: unknown): SallyportError {
  // Said in our own words already, which may well speak of headers.
  if (error instanceof SallyportError) return error;
  if (
    error instanceof Error &&
    /(Upgrade|Sec-WebSocket-\w+) header|subprotocol|extension/i.test(error.message)
  ) {
    return new SallyportError(
      'upgrade-refused',
      `${endpoint.display} opened the websocket in a way that breaks its protocol: ${error.message}.`,
      { advice: 'A proxy on the way may not understand websockets.', cause: error },
    );
  }
  return endpoint.failure(error);
}

/** An error on an open websocket, or undefined where the close code tells more. */
export function streamFailure(endpoint: Endpoint, error: Error & { code?: unknown }): Failure {
  const code = typeof error.code === 'string' ? error.code : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return {
      code: 'bad-answer',
      message: `authentik at ${endpoint.display} sent a message that is longer than allowed.`,
    };
  }
  if (code.startsWith('WS_ERR_')) {
    return {
      code: 'bad-answer',
      message: `authentik at ${endpoint.display} broke the websocket’s protocol: ${error.message}.`,
      advice: 'A proxy on the way may damage websockets.',
    };
  }
  return endpoint.failure(error).toFailure();
}

const CODE_WORDS: Readonly<Record<number, string>> = {
  1001: 'is going away: it is being shut down or restarted',
  1002: 'says that the websocket’s protocol was broken',
  1003: 'does not accept this kind of data',
  1007: 'says that a message was not valid text',
  1008: 'closed the websocket because of a policy',
  1009: 'says that a message was too long',
  1011: 'failed inside and closed the websocket',
  1012: 'is restarting',
  1013: 'is overloaded and asks to come back later',
  1014: 'could not be reached by the proxy before it',
};

/** What a close code means; null for an ordinary end (1000, 1005). `reason` is the peer's and only shown. */
export function closeFailure(display: string, code: number, reason: string): Failure | null {
  if (code === 1000 || code === 1005) return null;
  if (code === 1006) {
    return {
      code: 'connection-lost',
      message: `The connection to authentik at ${display} was cut without a word.`,
      advice: 'authentik, a proxy on the way or the network may have restarted.',
    };
  }
  const words = CODE_WORDS[code] ?? 'closed the websocket';
  return {
    code: 'connection-lost',
    message: `authentik at ${display} ${words} (${code}${reason === '' ? '' : `, “${reason}”`}).`,
  };
}

/** Nothing was heard for so long that the peer must be gone. */
export function silenceFailure(display: string, deadMs: number): Failure {
  return {
    code: 'peer-lost',
    message: `Nothing was heard from authentik at ${display} for ${Math.round(deadMs / 1000)} seconds.`,
    advice: 'The network on the way may be down, or a firewall dropped the connection.',
  };
}
