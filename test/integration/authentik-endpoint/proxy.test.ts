import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { AuthentikApi } from '../../../main/core/authentik/api.ts';
import { openWebSocket } from '../../../main/core/authentik/websocket.ts';
import { issue } from './certificates.ts';
import { startProxy, startRaw, startServer } from './servers.ts';
import { endpointTo, failureOf, fileWith, started, TOKEN } from './setup.ts';

const ca = issue({ name: 'Test authority', authority: true });
const good = issue({ name: 'authentik', names: ['authentik.test'], addresses: ['192.0.2.7'], by: ca });
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const before = new Map(PROXY_VARIABLES.map((name) => [name, process.env[name]]));

function setEnvironment(variables: Record<string, string> = {}) {
  for (const name of PROXY_VARIABLES) delete process.env[name];
  Object.assign(process.env, variables);
}
afterEach(() => {
  setEnvironment();
  for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
});

async function authentik() {
  const sockets = new WebSocketServer({ noServer: true });
  return started(
    startServer({
      tls: good,
      onUpgrade: (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (ws) => ws.send('hello')),
    }),
  );
}

test('REST and websocket go through a proxy with credentials, which never sees the token', async () => {
  const server = await authentik();
  const proxy = await started(startProxy({ credentials: 'me:p%40ss word' }));
  const caFile = await fileWith(ca.cert);
  const endpoint = await endpointTo(
    `https://authentik.test:${server.port}/auth/`,
    { caFile },
    {
      proxy: `http://me:p%2540ss%20word@127.0.0.1:${proxy.port}`,
    },
  );
  await new AuthentikApi(endpoint).rootConfig();
  const socket = await openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x']));
  expect(await new Promise((resolve) => socket.onMessage((data) => resolve(data.toString())))).toBe('hello');
  socket.terminate();
  expect(proxy.tunnels).toEqual(Array(2).fill(`authentik.test:${server.port}`));
  expect(JSON.stringify(proxy.headers)).not.toContain(TOKEN);
  expect(server.requests).toEqual(['GET /auth/api/v3/root/config/', 'GET /auth/ws/outpost/x/']);
  expect(endpoint.proxy).toBe(`http://127.0.0.1:${proxy.port}`);
});

test('behind a proxy the certificate is checked against authentik’s name or address, not the proxy’s', async () => {
  const server = await authentik();
  const proxy = await started(startProxy());
  const caFile = await fileWith(ca.cert);
  const at = async (host: string) =>
    new AuthentikApi(
      await endpointTo(`https://${host}:${server.port}/`, { caFile }, { proxy: `127.0.0.1:${proxy.port}` }),
    ).rootConfig();
  await at('192.0.2.7');
  expect((await failureOf(at('192.0.2.8'), 'tls-name')).message).toContain('authentik.test');
  await failureOf(at('other.test'), 'tls-name');
});

test('a plain authentik is asked through the proxy as it is, its websockets through a tunnel', async () => {
  const sockets = new WebSocketServer({ noServer: true });
  const server = await started(
    startServer({
      onUpgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}),
    }),
  );
  const proxy = await started(startProxy({ credentials: 'me:secret' }));
  const endpoint = await endpointTo(
    `http://authentik.test:${server.port}/`,
    {},
    {
      proxy: `http://me:secret@127.0.0.1:${proxy.port}`,
    },
  );
  await new AuthentikApi(endpoint).rootConfig();
  (await openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x']))).terminate();
  expect(proxy.requests).toEqual([`GET http://authentik.test:${server.port}/api/v3/root/config/`]);
  expect(proxy.tunnels).toEqual([`authentik.test:${server.port}`]);
});

test('a proxy that speaks TLS is checked too, but is not shown our client certificate', async () => {
  const server = await authentik();
  const certificate = issue({ name: 'proxy', names: ['localhost'], by: ca });
  const proxy = await started(
    startProxy({ tls: { ...certificate, ca: ca.cert, requestCert: true, rejectUnauthorized: false } }),
  );
  const client = issue({ name: 'outpost one', by: ca });
  const trust = {
    clientCertificate: { file: await fileWith(client.cert + client.key), keyFile: null, passphrase: null },
  };
  const at = async (caFile: string | null, host = 'localhost') =>
    new AuthentikApi(
      await endpointTo(
        `https://authentik.test:${server.port}/`,
        { ...trust, caFile },
        { proxy: `https://${host}:${proxy.port}` },
      ),
    ).rootConfig();
  await failureOf(at(null), 'proxy-failed');
  const caFile = await fileWith(ca.cert);
  await failureOf(at(caFile, '127.0.0.1'), 'proxy-failed');
  expect(proxy.tunnels).toEqual([]);
  await at(caFile);
  expect(proxy.tunnels).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
  expect(proxy.shown).not.toContain('outpost one');
});

