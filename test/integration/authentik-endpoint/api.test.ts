import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { type ApiRequestReport, AuthentikApi } from '../../../main/core/authentik/api.ts';
import type { ApiLimits } from '../../../main/core/authentik/api-request.ts';
import { startRaw, startServer } from './servers.ts';
import { endpointTo, failureOf, started, TOKEN } from './setup.ts';

const OUTPOST = {
  pk: '6f1ba7b8-0000-4000-8000-000000000001',
  name: 'jump host',
  type: 'rac',
  providers: [7, 8],
  providers_obj: [{ pk: 7, name: 'machines', more: true }, 'nonsense'],
  refresh_interval_s: 60,
  config: { log_level: 'debug', from_the_future: { x: 1 } },
  managed: null,
};

async function apiAnswering(onRequest: RequestListener, limits: Partial<ApiLimits> = {}) {
  const server = await started(startServer({ onRequest }));
  const reports: ApiRequestReport[] = [];
  const endpoint = await endpointTo(`http://127.0.0.1:${server.port}/auth/?gate=a%20b`);
  const api = new AuthentikApi(endpoint, { limits, onRequest: (report) => reports.push(report) });
  return { api, server, reports };
}

const json =
  (value: unknown): RequestListener =>
  (_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
  };
const status =
  (code: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
const html = { 'Content-Type': 'text/html; charset=utf-8' };

test('the own outpost is fetched below the sub-path, with query, token and user agent', async () => {
  const { api, server, reports } = await apiAnswering(json({ pagination: {}, results: [OUTPOST] }));
  const outpost = await api.ownOutpost();
  expect(outpost).toMatchObject({
    pk: OUTPOST.pk,
    name: 'jump host',
    providers: [
      { pk: 7, name: 'machines' },
      { pk: 8, name: '' },
    ],
    config: OUTPOST.config,
    refreshIntervalS: 60,
  });
  expect(server.requests).toEqual(['GET /auth/api/v3/outposts/instances/?gate=a%20b']);
  expect(server.headers[0]).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    'user-agent': 'sallyport/test',
  });
  expect(reports).toMatchObject([{ operation: 'own-outpost', outcome: 'ok' }]);
});

test('an outpost with nothing but its id and type is enough, and refreshes within bounds', async () => {
  const refresh = async (refresh_interval_s: unknown) => {
    const { api } = await apiAnswering(json({ results: [{ pk: 'x', type: 'rac', refresh_interval_s }] }));
    return (await api.ownOutpost()).refreshIntervalS;
  };
  expect(await refresh(undefined)).toBe(300);
  expect(await refresh(0)).toBe(300);
  expect(await refresh(-5)).toBe(300);
  expect(await refresh(1)).toBe(30);
  expect(await refresh('often')).toBe(300);
  expect(await refresh(1e12)).toBeLessThanOrEqual(2 ** 31 / 1000);
});

test('no outpost and an outpost of another type say where to click', async () => {
  const none = await apiAnswering(json({ results: [] }));
  expect((await failureOf(none.api.ownOutpost(), 'no-outpost')).advice).toContain('Outposts');
  for (const type of ['proxy', 'ldap', 'radius', 'unheard_of']) {
    const { api, reports } = await apiAnswering(json({ results: [{ ...OUTPOST, type }] }));
    const failure = await failureOf(api.ownOutpost(), 'wrong-outpost-type');
    expect(failure.message).toContain(type);
    expect(failure.advice).toContain('RAC');
    expect(reports).toMatchObject([{ outcome: 'wrong-outpost-type' }]);
  }
});

test('JSON that is not what was asked for is a bad answer, whatever it is', async () => {
  for (const value of [null, 5, [], {}, { results: 5 }, { results: [5] }, { results: [{ type: 'rac' }] }]) {
    const { api } = await apiAnswering(json(value));
    await failureOf(api.ownOutpost(), 'bad-answer');
  }
});

test('the configuration of authentik is read, also one with other fields', async () => {
  const full = await apiAnswering(
    json({
      error_reporting: {
        enabled: true,
        sentry_dsn: 'd',
        environment: 'e',
        send_pii: false,
        traces_sample_rate: 0.5,
      },
      capabilities: ['can_geo_ip', 5],
      cache_timeout: 300,
    }),
  );
  expect(await full.api.rootConfig()).toEqual({
    errorReporting: {
      enabled: true,
      sentryDsn: 'd',
      environment: 'e',
      sendPii: false,
      tracesSampleRate: 0.5,
    },
    capabilities: ['can_geo_ip'],
    cacheTimeoutS: 300,
  });
  const bare = await apiAnswering(json({}));
  expect((await bare.api.rootConfig()).errorReporting.enabled).toBe(false);
});

test('an event goes out as the schema wants it', async () => {
  let body = '';
  const { api, server } = await apiAnswering((request, response) => {
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.writeHead(201).end());
  });
  await api.createEvent({ app: 'sallyport', context: { what: 'session “é”' }, clientIp: '10.0.0.1' });
  expect(server.requests).toEqual(['POST /auth/api/v3/events/events/?gate=a%20b']);
  expect(JSON.parse(body)).toEqual({
    action: 'custom_',
    app: 'sallyport',
    context: { what: 'session “é”' },
    client_ip: '10.0.0.1',
  });
});

