import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openWebSocket, type WebSocketOptions } from '../../../main/core/authentik/websocket.ts';
import type { AuthentikSocket, SocketEnd } from '../../../main/core/authentik/websocket-socket.ts';
import { issue } from './certificates.ts';
import { listen, startRaw, startServer } from './servers.ts';
import { endpointTo, failureOf, fileWith, started, TOKEN } from './setup.ts';

const ca = issue({ name: 'Test authority', authority: true });
const good = issue({ name: 'authentik', names: ['localhost'], by: ca });

/** A server whose websockets are handled by `onPeer`. */
async function peers(onPeer: (peer: WebSocket, socket: Socket) => void, tls = false) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  const server = await started(
    startServer({
      ...(tls && { tls: good }),
      onUpgrade: (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (peer) => {
          peer.on('error', () => {});
          onPeer(peer, socket);
        }),
    }),
  );
  const caFile = await fileWith(ca.cert);
  const endpoint = await endpointTo(`http${tls ? 's' : ''}://localhost:${server.port}/sub/path/?gate=1`, {
    caFile,
  });
  return {
    server,
    open: (options: WebSocketOptions = {}) =>
      openWebSocket(endpoint, endpoint.websocketUrl(['outpost_rac', 'a/b!c.d'], { attempt: '1' }), options),
  };
}

const endOf = (socket: AuthentikSocket) => new Promise<SocketEnd>((resolve) => socket.onClose(resolve));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ignore = () => {};

test.each([false, true])(
  'opens below the sub-path with query, token and escaped id; TLS: %s',
  async (tls) => {
    const { server, open } = await peers(
      (peer) => peer.on('message', (data, binary) => peer.send(data, { binary })),
      tls,
    );
    const socket = await open();
    const received: [string, boolean][] = [];
    const done = new Promise<void>((resolve) =>
      socket.onMessage((data, binary) => {
        expect(Buffer.isBuffer(data)).toBe(true);
        received.push([data.toString(), binary]);
        if (received.length === 2) resolve();
      }),
    );
    await new Promise<void>((resolve, reject) =>
      socket.send('7.text 😀', (error) => (error ? reject(error) : resolve())),
    );
    socket.send(Buffer.from('bytes'));
    await done;
    expect(received).toEqual([
      ['7.text 😀', false],
      ['bytes', false],
    ]);
    expect(server.requests).toEqual(['GET /sub/path/ws/outpost_rac/a%2Fb!c.d/?gate=1&attempt=1']);
    expect(server.headers[0]).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'sallyport/test',
    });
    expect(server.headers[0]).not.toHaveProperty('sec-websocket-extensions');
    socket.close();
    expect((await endOf(socket)).failure).toBeNull();
  },
);

test('a message sent with the upgrade is not missed by a listener that comes later', async () => {
  const { open } = await peers((peer) => {
    peer.send('first');
    peer.send('second');
  });
  const socket = await open();
  await sleep(50);
  const received: string[] = [];
  await new Promise<void>((resolve) =>
    socket.onMessage((data) => {
      if (received.push(data.toString()) === 2) resolve();
    }),
  );
  expect(received).toEqual(['first', 'second']);
  socket.terminate();
});

