import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import { logLine, status } from './outpost-fixture.ts';

const GREETING = '{"sallyport":1,"version":"9.9.9","pid":7}\n';
const frame = (message: object) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

let dir: string;
let server: Server | undefined;
const sockets = new Set<Socket>();
const clients: ControlClient[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sp-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Something that answers where an outpost would; `serve` gets the connection and every chunk that comes. */
async function fakeOutpost(serve: (socket: Socket, text: string) => void): Promise<string> {
  const path = join(dir, 'control.sock');
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => serve(socket, chunk.toString()));
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}

/** Greets, and answers every request with what `answer` makes of its method. */
function greeter(answer: (method: string) => object | undefined): (socket: Socket, text: string) => void {
  return (socket, text) => {
    if (text.includes('"kind":"control"')) socket.write(GREETING);
    for (const [, id, method = ''] of text.matchAll(/"id":(\d+),"method":"([^"]+)"/g)) {
      const answered = answer(method);
      if (answered) socket.write(frame({ id: Number(id), ...answered }));
    }
  };
}

async function client(path: string): Promise<ControlClient> {
  const made = await connectControl(path, { timeoutMs: 30_000 });
  clients.push(made);
  return made;
}

describe('connecting to what is no outpost of ours', () => {
  it.each([
    ['talks otherwise', 'SSH-2.0-OpenSSH\r\n', 'is not Sallyport'],
    ['is another generation', '{"sallyport":2,"version":"9.9.9","pid":7}\n', 'version 2'],
    ['says too much', 'x'.repeat(9_000), 'longer than 8192 bytes'],
    [
      'refuses with a sentence',
      '{"sallyport":1,"error":{"code":"draining","message":"Not now."}}\n',
      'Not now.',
    ],
  ])('says so where it %s', async (_, greeting, words) => {
    const path = await fakeOutpost((socket) => socket.write(greeting));
    await expect(client(path)).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });

  it('says so where it closes or says nothing', async () => {
    const closing = await fakeOutpost((socket) => socket.end('{"sally'));
    await expect(client(closing)).rejects.toMatchObject({ code: 'connection-lost' });
    server?.close();
    rmSync(closing, { force: true });
    const silent = await fakeOutpost(() => {});
    await expect(connectControl(silent, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'control-protocol',
      message: 'No hello line came within 0.05 s.',
    });
  });
});

describe('an outpost of another version', () => {
  it('that answers with something else is told with the field and both versions', async () => {
    const path = await fakeOutpost(greeter(() => ({ result: { ...status(), link: { kind: 'dreaming' } } })));
    await expect((await client(path)).request('status', {})).rejects.toMatchObject({
      code: 'control-protocol',
      message: expect.stringContaining('“link.kind”'),
      advice: expect.stringContaining('9.9.9'),
    });
  });

  it('that knows a command not is told in its words', async () => {
    const path = await fakeOutpost(greeter(() => ({ error: { code: -32601, message: 'Unhandled method' } })));
    await expect((await client(path)).request('retry', {})).rejects.toMatchObject({
      code: 'control-protocol',
      message: 'The outpost did not take “retry”: Unhandled method',
    });
  });

  it('that refuses with something that is no failure of ours is told all the same', async () => {
    const path = await fakeOutpost(greeter(() => ({ error: { code: -32000, message: 'No.', data: [1] } })));
    await expect((await client(path)).request('retry', {})).rejects.toMatchObject({
      code: 'control-protocol',
      message: 'The outpost refused “retry”: No.',
    });
  });

  it('that tells what cannot be read is passed over, and what can be is heard', async () => {
    const told = [
      { method: 'status/changed', params: { phase: 'asleep' } },
      { method: 'status/changed', params: [1] },
      { method: 'log/line', params: { line: 'text', missed: 0 } },
      { method: 'from/the-future', params: {} },
      { method: 'status/changed', params: status({ sessionLimit: 77 }) },
      { method: 'log/line', params: { line: logLine('Heard'), missed: 2 } },
    ];
    const path = await fakeOutpost((socket, text) => {
      if (text.includes('"kind":"control"')) socket.write(GREETING + told.map(frame).join(''));
    });
    const control = await client(path);
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      control.on('status/changed', ({ sessionLimit }) => heard.push(sessionLimit));
      control.on('log/line', ({ line, missed }) => {
        heard.push(line.event, missed);
        resolve();
      });
    });
    await all;
    expect(heard).toEqual([77, 'Heard', 2]);
  });

  it('that asks this end is refused', async () => {
    let answer = '';
    const path = await fakeOutpost((socket, text) => {
      if (text.includes('"kind":"control"'))
        socket.write(GREETING + frame({ id: 1, method: 'status', params: {} }));
      else answer += text;
    });
    await client(path);
    await expect.poll(() => answer).toContain('This end answers no requests.');
  });
});

describe('an outpost that breaks the rules', () => {
  it.each([
    ['a message that is longer than any', 'Content-Length: 33554433\r\n\r\n{'],
    ['a header without an end', 'y'.repeat(2_000)],
    ['what is no JSON', 'Content-Length: 3\r\n\r\n{,}'],
  ])('is left, with the reason, when it sends %s', async (_, bytes) => {
    const path = await fakeOutpost((socket, text) => {
      socket.write(text.includes('"kind":"control"') ? GREETING : bytes);
    });
    const control = await client(path);
    const violation = new Promise((resolve) => control.onClose(resolve));
    await expect(control.request('status', {})).rejects.toMatchObject({ code: 'connection-lost' });
    expect(await violation).toMatchObject({ code: 'control-protocol' });
    // Whoever asks later is told too.
    await new Promise<void>((resolve) => control.onClose(() => resolve()));
    await expect(control.request('status', {})).rejects.toMatchObject({ code: 'connection-lost' });
  });
});