test('every status has its sentence', async () => {
  const cases = [
    [401, '{"detail":"Token invalid/expired"}', {}, 'token-rejected', 'rejected the token'],
    [403, '<html>denied</html>', html, 'token-rejected', 'rejected the token'],
    [
      301,
      '',
      { Location: 'https://new.example/x?secret=1' },
      'http-status',
      'redirects to https://new.example/x (',
    ],
    [302, '', {}, 'http-status', 'redirects to another address'],
    [404, '<html>Not found</html>', html, 'not-authentik', '404'],
    [429, '', {}, 'http-status', 'too many'],
    [500, '', {}, 'http-status', 'failed inside'],
    [502, '<html>Bad gateway</html>', html, 'http-status', 'not ready'],
    [503, '', {}, 'http-status', 'not ready'],
    [504, '', {}, 'http-status', 'not ready'],
    [
      400,
      '<html>No required SSL certificate was sent</html>',
      html,
      'client-certificate',
      'client certificate',
    ],
    [400, '<html>The plain HTTP request was sent to HTTPS port</html>', html, 'not-authentik', 'HTTPS port'],
    [418, '', {}, 'http-status', '418'],
    [200, '<!doctype html><html>', {}, 'not-authentik', 'web page'],
    [200, '{"no": "page"}', html, 'not-authentik', 'web page'],
    [200, '{"results": [{"pk": "6f', {}, 'bad-answer', 'not whole JSON'],
  ] as const;
  for (const [code, body, headers, expected, words] of cases) {
    const { api } = await apiAnswering(status(code, body, headers));
    const failure = await failureOf(api.ownOutpost(), expected);
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('secret=1');
    expect(failure.advice).toBeTruthy();
  }
});

test('an answer may be as long as the limit and not a byte longer', async () => {
  const body = JSON.stringify({ capabilities: [], filler: 'x'.repeat(1000) });
  const fits = await apiAnswering(status(200, body), { maxBytes: body.length });
  await fits.api.rootConfig();
  const over = await apiAnswering(status(200, body), { maxBytes: body.length - 1 });
  expect((await failureOf(over.api.rootConfig(), 'bad-answer')).message).toContain('more than');
});

test('an answer that never ends runs into the time limit, whether it dribbles or is silent', async () => {
  const silent = await apiAnswering(() => {}, { timeoutMs: 100 });
  await failureOf(silent.api.rootConfig(), 'connect-timeout');
  const dribbling = await apiAnswering(
    (_request, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    },
    { timeoutMs: 150 },
  );
  const failure = await failureOf(dribbling.api.rootConfig(), 'connect-timeout');
  expect(failure.message).toContain('did not answer within');
  expect(dribbling.reports).toMatchObject([{ outcome: 'connect-timeout' }]);
});

test('aborting ends a request at once, and closes its connection', async () => {
  const { api, server } = await apiAnswering(() => {});
  const controller = new AbortController();
  const request = api.rootConfig(controller.signal);
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await failureOf(request, 'aborted');
  while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await failureOf(api.rootConfig(controller.signal), 'aborted');
});

test('a request that was cancelled before it began leaves no connection', async () => {
  const { api, server } = await apiAnswering(json({}));
  const controller = new AbortController();
  controller.abort();
  await failureOf(api.rootConfig(controller.signal), 'aborted');
  // Answered after whatever the first has left was accepted; its own connection goes.
  await api.rootConfig();
  const deadline = Date.now() + 10_000;
  while (server.sockets.size > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(server.sockets.size).toBe(0);
});

test('aborting also ends a TLS handshake that never gets an answer', async () => {
  const hole = await started(startRaw((socket) => socket.resume()));
  const api = new AuthentikApi(await endpointTo(`https://127.0.0.1:${hole.port}/`));
  const controller = new AbortController();
  const request = api.rootConfig(controller.signal);
  while (hole.sockets.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await failureOf(request, 'aborted');
  while (hole.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a refused, reset or half-sent answer is told as what it is', async () => {
  const gone = await startServer({});
  await gone.close();
  const at = async (port: number) =>
    new AuthentikApi(await endpointTo(`http://127.0.0.1:${port}/`)).rootConfig();
  const refused = await failureOf(at(gone.port), 'connect-refused');
  expect(refused.message).toBe(`authentik at http://127.0.0.1:${gone.port} refused the connection.`);
  const reset = await started(startRaw((socket) => socket.once('data', () => socket.resetAndDestroy())));
  await failureOf(at(reset.port), 'connection-lost');
  const half = await started(
    startRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a')),
    ),
  );
  expect((await failureOf(at(half.port), 'connection-lost')).message).toContain('in the middle of an answer');
  const noise = await started(
    startRaw((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n'))),
  );
  await failureOf(at(noise.port), 'not-authentik');
  await failureOf(
    new AuthentikApi(await endpointTo('http://sallyport-test.invalid/')).rootConfig(),
    'dns-failed',
  );
});
