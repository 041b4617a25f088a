import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import type { NotificationParams } from '../../../main/control/contract.ts';
import { ControlServer } from '../../../main/control/server.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { Bench, logLine, session } from './outpost-fixture.ts';

const HELLO = '{"sallyport":1,"kind":"control"}\n';
const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

let bench: Bench;
let clients: ControlClient[] = [];
let sockets: Socket[] = [];

beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  for (const client of clients) client.close();
  for (const socket of sockets) socket.destroy();
  clients = [];
  sockets = [];
  await bench.end();
});

async function client(): Promise<ControlClient> {
  const made = await connectControl(bench.path);
  clients.push(made);
  return made;
}

/** A connection that speaks bytes; `all` is what came until the server closed it. */
async function raw(first?: string) {
  const socket = connect(bench.path);
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  if (first !== undefined) socket.write(first);
  const all = once(socket, 'close').then(() => text);
  return { socket, all, text: () => text };
}

async function eventually(check: () => boolean): Promise<void> {
  for (let looks = 0; !check(); looks += 1) {
    if (looks > 6_000) throw new Error(`waited in vain for: ${check.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('requests', () => {
  it('gives the status as the outpost has it', async () => {
    await bench.listen();
    expect(await (await client()).request('status', {})).toEqual(bench.outpost.status());
  });

  it('drives the outpost', async () => {
    await bench.listen();
    const control = await client();
    await control.request('stop', { drain: false });
    await control.request('start', {});
    await control.request('retry', {});
    await control.request('end', { id: 'a1b2c3' }).catch(() => {});
    expect(bench.outpost.asked).toEqual(['stop', 'start', 'retry']);
  });

  it('answers a drain when it has begun, not when it is over', async () => {
    await bench.listen();
    await (await client()).request('stop', { drain: true });
    expect(bench.outpost.status().phase).toBe('draining');
  });

  it('hands the outpost’s own sentence and advice to whoever asked', async () => {
    await bench.listen();
    await expect((await client()).request('end', { id: 'nobody' })).rejects.toMatchObject({
      code: 'session-not-found',
      message: 'There is no session nobody.',
      advice: 'See `sallyport sessions`.',
    });
  });

  it('keeps a token secret from the moment it arrives', async () => {
    await bench.listen();
    await (await client()).request('token/set', { token: 'hunter2' });
    expect(String(bench.token)).toBe('***');
    expect(bench.token?.reveal()).toBe('hunter2');
  });

  it('names the field that is wrong, on a request that came past the types', async () => {
    await bench.listen();
    const control = await client();
    const wrong: { drain: boolean } = JSON.parse('{"drain":"yes"}');
    await expect(control.request('stop', wrong)).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('“drain”'),
    });
    expect(bench.outpost.asked).toEqual([]);
  });

  it('streams the doctor’s steps before the whole report', async () => {
    await bench.listen();
    const control = await client();
    const steps: NotificationParams<'doctor/step'>[] = [];
    control.on('doctor/step', (step) => steps.push(step));
    const report = await control.request('doctor', {});
    expect(steps).toEqual(bench.steps);
    expect(report).toEqual({ steps: bench.steps, healthy: true });
  });

  it('sends nothing that the contract does not name', async () => {
    await bench.listen();
    bench.outpost.change({ sessions: [{ ...session(), ...{ password: 'hunter2' } }] });
    const answer = await (await client()).request('sessions', {});
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('rejects what is still unanswered when the outpost goes away', async () => {
    await bench.listen();
    const control = await client();
    bench.outpost.start = () => new Promise(() => {});
    const answer = control.request('start', {});
    const rejected = expect(answer).rejects.toMatchObject({ code: 'connection-lost' });
    setTimeout(() => bench.server?.close(), 20);
    await rejected;
  });

  it('gives up on an answer that does not come in time', async () => {
    await bench.listen();
    bench.outpost.start = () => new Promise(() => {});
    await expect((await client()).request('start', {}, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'connect-timeout',
    });
  });
});

describe('subscriptions', () => {
  it('tells the newest status, not each of a thousand', async () => {
    await bench.listen();
    const control = await client();
    const seen: number[] = [];
    control.on('status/changed', (status) => seen.push(status.sessionLimit));
    await control.request('status/subscribe', {});
    for (let limit = 1; limit <= 1000; limit += 1) bench.outpost.change({ sessionLimit: limit });
    await eventually(() => seen.at(-1) === 1000);
    expect(seen.length).toBeLessThan(10);
  });

  it('follows the log from the level asked for', async () => {
    await bench.listen();
    const control = await client();
    const seen: string[] = [];
    control.on('log/line', ({ line }) => seen.push(line.event));
    const { lines } = await control.request('log/subscribe', { level: 'warning', limit: 5 });
    expect(lines.map((line) => line.event)).toEqual(['Second']);
    bench.logged.emit(logLine('Too quiet'));
    bench.logged.emit(logLine('Loud', 'error'));
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(['Loud']);
  });

  it('stops listening when the connection is gone', async () => {
    await bench.listen();
    const control = await client();
    let unsubscribed = false;
    bench.outpost.onStatus = () => () => {
      unsubscribed = true;
    };
    await control.request('status/subscribe', {});
    control.close();
    await eventually(() => unsubscribed);
  });

  it('passes by a reader that reads nothing, and counts the lines it missed', async () => {
    await bench.listen({ notifyBytes: 64 * 1024 });
    const reader = await raw(HELLO);
    await eventually(() => reader.text().endsWith('}\n'));
    reader.socket.write(frame('{"jsonrpc":"2.0","id":1,"method":"log/subscribe","params":{}}'));
    await eventually(() => reader.text().includes('"lines"'));
    reader.socket.pause();
    const big = { ...logLine('Big'), fields: { text: 'x'.repeat(4000) } };
    for (let i = 0; i < 2000; i += 1) {
      bench.logged.emit(big);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    reader.socket.resume();
    await eventually(() => {
      bench.logged.emit(logLine('After'));
      return /"event":"After".*?"missed":0/.test(reader.text());
    });
    const missed = [...reader.text().matchAll(/"missed":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    const told = [...reader.text().matchAll(/"event":"Big"/g)].length;
    expect(missed).toBeGreaterThan(0);
    expect(told + missed).toBeGreaterThanOrEqual(2000);
  });
});

describe('the socket', () => {
  it.skipIf(process.platform === 'win32')('is its owner’s alone', async () => {
    await bench.listen();
    expect(statSync(bench.path).mode & 0o777).toBe(0o600);
  });

  it('says where it looked when no outpost runs', async () => {
    await expect(connectControl(bench.path)).rejects.toMatchObject({
      code: 'control-unreachable',
      message: `No outpost is running here (looked at ${bench.path}).`,
      advice: 'Start it with `sallyport run`.',
    });
  });

  it('refuses a second outpost on the same path and leaves the first one be', async () => {
    await bench.listen();
    const second = ControlServer.listen({
      path: bench.path,
      handlers: bench.handlers(),
      tickets: bench.tickets,
      logger: silentLogger,
    });
    await expect(second).rejects.toMatchObject({ code: 'already-running' });
    await (await client()).request('retry', {});
  });

  it('takes the place of an outpost that was killed', async () => {
    const script = `require('net').createServer().listen(process.argv[1], () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script, bench.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(bench.path)).toBe(true);
    await bench.listen();
    await (await client()).request('retry', {});
  });

  it('does not remove a file that is no socket', async () => {
    writeFileSync(bench.path, 'precious');
    await expect(bench.listen()).rejects.toMatchObject({ code: 'listen-failed' });
    expect(existsSync(bench.path)).toBe(true);
  });

  it('names a path that is too long for a socket', async () => {
    const path = join(bench.dir, 'x'.repeat(120));
    await expect(
      ControlServer.listen({
        path,
        handlers: bench.handlers(),
        tickets: bench.tickets,
        logger: silentLogger,
      }),
    ).rejects.toMatchObject({ code: 'listen-failed', message: expect.stringContaining('bytes long') });
  });

  it('is gone from the disk after it closed', async () => {
    await bench.listen();
    await client();
    await bench.server?.close();
    expect(existsSync(bench.path)).toBe(false);
  });
});

