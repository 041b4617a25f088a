import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { AuthentikApi } from '../authentik/api.ts';
import type { OwnOutpost } from '../authentik/api-decode.ts';
import { dayText } from '../authentik/certificates.ts';
import { Endpoint } from '../authentik/endpoint.ts';
import { openWebSocket } from '../authentik/websocket.ts';
import { NO_PROVIDERS } from '../describe.ts';
import { describeUntil } from '../describe-units.ts';
import { SallyportError } from '../errors.ts';
import type { Check } from './checks.ts';
import { type Findings, found } from './findings.ts';
import { firstAnswer } from './first-answer.ts';
import { passed, type StepOutcome, warned } from './step.ts';

const MAX_SKEW_MS = 60_000;
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** The way to authentik, from its address to the event websocket, in the order in which things can go wrong. */
export function authentikChecks(findings: Findings, timeoutMs: number): Check[] {
  const endpoint = () => found(findings.endpoint, 'endpoint');
  const api = () => new AuthentikApi(endpoint(), { limits: { timeoutMs } });
  /** What the token step heard of the outpost; the steps after it look at its parts. */
  let refused: SallyportError | undefined;
  return [
    {
      id: 'address',
      title: 'authentik’s address is good',
      needs: ['settings', 'token'],
      otherwise: 'authentik’s address, proxy or certificates are not set right',
      run: () => openEndpoint(findings),
    },
    {
      id: 'dns',
      title: 'Name is resolved',
      needs: ['address'],
      otherwise: 'the name was not resolved',
      run: () => resolveName(endpoint()),
    },
    {
      id: 'tcp',
      title: 'TCP connection',
      needs: ['dns'],
      otherwise: 'there is no TCP connection',
      run: (signal) => connectTcp(endpoint(), signal),
    },
    {
      id: 'tls',
      title: 'TLS and certificate',
      needs: ['tcp'],
      otherwise: 'there is no safe connection',
      run: (signal) => checkTls(findings, signal),
    },
    {
      id: 'api',
      title: 'API answers',
      needs: ['tls'],
      otherwise: 'the API did not answer',
      run: (signal) => checkApi(api(), endpoint(), signal),
    },
    {
      id: 'clock',
      title: 'Clocks agree',
      needs: ['api'],
      otherwise: 'the clocks do not agree',
      run: async () => compareClocks(found(findings.answer, 'answer').clockAheadMs),
    },
    {
      id: 'token-accepted',
      title: 'Token is accepted',
      needs: ['api'],
      otherwise: 'the token was not accepted',
      run: async (signal) => {
        try {
          findings.outpost = await api().ownOutpost(signal);
        } catch (error) {
          refused = SallyportError.from(error);
          if (refused.code !== 'no-outpost' && refused.code !== 'wrong-outpost-type') throw refused;
        }
        return passed('yes');
      },
    },
    {
      id: 'outpost',
      title: 'Outpost is a RAC outpost',
      needs: ['token-accepted'],
      otherwise: 'the token belongs to no RAC outpost',
      run: async () => {
        if (refused) throw refused;
        return passed(found(findings.outpost, 'outpost').name);
      },
    },
    {
      id: 'providers',
      title: 'Providers are assigned',
      needs: ['outpost'],
      otherwise: 'no provider is assigned',
      run: async () => checkProviders(found(findings.outpost, 'outpost')),
    },
    {
      id: 'websocket',
      title: 'Websocket is opened',
      needs: ['outpost'],
      otherwise: 'the websocket was not opened',
      run: (signal) =>
        openEventWebsocket(endpoint(), found(findings.outpost, 'outpost').pk, timeoutMs, signal),
    },
  ];
}

async function openEndpoint(findings: Findings): Promise<StepOutcome> {
  const { host, trust, proxy } = found(findings.settings, 'settings');
  if (host === null)
    throw new SallyportError('settings-invalid', 'authentik’s address is not set (AUTHENTIK_HOST).', {
      advice: 'Set it to a URL such as https://sso.example.org/.',
    });
  findings.endpoint = await Endpoint.open({ host, trust, proxy, token: found(findings.token, 'token') });
  const way = findings.endpoint.proxy;
  return passed(
    way === null ? findings.endpoint.display : `${findings.endpoint.display} through the proxy ${way}`,
  );
}