test('an answer other than an upgrade has its sentence', async () => {
  const cases = [
    [401, '', '', 'token-rejected', 'rejected the token'],
    [403, '<html>Access denied</html>', 'text/html', 'token-rejected', 'rejected the token'],
    [404, '<html>Not found</html>', 'text/html', 'upgrade-refused', 'no websocket at this path'],
    [200, '<html>Welcome</html>', 'text/html', 'upgrade-refused', 'Upgrade header'],
    [400, 'Bad request', 'text/plain', 'upgrade-refused', 'Upgrade header'],
    [426, '', '', 'upgrade-refused', 'Upgrade header'],
    [
      400,
      '<html>No required SSL certificate was sent</html>',
      'text/html',
      'client-certificate',
      'certificate',
    ],
    [302, '', '', 'http-status', 'redirects'],
    [500, '', '', 'http-status', 'failed inside'],
    [502, '<html>Bad gateway</html>'.repeat(9999), 'text/html', 'http-status', 'not ready'],
    [503, '', '', 'http-status', 'not ready'],
    [504, '', '', 'http-status', 'not ready'],
  ] as const;
  for (const [status, body, type, code, words] of cases) {
    const { port } = await started(
      startServer({
        onRequest: (_request, response) => {
          response.writeHead(status, type ? { 'Content-Type': type } : {}).end(body);
        },
      }),
    );
    const endpoint = await endpointTo(`http://127.0.0.1:${port}/`);
    const failure = await failureOf(openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x'])), code);
    expect(failure.message).toContain(words);
    // Said once, not wrapped into a complaint about the protocol.
    expect(failure.message).not.toContain('breaks its protocol');
  }
});

test('an upgrade that is none is refused', async () => {
  for (const headers of ['Upgrade: h2c', 'Upgrade: websocket\r\nSec-WebSocket-Accept: wrong']) {
    const { port } = await started(
      startRaw((socket) =>
        socket.once('data', () =>
          socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`),
        ),
      ),
    );
    const endpoint = await endpointTo(`http://127.0.0.1:${port}/`);
    await failureOf(openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x'])), 'upgrade-refused');
  }
});

test('a certificate that is not trusted, a port without service and a name without address are told apart', async () => {
  const { server } = await peers(ignore, true);
  const at = async (host: string) => {
    const endpoint = await endpointTo(host);
    return openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x']));
  };
  await failureOf(at(`https://localhost:${server.port}/`), 'tls-untrusted');
  expect(server.requests).toEqual([]);
  const gone = await startServer({});
  await gone.close();
  await failureOf(at(`http://127.0.0.1:${gone.port}/`), 'connect-refused');
  await failureOf(at('http://sallyport-test.invalid/'), 'dns-failed');
});

test('a black hole runs into the time limit; aborting comes before that; both close the connection', async () => {
  for (const scheme of ['http', 'https']) {
    const hole = await started(startRaw((socket) => socket.resume()));
    const endpoint = await endpointTo(`${scheme}://127.0.0.1:${hole.port}/`);
    const url = endpoint.websocketUrl(['outpost', 'x']);
    const failure = await failureOf(
      openWebSocket(endpoint, url, { handshakeTimeoutMs: 100 }),
      'connect-timeout',
    );
    expect(failure.message).toContain('did not open the websocket');
    const controller = new AbortController();
    const opening = openWebSocket(endpoint, url, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await failureOf(opening, 'aborted');
    await failureOf(openWebSocket(endpoint, url, { signal: controller.signal }), 'aborted');
    while (hole.sockets.size > 0) await sleep(5);
  }
});

test('aborting after the opening does not touch the websocket', async () => {
  const { open } = await peers((peer) => peer.on('message', (data) => peer.send(data)));
  const controller = new AbortController();
  const socket = await open({ signal: controller.signal });
  controller.abort();
  const answer = new Promise((resolve) => socket.onMessage((data) => resolve(data.toString())));
  socket.send('still there');
  expect(await answer).toBe('still there');
  socket.terminate();
});

test('the peer’s close codes become words, an ordinary end becomes none', async () => {
  const cases = [
    [1000, '', null],
    [1001, '', 'going away'],
    [1011, 'oops', 'failed inside'],
    [1012, '', 'is restarting'],
    [1013, '', 'overloaded'],
    [4003, 'own word', 'own word'],
  ] as const;
  for (const [code, reason, words] of cases) {
    const { open } = await peers((peer) => peer.close(code, reason));
    const socket = await open();
    socket.onMessage(ignore);
    const end = await endOf(socket);
    expect(end).toMatchObject({ code, reason });
    if (words === null) expect(end.failure).toBeNull();
    else expect(end.failure?.message).toContain(words);
    expect(await endOf(socket)).toEqual(end);
    expect(socket.open).toBe(false);
  }
});

test('a cut connection, a broken frame and a message over the limit are failures, not crashes', async () => {
  const cut = await peers((_peer, socket) => socket.destroy());
  const broken = await peers((_peer, socket) => socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff])));
  const long = await peers((peer) => peer.send('x'.repeat(1001)));
  const half = await peers((_peer, socket) => socket.end(Buffer.from([0x81, 0x7e, 0x10])));
  const failureAfter = async (open: typeof cut.open) => {
    const socket = await open({ maxPayload: 1000 });
    socket.onMessage(() => expect.unreachable());
    return (await endOf(socket)).failure;
  };
  expect(await failureAfter(cut.open)).toMatchObject({ code: 'connection-lost' });
  expect(await failureAfter(broken.open)).toMatchObject({ code: 'bad-answer' });
  expect((await failureAfter(long.open))?.message).toContain('longer than allowed');
  expect(await failureAfter(half.open)).toMatchObject({ code: 'connection-lost' });
});

test('a message at the limit passes, and a message in too many frames does not', async () => {
  const { open } = await peers((peer) => {
    peer.send('x'.repeat(1000));
    for (let frame = 0; frame < 5; frame++) peer.send('y', { fin: frame === 4 });
  });
  const socket = await open({ maxPayload: 1000, maxFragments: 4 });
  const lengths: number[] = [];
  socket.onMessage((data) => lengths.push(data.length));
  expect((await endOf(socket)).failure).toMatchObject({ code: 'bad-answer' });
  expect(lengths).toEqual([1000]);
});

test('a peer that is gone without a word is noticed, and the connection ended', async () => {
  // Takes the upgrade, then neither reads nor answers: what a pulled cable looks like from here.
  const { open } = await peers((peer) => peer.pause());
  const socket = await open({ pingMs: 20, deadMs: 100 });
  socket.onMessage(ignore);
  const hello = setInterval(() => socket.send('hello'), 10);
  const end = await endOf(socket);
  clearInterval(hello);
  expect(end).toMatchObject({ code: 1006, failure: { code: 'peer-lost' } });
});

test('a peer that answers pings stays, however long nothing is said', async () => {
  let pings = 0;
  const { open } = await peers((peer) => peer.on('ping', () => pings++));
  const deadMs = 500;
  const socket = await open({ pingMs: 20, deadMs });
  socket.onMessage(ignore);
  const before = socket.lastProofAt;
  await sleep(3 * deadMs);
  expect(socket.open).toBe(true);
  expect(pings).toBeGreaterThan(2);
  expect(socket.lastProofAt).toBeGreaterThan(before + deadMs);
  socket.terminate();
});

test.each([false, true])(
  'a slow peer that takes a standing queue bit by bit is alive though it answers no ping; TLS: %s',
  async (tls) => {
    let connection: Socket | undefined;
    const { open } = await peers((_peer, socket) => {
      connection = socket;
      socket.removeAllListeners('data');
      socket.pause();
    }, tls);
    const socket = await open({ pingMs: 100, deadMs: 900 });
    socket.onMessage(ignore);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 48; count++) socket.send(chunk);
    // Reads a little now and then, and never writes.
    const reader = setInterval(() => connection?.read(), 5);
    for (let waited = 0; waited < 1500 && socket.open; waited += 10) await sleep(10);
    expect(socket.queuedBytes).toBeGreaterThan(0);
    expect(socket.open).toBe(true);
    clearInterval(reader);
    socket.terminate();
  },
);

test('a paused websocket reads nothing, is not taken for dead, and goes on where it stopped', async () => {
  const chunk = 'x'.repeat(1024 * 1024);
  // More than any buffer on the way holds, so that not even an answer to a ping can arrive.
  const { open } = await peers((peer) =>
    peer.on('message', () => {
      for (let count = 0; count < 32; count++) peer.send(`${count}${chunk}`);
    }),
  );
  const socket = await open({ pingMs: 20, deadMs: 100 });
  const received: number[] = [];
  socket.onMessage((data) => received.push(Number.parseInt(data.toString('latin1'), 10)));
  socket.pause();
  socket.send('go');
  await sleep(600);
  expect(received).toEqual([]);
  expect(socket.open).toBe(true);
  socket.resume();
  while (received.length < 32 && socket.open) await sleep(5);
  expect(received).toEqual([...Array(32).keys()]);
  socket.terminate();
});

test('closing is answered with a word, delivers nothing more, and does not wait for ever', async () => {
  const reasons: [number, string][] = [];
  const polite = await peers((peer) => {
    peer.on('close', (code, reason) => reasons.push([code, reason.toString()]));
    peer.on('message', () => {
      for (let count = 0; count < 100; count++) peer.send('late');
    });
  });
  const socket = await polite.open();
  let late = 0;
  socket.onMessage(() => late++);
  socket.pause();
  socket.send('go');
  await sleep(50);
  socket.close(1001, 'ü'.repeat(200));
  expect((await endOf(socket)).failure).toBeNull();
  expect(late).toBe(0);
  while (reasons.length === 0) await sleep(5);
  expect(reasons).toEqual([[1001, 'ü'.repeat(61)]]);

  const deaf = await peers((peer) => peer.pause());
  const stuck = await deaf.open();
  stuck.onMessage(ignore);
  stuck.close();
  expect(await endOf(stuck)).toMatchObject({ failure: null });
});

test('a send after the end reports its error to the sender alone', async () => {
  const { open } = await peers(ignore);
  const socket = await open();
  socket.terminate();
  await endOf(socket);
  const error = await new Promise((resolve) => socket.send('too late', resolve));
  expect(error).toBeInstanceOf(Error);
});

test('a server that speaks first and is no HTTP server is told as that', async () => {
  const { createServer } = await import('node:net');
  const ssh = await started(listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))));
  const endpoint = await endpointTo(`http://127.0.0.1:${ssh.port}/`);
  await failureOf(openWebSocket(endpoint, endpoint.websocketUrl(['outpost', 'x'])), 'not-authentik');
});
