import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import type { MetricsState } from '../../../main/core/status.ts';
import { createLog } from '../../../main/core/telemetry/log.ts';
import { MetricsServer, type MetricsServerOptions } from '../../../main/core/telemetry/metrics-server.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function server(options: Partial<MetricsServerOptions> = {}): MetricsServer {
  const made = new MetricsServer({
    host: '127.0.0.1',
    port: 0,
    render: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'some_metric 1\n' }),
    ready: () => true,
    logger: silentLogger,
    ...options,
  });
  endings.push(() => made.stop());
  return made;
}

async function started(options: Partial<MetricsServerOptions> = {}): Promise<number> {
  const made = server(options);
  await made.start();
  if (made.state.kind !== 'listening') throw new Error(JSON.stringify(made.state));
  return Number(made.state.address.split(':').at(-1));
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(port: number, path: string, method = 'GET', body = ''): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', port, path, method, agent: false }).end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: text };
}

/** Sends raw bytes and resolves with everything that comes until the server closes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => {});
  socket.write(text);
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}

async function takenPort(): Promise<{ taker: Server; port: number }> {
  const taker = createServer().listen(0, '127.0.0.1');
  await once(taker, 'listening');
  endings.push(() => new Promise((resolve) => taker.close(resolve)));
  const { port } = taker.address() as AddressInfo;
  return { taker, port };
}

describe('the metrics server', () => {
  it('answers what Prometheus and health checks ask, and nothing else', async () => {
    let online = false;
    const port = await started({ ready: () => online });
    expect(await ask(port, '/metrics?x=1')).toMatchObject({ status: 200, body: 'some_metric 1\n' });
    expect((await ask(port, '/metrics')).headers['content-type']).toBe('text/plain; version=0.0.4');
    expect(await ask(port, '/outpost.goauthentik.io/ping')).toMatchObject({ status: 204, body: '' });
    expect(await ask(port, '/-/ready')).toMatchObject({ status: 503 });
    online = true;
    expect(await ask(port, '/-/ready')).toMatchObject({ status: 200 });
    for (const path of ['/', '/metrics/', '/metric', '//metrics', '/%6detrics', '/../metrics', '*']) {
      expect(await ask(port, path), path).toMatchObject({ status: 404 });
    }
  });

  it('answers HEAD without a body and refuses every other method', async () => {
    const port = await started();
    expect(await ask(port, '/metrics', 'HEAD')).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      const answer = await ask(port, '/metrics', method);
      expect(answer, method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
    expect(await ask(port, '/metrics', 'POST', 'x'.repeat(100_000))).toMatchObject({ status: 405 });
  });

  it('reads once for many who ask at the same time', async () => {
    let reads = 0;
    const port = await started({
      render: async () => {
        reads += 1;
        await sleep(50);
        return { contentType: 'text/plain', body: `${reads}` };
      },
    });
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(port, '/metrics')));
    expect(answers.every(({ body }) => body === '1')).toBe(true);
    expect((await ask(port, '/metrics')).body).toBe('2');
  });

  it('says 500 where reading fails, tells nobody outside why, and goes on', async () => {
    const log = createLog({ level: 'info', terminal: false, file: null, ringCapacity: 10 });
    const fail = () => {
      throw new Error('the inner reason');
    };
    const port = await started({ render: async () => fail(), ready: fail, logger: log });
    for (const path of ['/metrics', '/-/ready', '/metrics']) {
      const answer = await ask(port, path);
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('inner reason');
    }
    expect(JSON.stringify(log.recent({ limit: 9 }))).toContain('the inner reason');
    expect((await ask(port, '/outpost.goauthentik.io/ping')).status).toBe(204);
  });

  it('bounds the head of a request and its time', async () => {
    const port = await started({ maxHeaderBytes: 1024, requestTimeoutMs: 300 });
    expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(1100)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431/,
    );
    expect(await raw(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await raw(port, 'GET /metrics HTTP/1.1\r\nHost: ')).toMatch(/^(HTTP\/1.1 408|$)/);
    expect(await raw(port, '')).toMatch(/^(HTTP\/1.1 408|$)/);
  });

  it('bounds the number of connections', async () => {
    const port = await started({ requestTimeoutMs: 60_000, maxConnections: 4 });
    const idle = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect(await raw(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
    for (const socket of idle) socket.destroy();
    const status = () => ask(port, '/metrics').then((answer) => answer.status);
    await expect.poll(() => status().catch(() => 'refused'), { timeout: 30_000 }).toBe(200);
  });

  it('ends with connections open, and can be started again', async () => {
    const made = server();
    await made.start();
    const address = made.state.kind === 'listening' ? made.state.address : '';
    const port = Number(address.split(':')[1]);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await made.stop();
    await closed;
    expect(made.state).toEqual({ kind: 'off' });
    await expect(ask(port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await made.start();
    expect(made.state.kind).toBe('listening');
  });
});

describe('a metrics port that cannot be had', () => {
  it('is named in the state with what to do, once in the log, and taken when it is free', async () => {
    const { taker, port } = await takenPort();
    const log = createLog({ level: 'info', terminal: false, file: null, ringCapacity: 50 });
    const made = server({ port, retryMs: 30, logger: log });
    const states: MetricsState['kind'][] = [];
    const listening = new Promise<void>((resolve) => {
      made.onState(({ kind }) => {
        states.push(kind);
        if (kind === 'listening') resolve();
      });
    });
    await made.start();
    expect(made.state).toMatchObject({
      kind: 'failed',
      address: `127.0.0.1:${port}`,
      reason: {
        code: 'port-taken',
        message: expect.stringContaining(`Port ${port} on 127.0.0.1`),
        advice: expect.stringContaining('AUTHENTIK_LISTEN__METRICS'),
      },
    });
    await sleep(100);
    expect(log.recent({ limit: 50 })).toHaveLength(1);
    taker.close();
    await listening;
    expect(states.at(-1)).toBe('listening');
    expect((await ask(port, '/metrics')).status).toBe(200);
  });

  it('is not tried any more after the end', async () => {
    const { taker, port } = await takenPort();
    const made = server({ port, retryMs: 20 });
    await made.start();
    await made.stop();
    taker.close();
    await sleep(60);
    expect(made.state).toEqual({ kind: 'off' });
    await expect(ask(port, '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('because the address is not this host’s is told in other words', async () => {
    const made = server({ host: '192.0.2.1', port: 9300 });
    await made.start();
    expect(made.state).toMatchObject({
      kind: 'failed',
      reason: {
        code: 'listen-failed',
        message: expect.stringContaining('192.0.2.1 is not an address of this host'),
      },
    });
  });
});