/** Whom we connect to ourselves: authentik, or the proxy, which then finds authentik in its own way. */
function firstHop({ route }: Endpoint): { host: string; port: number } {
  if (!route.proxy) return route;
  const { hostname, port, protocol } = route.proxy.url;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

async function resolveName(endpoint: Endpoint): Promise<StepOutcome> {
  const { host } = firstHop(endpoint);
  try {
    const addresses = await lookup(host, { all: true });
    const text = addresses.map(({ address }) => address).join(', ');
    return passed(text === host ? `${host} is an address` : `${host} is ${text}`);
  } catch (error) {
    throw SallyportError.from(error, host, 'dns-failed');
  }
}

function connectTcp(endpoint: Endpoint, signal: AbortSignal): Promise<StepOutcome> {
  const { host, port } = firstHop(endpoint);
  const place = endpoint.proxy === null ? `${host}:${port}` : `the proxy ${host}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.once('connect', () => end(() => resolve(passed(place))));
    socket.once('error', (error) => end(() => reject(SallyportError.from(error, place, 'connection-lost'))));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

async function checkTls(findings: Findings, signal: AbortSignal): Promise<StepOutcome> {
  const endpoint = found(findings.endpoint, 'endpoint');
  const answer = await firstAnswer(endpoint, signal);
  findings.answer = answer;
  const warning = warned(endpoint.warnings);
  if (warning) return warning;
  if (answer.certificate === null) return passed('not used: authentik is on this host');
  const { subject, issuer, validTo } = answer.certificate;
  const left = validTo - Date.now();
  if (left < EXPIRES_SOON_MS)
    return {
      kind: 'warned',
      failure: {
        code: 'tls-expired',
        message: `authentik’s certificate (${subject}) expires in ${describeUntil(left)}.`,
        advice: 'Renew it on the server.',
      },
    };
  return passed(`${subject}, issued by ${issuer}, valid until ${dayText(validTo)}`);
}

async function checkApi(api: AuthentikApi, endpoint: Endpoint, signal: AbortSignal): Promise<StepOutcome> {
  try {
    await api.rootConfig(signal);
  } catch (error) {
    // It answers, and what it thinks of the token is the next step's matter.
    if (SallyportError.from(error).code !== 'token-rejected') throw error;
  }
  return passed(endpoint.display);
}

function compareClocks(aheadMs: number | null): StepOutcome {
  if (aheadMs === null) return passed('authentik did not tell its time');
  const off = Math.abs(aheadMs);
  if (off <= MAX_SKEW_MS) return passed(`within ${Math.ceil(off / 1000)} s`);
  return {
    kind: 'warned',
    failure: {
      code: 'bad-answer',
      message: `This host’s clock is ${describeUntil(off)} ${aheadMs > 0 ? 'behind' : 'ahead of'} authentik’s.`,
      advice: 'Set the clock, best with NTP: certificates and tokens are judged by it.',
    },
  };
}

function checkProviders({ providers }: OwnOutpost): StepOutcome {
  if (providers.length === 0)
    throw new SallyportError('no-outpost', `In authentik ${NO_PROVIDERS.message}.`, {
      advice: NO_PROVIDERS.advice,
    });
  return passed(providers.map(({ name, pk }) => name || `provider ${pk}`).join(', '));
}

/** Opened and closed again. No hello is said, so authentik does not take the doctor for an instance. */
async function openEventWebsocket(
  endpoint: Endpoint,
  pk: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const url = endpoint.websocketUrl(['outpost', pk], { instance_uuid: randomUUID(), attempt: '1' });
  const socket = await openWebSocket(endpoint, url, { signal, handshakeTimeoutMs: timeoutMs });
  socket.close();
  return passed('yes');
}
