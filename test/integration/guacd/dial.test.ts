import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import type { HandshakeOptions } from '../../../main/core/guacamole/handshake.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { type DialOptions, dialGuacd } from '../../../main/core/guacd/dial.ts';
import { probeGuacd } from '../../../main/core/guacd/probe.ts';
import { ARGS, type FakeGuacd, fakeGuacd, type healthy, READY, until } from './fake-guacd.ts';

const handshake: HandshakeOptions = {
  select: 'ssh',
  display: { width: 1024, height: 768, dpi: 96, audio: ['audio/L16'] },
  parameters: new Map([
    ['hostname', 'machine.lan'],
    ['password', 'pässwörd-🗝'],
    ['unknown-to-guacd', 'x'],
  ]),
  version: 'VERSION_1_1_0',
  timezone: 'Europe/Berlin',
  name: 'Ada',
};

const fakes: FakeGuacd[] = [];
const never = new AbortController().signal;

async function fake(...args: Parameters<typeof fakeGuacd>): Promise<FakeGuacd> {
  const made = await fakeGuacd(...args);
  fakes.push(made);
  return made;
}

function dial(guacd: Pick<FakeGuacd, 'address'>, options: Partial<DialOptions> = {}, what = handshake) {
  return dialGuacd(guacd.address, what, { signal: never, timeoutMs: 30_000, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<SallyportError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SallyportError)) throw new Error(`no SallyportError but ${String(error)}`);
  return error;
}

afterEach(async () => {
  await Promise.all(fakes.splice(0).map((one) => one.close()));
});