test('refusals of the proxy name it without its credentials', async () => {
  const cases = [
    [{ credentials: 'me:right' }, 'me:wrong-pass@', 'refused its user name or password'],
    [{ credentials: 'me:right' }, '', 'asks for a user name'],
    [{ refuseWith: 403 }, '', 'does not allow'],
    [{ refuseWith: 502 }, 'me:wrong-pass@', 'could not reach authentik'],
    [{ refuseWith: 404 }, '', 'status 404'],
  ] as const;
  for (const [options, credentials, words] of cases) {
    const proxy = await started(startProxy(options));
    const endpoint = await endpointTo(
      'https://authentik.test/',
      {},
      {
        proxy: `http://${credentials}127.0.0.1:${proxy.port}`,
      },
    );
    const attempts = [
      () => new AuthentikApi(endpoint).rootConfig(),
      () => openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x'])),
    ];
    for (const attempt of attempts) {
      const failure = await failureOf(attempt(), 'proxy-failed');
      expect(failure.message).toContain(`http://127.0.0.1:${proxy.port}`);
      expect(failure.message).toContain(words);
      expect(`${failure.message}${failure.advice}${failure.stack}`).not.toContain('wrong-pass');
    }
  }
});

test('a plain request refused by the proxy is told as the proxy’s refusal', async () => {
  const proxy = await started(startProxy({ credentials: 'me:right' }));
  const endpoint = await endpointTo(
    'http://authentik.test/',
    {},
    { proxy: `http://127.0.0.1:${proxy.port}` },
  );
  await failureOf(new AuthentikApi(endpoint).rootConfig(), 'proxy-failed');
});

test('a proxy that is not there, hangs up or talks nonsense is told as that', async () => {
  const gone = await startProxy();
  await gone.close();
  const hangsUp = await started(startRaw((socket) => socket.once('data', () => socket.end())));
  const nonsense = await started(
    startRaw((socket) => socket.once('data', () => socket.end('what?\r\n\r\n'))),
  );
  for (const { port } of [gone, hangsUp, nonsense]) {
    const endpoint = await endpointTo('https://authentik.test/', {}, { proxy: `http://127.0.0.1:${port}` });
    await failureOf(new AuthentikApi(endpoint).rootConfig(), 'proxy-failed');
  }
  const silent = await started(startRaw(() => {}));
  const endpoint = await endpointTo(
    'https://authentik.test/',
    {},
    { proxy: `http://127.0.0.1:${silent.port}` },
  );
  const api = new AuthentikApi(endpoint, { limits: { timeoutMs: 100 } });
  await failureOf(api.rootConfig(), 'connect-timeout');
});

test('the environment decides where nothing is set: either case, exceptions, and never for loopback', async () => {
  const proxyFor = async (variables: Record<string, string>, host = 'https://authentik.test/') => {
    setEnvironment(variables);
    return (await endpointTo(host, {}, { proxy: null })).proxy;
  };
  expect(await proxyFor({})).toBeNull();
  expect(await proxyFor({ HTTPS_PROXY: 'http://a.test:3128' })).toBe('http://a.test:3128');
  expect(await proxyFor({ https_proxy: 'b.test:3128' })).toBe('http://b.test:3128');
  expect(await proxyFor({ https_proxy: 'https://b.test:3129' })).toBe('https://b.test:3129');
  expect(await proxyFor({ HTTP_PROXY: 'http://c.test:1' })).toBeNull();
  expect(await proxyFor({ HTTP_PROXY: 'http://c.test:1' }, 'http://authentik.test/')).toBe('http://c.test:1');
  expect(await proxyFor({ all_proxy: 'http://d.test:8080' })).toBe('http://d.test:8080');
  const both = { HTTPS_PROXY: 'http://a.test:3128', NO_PROXY: 'other.test,.example,authentik.test' };
  expect(await proxyFor(both)).toBeNull();
  expect(await proxyFor(both, 'https://sso.example/')).toBeNull();
  expect(await proxyFor(both, 'https://sso.example.org/')).toBe('http://a.test:3128');
  expect(await proxyFor({ HTTPS_PROXY: 'http://a.test:3128' }, 'https://127.0.0.1:9/')).toBeNull();
  setEnvironment({ HTTPS_PROXY: 'http://a.test:3128' });
  expect((await endpointTo('https://authentik.test/', {}, { proxy: 'none' })).proxy).toBeNull();
});

test('what is no HTTP proxy is refused by name', async () => {
  for (const proxy of ['socks5://a.test:1080', 'ftp://a.test', 'http://', 'http://a:%ff%@b.test']) {
    const failure = await failureOf(endpointTo('https://authentik.test/', {}, { proxy }), 'settings-invalid');
    expect(failure.message).toContain('proxy setting');
  }
});