describe('bad input', () => {
  it.each([
    ['what is no JSON', 'GET / HTTP/1.1\n', 'that was no hello'],
    ['a kind nobody knows', '{"sallyport":1,"kind":"telepathy"}\n', 'telepathy'],
    ['another generation', '{"sallyport":2,"kind":"control"}\n', 'version 2'],
    ['a line without an end', 'x'.repeat(1025), 'longer than 1024 bytes'],
  ])('answers a hello of %s with a sentence and closes', async (_, hello, sentence) => {
    await bench.listen();
    const { all } = await raw(hello);
    const { error } = JSON.parse(await all);
    expect(error.code).toBe('control-protocol');
    expect(error.message).toContain(sentence);
  });

  it('does not wait for ever for a hello', async () => {
    await bench.listen({ helloMs: 50 });
    expect(await (await raw()).all).toContain('No hello line came');
  });

  it('takes as many connections as it may and tells the next one', async () => {
    await bench.listen({ connections: 2 });
    await client();
    const second = await client();
    await expect(connectControl(bench.path)).rejects.toMatchObject({
      message: expect.stringContaining('All 2 control connections are taken'),
    });
    second.close();
    await eventually(() => true);
    await expect
      .poll(() =>
        client().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  it.each([
    ['half JSON', frame('{"jsonrpc":')],
    ['null', frame('null')],
    ['a list', frame('[1,2]')],
    ['another JSON-RPC', frame('{"jsonrpc":"1.0","id":1,"method":"status"}')],
    ['an id that is an object', frame('{"jsonrpc":"2.0","id":{},"method":"status"}')],
    ['a cancellation of nothing', frame('{"jsonrpc":"2.0","method":"$/cancelRequest"}')],
    ['a header without an end', 'x'.repeat(2000)],
    ['a header without a length', 'Content-Type: text/plain\r\n\r\n{}'],
    ['a negative length', 'Content-Length: -1\r\n\r\n{}'],
    ['a message above the limit', 'Content-Length: 1048577\r\n\r\n{}'],
  ])('cuts a connection that sends %s, and serves the others', async (_, bytes) => {
    await bench.listen();
    const good = await client();
    await (await raw(HELLO + bytes)).all;
    await good.request('retry', {});
  });

  it('takes a message at the limit', async () => {
    await bench.listen({ messageBytes: 300 });
    const start = '{"jsonrpc":"2.0","id":7,"method":"retry","params":{"x":"';
    const body = `${start}${'y'.repeat(300 - start.length - 3)}"}}`;
    expect(body.length).toBe(300);
    const reader = await raw(HELLO + frame(body));
    await eventually(() => reader.text().includes('"id":7'));
    const tooLong = await raw(HELLO + frame(body.replace('y', 'yy')));
    expect(await tooLong.all).not.toContain('"id":7');
  });

  it('reads messages however they are cut', async () => {
    await bench.listen();
    const reader = await raw(HELLO);
    await eventually(() => reader.text().endsWith('}\n'));
    for (const byte of frame('{"jsonrpc":"2.0","id":"ü","method":"retry"}') +
      frame('{"jsonrpc":"2.0","id":2,"method":"retry"}')) {
      reader.socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => reader.text().includes('"id":2'));
    expect(reader.text()).toContain('"id":"ü"');
  });

  it('refuses more requests at once than it may work on', async () => {
    await bench.listen({ requestsInFlight: 2 });
    const control = await client();
    bench.outpost.start = () => new Promise(() => {});
    control.request('start', {}, { timeoutMs: null }).catch(() => {});
    control.request('start', {}, { timeoutMs: null }).catch(() => {});
    await expect(control.request('retry', {})).rejects.toMatchObject({ code: 'control-protocol' });
  });

  it('survives a flood of notifications', async () => {
    await bench.listen();
    const good = await client();
    const flood = await raw(HELLO + frame('{"jsonrpc":"2.0","method":"x"}').repeat(20_000));
    await good.request('retry', {});
    flood.socket.write(frame('{"jsonrpc":"2.0","id":5,"method":"retry"}'));
    await eventually(() => flood.text().includes('"id":5'));
  });

  it('cuts a connection that asks and never reads the answers, and serves the others', async () => {
    await bench.listen({ queuedBytes: 64 * 1024 });
    bench.outpost.change({ warnings: [{ code: 'internal', message: 'x'.repeat(10_000) }] });
    const good = await client();
    const { socket, all } = await raw(HELLO);
    socket.pause();
    for (let id = 1; id <= 1_000; id += 1) {
      socket.write(frame(`{"jsonrpc":"2.0","id":${id},"method":"status"}`));
    }
    // Each of these gives the flood at least one turn more.
    for (let turn = 0; turn < 200; turn += 1) await good.request('retry', {});
    socket.resume();
    expect((await all).match(/"id":/g)?.length ?? 0).toBeLessThan(1_000);
    await good.request('retry', {});
  });

  it('says that it does not know a command of a newer version', async () => {
    await bench.listen();
    const reader = await raw(HELLO + frame('{"jsonrpc":"2.0","id":1,"method":"teleport"}'));
    await eventually(() => reader.text().includes('does not know “teleport”'));
  });
});