describe('dialling guacd', () => {
  it('does the handshake and hands over a paused socket', async () => {
    const guacd = await fake();
    const connection = await dial(guacd);
    expect(connection.id).toBe('$11111111-2222-3333-4444-555555555555');
    expect(connection.protocolVersion).toBe('VERSION_1_5_0');
    expect(connection.address).toBe(`127.0.0.1:${guacd.address.port}`);
    expect(connection.leftover).toHaveLength(0);
    expect(connection.socket.isPaused()).toBe(true);
    expect(connection.socket.listenerCount('data')).toBe(0);
    expect(connection.socket.listenerCount('close')).toBe(0);
    expect(guacd.heard).toEqual([
      ['select', 'ssh'],
      ['size', '1024', '768', '96'],
      ['audio', 'audio/L16'],
      ['video'],
      ['image', 'image/png', 'image/jpeg', 'image/webp'],
      ['timezone', 'Europe/Berlin'],
      ['name', 'Ada'],
      ['connect', 'VERSION_1_1_0', 'machine.lan', '', 'pässwörd-🗝'],
    ]);
    connection.socket.destroy();
  });

  it('works when guacd sends one byte at a time', async () => {
    const guacd = await fake(([opcode], socket) => {
      const text = opcode === 'select' ? ARGS : opcode === 'connect' ? READY : '';
      [...Buffer.from(text)].reduce<Promise<void>>(async (before, byte) => {
        await before;
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }, Promise.resolve());
    });
    const connection = await dial(guacd);
    expect(connection.id).toMatch(/^\$1111/);
    connection.socket.destroy();
  });

  it('loses no byte that comes after ready, whole instructions or half ones', async () => {
    const extra = `${encode('nop')}${encode('name', 'a 🗝 name')}5.mo`;
    const guacd = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(encode('nop') + ARGS);
      if (opcode !== 'connect') return;
      socket.write(READY + extra);
      setTimeout(() => socket.write('use,1.1,1.2;'), 30);
    });
    const { socket, leftover } = await dial(guacd);
    const received = [leftover];
    socket.on('data', (chunk) => received.push(chunk));
    socket.resume();
    await until(() => Buffer.concat(received).toString() === `${extra}use,1.1,1.2;`);
    socket.destroy();
  });

  it('keeps guacd’s own words and status when it refuses', async () => {
    const guacd = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(ARGS);
      if (opcode === 'connect') socket.end(encode('error', 'Wrong\nkey 🗝.', '769'));
    });
    const failure = await failureOf(dial(guacd));
    expect(failure.code).toBe('guacd-refused');
    expect(failure.status).toBe(0x0301);
    expect(failure.message).toBe(
      'guacd refused: Wrong key 🗝 (the machine refused the user name or the password).',
    );
  });

  it('says that the plugin is missing when guacd closes after select', async () => {
    const guacd = await fake((_, socket) => socket.end());
    const failure = await failureOf(dial(guacd, {}, { ...handshake, select: 'gopher' }));
    expect(failure.code).toBe('guacd-refused');
    expect(failure.status).toBe(0x0100);
    expect(failure.message).toContain('closed when asked for “gopher”');
    expect(failure.advice).toContain('plugin');
  });

  it('says that the session to join is gone when guacd closes after select', async () => {
    const guacd = await fake((_, socket) => socket.end());
    const failure = await failureOf(dial(guacd, {}, { ...handshake, select: '$gone' }));
    expect(failure.status).toBe(0x0204);
    expect(failure.message).toContain('does not hold that session any more');
  });

  it('says that guacd went when it dies in the middle of an instruction', async () => {
    const guacd = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(ARGS);
      if (opcode === 'connect') socket.write('5.rea', () => socket.resetAndDestroy());
    });
    const failure = await failureOf(dial(guacd));
    expect(failure.code).toBe('guacd-died');
    expect(failure.message).toContain('before the session was ready');
  });

  it.each([
    ['garbage', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['an instruction that announces more than the limit', '5.error,99999999.'],
    ['an instruction with too many elements', encode('args', ...Array.from({ length: 300 }, () => 'x'))],
    ['endless asides', encode('nop').repeat(100)],
  ])('takes %s for something that is no guacd', async (_, bytes) => {
    const guacd = await fake((_instruction, socket) => socket.write(bytes));
    const failure = await failureOf(dial(guacd));
    expect(failure.code).toBe('guacd-protocol');
    expect(failure.message).toContain('does not speak like guacd');
    await until(() => guacd.open.size === 0);
  });

  it('takes an instruction of one megabyte after ready, and refuses it when the limit is lower', async () => {
    const huge = encode('img', 'x'.repeat(1_000_000));
    const guacd = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(ARGS);
      if (opcode === 'connect') socket.write(READY + huge);
    });
    const { socket, leftover } = await dial(guacd);
    const received = [leftover];
    socket.on('data', (chunk) => received.push(chunk));
    socket.resume();
    await until(() => Buffer.concat(received).length === huge.length);
    socket.destroy();
    const failure = await failureOf(dial(guacd, { maxInstructionBytes: 100_000 }));
    expect(failure.code).toBe('guacd-protocol');
  });

  it.each([
    ['args', () => {}, 'what it was asked for'],
    [
      'ready',
      (([opcode], socket) => void (opcode === 'select' && socket.write(ARGS))) as typeof healthy,
      'parameters',
    ],
  ])('gives up on a guacd that is too slow with %s, and closes', async (_, answer, words) => {
    const guacd = await fake(answer);
    const failure = await failureOf(dial(guacd, { timeoutMs: 150 }));
    expect(failure.code).toBe('guacd-timeout');
    expect(failure.status).toBe(0x0202);
    expect(failure.message).toContain(words);
    await until(() => guacd.open.size === 0);
  });

  it('says that nothing listens when the connection is refused', async () => {
    const guacd = await fakeGuacd();
    await guacd.close();
    const failure = await failureOf(dial(guacd));
    expect(failure.code).toBe('guacd-unreachable');
    expect(failure.message).toContain('refused the connection');
    expect(failure.status).toBe(0x0200);
  });

  it('says that a name is not known', async () => {
    const address = { host: 'no-such-host.invalid', port: 4822, tls: null };
    const failure = await failureOf(dial({ address }));
    expect(failure.code).toBe('guacd-unreachable');
    expect(failure.message).toContain('no-such-host.invalid:4822');
  });

  it.each(['before anything', 'while it waits'])('closes the socket when it is aborted %s', async (when) => {
    const guacd = await fake(() => {});
    const controller = new AbortController();
    if (when === 'before anything') controller.abort();
    const dialling = failureOf(dial(guacd, { signal: controller.signal }));
    if (when !== 'before anything') {
      await until(() => guacd.heard.length === 1);
      controller.abort();
    }
    expect((await dialling).code).toBe('aborted');
    await until(() => guacd.open.size === 0);
  });

  it('refuses values that guacd cannot read before it connects, and tells their names only', async () => {
    const guacd = await fake();
    const long = 'k'.repeat(8_192);
    const tooLong = { ...handshake, parameters: new Map([['private-key', long]]) };
    const failure = await failureOf(dial(guacd, {}, tooLong));
    expect(failure.code).toBe('request-invalid');
    expect(failure.message).toContain('“private-key”');
    expect(failure.message).not.toContain('kkk');
    expect(guacd.heard).toEqual([]);
    const fits = { ...handshake, parameters: new Map([['password', long.slice(1)]]) };
    (await dial(guacd, {}, fits)).socket.destroy();
  });

  it('refuses parameters that are too long together for guacd’s buffer', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const guacd = await fake(
      ([opcode], socket) => void (opcode === 'select' && socket.write(encode('args', ...names))),
    );
    const parameters = new Map(names.map((name) => [name, 'v'.repeat(8_000)]));
    const failure = await failureOf(dial(guacd, {}, { ...handshake, parameters }));
    expect(failure.code).toBe('request-invalid');
    expect(guacd.heard.map(([opcode]) => opcode)).toEqual(['select']);
  });

  it('shows a connection lost after the handshake as a close, never as an uncaught error', async () => {
    const guacd = await fake();
    const { socket } = await dial(guacd);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    for (const end of guacd.open) end.resetAndDestroy();
    socket.resume();
    await closed;
  });
});

describe('probing guacd', () => {
  const options = { signal: never, timeoutMs: 30_000 };

  it('tells the version of the protocol and leaves nothing open', async () => {
    const guacd = await fake();
    expect(await probeGuacd(guacd.address, options)).toBe('VERSION_1_5_0');
    expect(guacd.heard).toEqual([['select', 'ssh']]);
    await until(() => guacd.open.size === 0);
  });

  it('asks for another protocol where a plugin is missing', async () => {
    const guacd = await fake(([, protocol], socket) => {
      if (protocol === 'rdp') socket.write(encode('args', 'hostname'));
      else socket.end();
    });
    expect(await probeGuacd(guacd.address, options)).toBe('VERSION_1_0_0');
    expect(guacd.heard.map(([, protocol]) => protocol)).toEqual(['ssh', 'vnc', 'rdp']);
  });

  it('tells a server that always closes, talks otherwise or not at all from a guacd', async () => {
    const closing = await fake((_, socket) => socket.end());
    expect((await failureOf(probeGuacd(closing.address, options))).code).toBe('guacd-protocol');
    const other = await fake((_, socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    expect((await failureOf(probeGuacd(other.address, options))).code).toBe('guacd-protocol');
    const silent = await fake(() => {});
    const failure = await failureOf(probeGuacd(silent.address, { ...options, timeoutMs: 100 }));
    expect(failure.code).toBe('guacd-timeout');
    await until(() => closing.open.size + other.open.size + silent.open.size === 0);
  });

  it('is not held up by a server that never accepts', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, resolve));
    const bound = server.address();
    const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
    server.on('connection', (socket) => socket.pause());
    const address = { host: '127.0.0.1', port, tls: null };
    expect((await failureOf(probeGuacd(address, { ...options, timeoutMs: 100 }))).code).toBe('guacd-timeout');
    server.close();
  });
});
