import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogFields, Logger, LogLevel } from '../../../main/core/base/logger.ts';
import type { HandshakeOptions } from '../../../main/core/guacamole/handshake.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { addressText, type GuacdAddress } from '../../../main/core/guacd/address.ts';
import { createGuacd } from '../../../main/core/guacd/create.ts';
import type { ExternalGuacdOptions } from '../../../main/core/guacd/external.ts';
import type { Guacd, GuacdConnection } from '../../../main/core/guacd/guacd.ts';
import { issue } from '../authentik-endpoint/certificates.ts';
import { type Answer, ARGS, type FakeGuacd, fakeGuacd, healthy, until } from './fake-guacd.ts';

const handshake: HandshakeOptions = {
  select: 'ssh',
  display: { width: 1024, height: 768, dpi: 96, audio: [] },
  parameters: new Map(),
  version: 'VERSION_1_1_0',
  timezone: 'UTC',
  name: null,
};

const never = new AbortController().signal;
const fakes: FakeGuacd[] = [];
const made: Guacd[] = [];
let logged: { level: LogLevel; event: string; fields: LogFields }[] = [];
const logger: Logger = {
  log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
  child: () => logger,
};

afterEach(async () => {
  await Promise.all(made.splice(0).map((guacd) => guacd.stop()));
  await Promise.all(fakes.splice(0).map((fake) => fake.close()));
  logged = [];
});

async function fake(...args: Parameters<typeof fakeGuacd>): Promise<FakeGuacd> {
  const one = await fakeGuacd(...args);
  fakes.push(one);
  return one;
}

/** A guacd that gives each connection an id of its own, and names this version of the protocol. */
async function numbered(name: string, version = 'VERSION_1_6_0'): Promise<FakeGuacd> {
  let count = 0;
  return fake(([opcode], socket) => {
    if (opcode === 'select') socket.write(encode('args', version, 'hostname'));
    if (opcode === 'connect') {
      count += 1;
      socket.write(encode('ready', `$${name}-${count}`));
    }
  });
}

async function external(
  addresses: readonly GuacdAddress[],
  options: Partial<ExternalGuacdOptions> = {},
): Promise<Guacd> {
  const guacd = createGuacd(
    { mode: 'external', addresses, probeEveryMs: 60_000, probeTimeoutMs: 10_000, ...options },
    logger,
  );
  made.push(guacd);
  await guacd.start();
  // It does not wait for all of them.
  await until(() => instances(guacd).every(({ healthy: up, reason }) => up || reason !== null));
  return guacd;
}

const instances = (guacd: Guacd) => (guacd.state.kind === 'up' ? guacd.state.instances : []);

async function gone(): Promise<GuacdAddress> {
  const one = await fakeGuacd();
  await one.close();
  return one.address;
}

describe('guacds that others run', () => {
  it('are asked whether they answer, and told with their version; what is theirs is not on this host', async () => {
    const one = await numbered('one');
    const guacd = await external([one.address]);
    expect(guacd.state).toMatchObject({
      kind: 'up',
      instances: [
        {
          address: addressText(one.address),
          healthy: true,
          version: 'VERSION_1_6_0',
          sessions: 0,
          reason: null,
        },
      ],
    });
    expect(guacd.isLocal).toBe(false);
    expect(guacd.warnings).toEqual([]);
    expect(guacd.restarts).toBe(0);
    expect(guacd.lastOutput()).toEqual([]);
    await guacd.stop();
    expect(guacd.state.kind).toBe('stopped');
    await until(() => one.open.size === 0);
  });

  it('share the sessions: the one with the fewest takes the next, equals take turns', async () => {
    const three = await Promise.all(['a', 'b', 'c'].map((name) => numbered(name)));
    const guacd = await external(three.map(({ address }) => address));
    const connections: GuacdConnection[] = [];
    for (let turn = 0; turn < 6; turn += 1) connections.push(await guacd.connect(handshake, never));
    expect(instances(guacd).map(({ sessions }) => sessions)).toEqual([2, 2, 2]);
    expect(
      connections
        .slice(0, 3)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['$a-1', '$b-1', '$c-1']);
    // Whoever has become the emptiest takes the next two.
    const b = addressText(three[1]?.address ?? { host: '', port: 0 });
    for (const connection of connections) if (connection.address === b) connection.release();
    const next = [await guacd.connect(handshake, never), await guacd.connect(handshake, never)];
    expect(next.map(({ address }) => address)).toEqual([b, b]);
    for (const { socket } of [...connections, ...next]) socket.destroy();
    await until(() => instances(guacd).every(({ sessions }) => sessions === 0));
  });

  it('share sessions that come at the same moment too, before any of them is ready', async () => {
    const slow: Answer = ([opcode], socket) => {
      if (opcode === 'select') setTimeout(() => socket.write(ARGS), 30);
      if (opcode === 'connect') socket.write(encode('ready', '$x'));
    };
    const two = [await fake(slow), await fake(slow)];
    const guacd = await external(two.map(({ address }) => address));
    const connections = await Promise.all(Array.from({ length: 8 }, () => guacd.connect(handshake, never)));
    const counts = new Map<string, number>();
    for (const { address } of connections) counts.set(address, (counts.get(address) ?? 0) + 1);
    expect([...counts.values()]).toEqual([4, 4]);
    for (const { socket } of connections) socket.destroy();
  });

  it('take turns where nobody has more than another', async () => {
    const two = [await numbered('a'), await numbered('b')];
    const guacd = await external(two.map(({ address }) => address));
    const ids: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const connection = await guacd.connect(handshake, never);
      ids.push(connection.id);
      connection.release();
      connection.socket.destroy();
    }
    expect(ids.sort()).toEqual(['$a-1', '$a-2', '$b-1', '$b-2']);
  });

  it('take no session while they do not answer like guacd, though they have the fewest', async () => {
    const sick = await fake((_, socket) => socket.end('SSH-2.0-x\r\n'));
    const well = await numbered('well');
    const guacd = await external([sick.address, well.address]);
    const asked = sick.heard.length;
    const connections = [await guacd.connect(handshake, never), await guacd.connect(handshake, never)];
    expect(connections.map(({ id }) => id)).toEqual(['$well-1', '$well-2']);
    expect(sick.heard.length).toBe(asked);
    for (const { socket } of connections) socket.destroy();
  });

  it('stand in for each other: one that cannot be reached costs no session, is told, and is taken up again', async () => {
    const one = await numbered('one');
    const two = await numbered('two');
    const guacd = await external([one.address, two.address], { probeEveryMs: 50 });
    await one.close();
    for (let turn = 0; turn < 3; turn += 1) {
      const connection = await guacd.connect(handshake, never);
      expect(connection.address).toBe(addressText(two.address));
      connection.socket.destroy();
    }
    await until(() => instances(guacd)[0]?.healthy === false);
    expect(instances(guacd)[0]?.reason?.message).toContain('refused the connection');
    expect(
      logged.some(({ level, event }) => level === 'warning' && event === 'the health of guacd has changed'),
    ).toBe(true);
    await fake(healthy, { port: one.address.port });
    await until(() => instances(guacd)[0]?.healthy === true);
    const both = [await guacd.connect(handshake, never), await guacd.connect(handshake, never)];
    expect(new Set(both.map(({ address }) => address)).size).toBe(2);
    for (const { socket } of both) socket.destroy();
  });

  it('that were down when they were last asked are tried before a session is given up', async () => {
    const one = await numbered('one');
    const back = await gone();
    const guacd = await external([one.address, back]);
    await fake(healthy, { port: back.port });
    await one.close();
    const connection = await guacd.connect(handshake, never);
    expect(connection.address).toBe(addressText(back));
    connection.socket.destroy();
  });

  it('are all down where none answers, with the reason and the next try; one that comes up is used at once', async () => {
    const [first, second] = [await gone(), await gone()];
    const guacd = await external([first, second], { probeEveryMs: 40 });
    const { state } = guacd;
    if (state.kind !== 'down') throw new Error(state.kind);
    expect(state.reason.message).toContain('None of the 2 guacds can be used.');
    expect(state.retryAt).toBeGreaterThanOrEqual(Date.now() - 1_000);
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({
      code: 'guacd-unreachable',
      status: 0x0200,
    });
    await fake(healthy, { port: second.port });
    // Not even the next probe is waited for.
    const connection = await guacd.connect(handshake, never);
    expect(connection.address).toBe(addressText(second));
    await until(() => guacd.state.kind === 'up');
    connection.socket.destroy();
  });

  it('that refuse a session in words are not asked again somewhere else: the person gets those words', async () => {
    const refusing = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(ARGS);
      if (opcode === 'connect') socket.end(encode('error', 'Wrong password', '769'));
    });
    const other = await numbered('other');
    const guacd = await external([refusing.address, other.address]);
    const results = await Promise.allSettled([
      guacd.connect(handshake, never),
      guacd.connect(handshake, never),
    ]);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'guacd-refused', status: 0x0301 } }]);
    expect(instances(guacd).every((instance) => instance.healthy)).toBe(true);
    expect(instances(guacd).map(({ sessions }) => sessions)).toEqual([0, 1]);
  });

  it('are looked at at once when one hangs in the middle of a handshake', async () => {
    let hangs = false;
    const hanging = await fake((instruction, socket) => {
      if (!hangs) healthy(instruction, socket);
    });
    const guacd = await external([hanging.address], { dial: { timeoutMs: 100 }, probeTimeoutMs: 100 });
    hangs = true;
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ code: 'guacd-timeout' });
    await until(() => guacd.state.kind === 'down');
    expect(instances(guacd)).toEqual([]);
  });

  it('hold the sessions that others join: those go to the one that has it, or nowhere', async () => {
    const [one, two] = [await numbered('one'), await numbered('two')];
    const guacd = await external([one.address, two.address]);
    const sessions = [await guacd.connect(handshake, never), await guacd.connect(handshake, never)];
    for (const session of [...sessions, ...sessions.slice().reverse()]) {
      const joined = await guacd.connect({ ...handshake, select: session.id }, never);
      expect(joined.address).toBe(session.address);
      const named = await guacd.connect({ ...handshake, select: session.id }, never, {
        address: session.address,
      });
      expect(named.address).toBe(session.address);
      joined.socket.destroy();
      named.socket.destroy();
    }
    await expect(guacd.connect(handshake, never, { address: '127.0.0.1:1' })).rejects.toMatchObject({
      status: 0x0204,
    });
    for (const { socket } of sessions) socket.destroy();
  });

  it('that are named twice are one', async () => {
    const one = await numbered('one');
    const guacd = await external([one.address, { ...one.address }]);
    expect(instances(guacd)).toHaveLength(1);
  });

  it('are refused where none is named', () => {
    expect(() => createGuacd({ mode: 'external', addresses: [] }, logger)).toThrow('No guacd is named.');
  });

  it('end with the outpost while they are still asked, and can be started again', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const guacd = createGuacd(
      { mode: 'external', addresses: [{ host: '127.0.0.1', port, tls: null }], probeTimeoutMs: 60_000 },
      logger,
    );
    made.push(guacd);
    const starting = guacd.start();
    expect(guacd.state.kind).toBe('starting');
    await guacd.stop();
    await starting;
    expect(guacd.state.kind).toBe('stopped');
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await fake(healthy, { port });
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
  });

  it('stop being waited for when the session is cancelled, and it is off the count', async () => {
    const mute = await fake(([opcode], socket) => {
      if (opcode === 'select' && mute.heard.length === 1) socket.write(ARGS);
    });
    const guacd = await external([mute.address]);
    const controller = new AbortController();
    const connecting = guacd.connect(handshake, controller.signal);
    await until(() => mute.heard.length === 2);
    expect(instances(guacd)[0]?.sessions).toBe(1);
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'aborted' });
    expect(instances(guacd)[0]).toMatchObject({ sessions: 0, healthy: true });
    await until(() => mute.open.size === 0);
  });
});

describe('what an admin should know of guacds that others run', () => {
  it('is an old version, as far as the handshake tells, with the reasons, for each', async () => {
    const fakesOf = await Promise.all(
      ['VERSION_1_3_0', 'VERSION_1_5_0', 'VERSION_1_6_0'].map((version) => numbered('x', version)),
    );
    const guacd = await external(fakesOf.map(({ address }) => address));
    await until(() => instances(guacd).every(({ version }) => version !== null));
    expect(guacd.warnings).toMatchObject([
      { code: 'guacd-outdated', message: expect.stringMatching(/is version 1\.3 or 1\.4.*CVE-2024-35164/) },
      { code: 'guacd-outdated', message: expect.stringContaining('1.5 or 1.6, which cannot be told apart') },
    ]);
    expect(logged.some(({ fields }) => JSON.stringify(fields).includes('CVE-2024-35164'))).toBe(true);
  });

  it('is told anew when another version answers at the same place', async () => {
    let version = 'VERSION_1_6_0';
    const one = await fake(([opcode], socket) => {
      if (opcode === 'select') socket.write(encode('args', version, 'hostname'));
    });
    const guacd = await external([one.address], { probeEveryMs: 30 });
    const heard: number[] = [];
    guacd.onState(() => heard.push(guacd.warnings.length));
    version = 'VERSION_1_3_0';
    await until(() => heard.includes(1));
  });

  it('is that one across the network is reached in clear', async () => {
    // Never dialled: it is not started.
    const address = { host: '10.255.255.1', port: 4822, tls: null };
    const guacd = createGuacd({ mode: 'external', addresses: [address] }, logger);
    expect(guacd.warnings).toMatchObject([
      { code: 'guacd-unprotected', message: expect.stringContaining('10.255.255.1:4822 is not encrypted') },
    ]);
    const safe = createGuacd({ mode: 'external', addresses: [{ ...address, tls: { ca: null } }] }, logger);
    expect(safe.warnings).toEqual([]);
  });
});

describe('TLS with guacd', () => {
  const ca = issue({ name: 'Test authority', authority: true });
  const cert = issue({ name: 'guacd', names: ['localhost'], addresses: ['127.0.0.1'], by: ca });
  const over = async (tls: Parameters<typeof fakeGuacd>[1], trust: string | null, host = '127.0.0.1') => {
    const one = await fake(healthy, tls);
    return { one, address: { host, port: one.address.port, tls: { ca: trust } } };
  };

  it('is spoken with the own authority, and the handshake goes through it', async () => {
    const { one, address } = await over({ tls: cert }, ca.cert);
    const guacd = await external([address]);
    expect(guacd.state.kind).toBe('up');
    const connection = await guacd.connect(handshake, never);
    expect(connection.id).toMatch(/^\$1111/);
    expect(one.heard.map(([opcode]) => opcode)).toContain('connect');
    connection.socket.destroy();
    const named = await over({ tls: cert }, ca.cert, 'localhost');
    expect((await external([named.address])).state.kind).toBe('up');
  });

  it.each([
    ['an authority that is not known', cert, null, 'tls-untrusted'],
    [
      'a certificate for another name',
      issue({ name: 'x', names: ['elsewhere.example'], by: ca }),
      ca.cert,
      'tls-name',
    ],
    [
      'one that has expired',
      issue({ name: 'x', addresses: ['127.0.0.1'], fromDay: -9, toDay: -2, by: ca }),
      ca.cert,
      'tls-expired',
    ],
    ['one that signed itself', issue({ name: 'x', addresses: ['127.0.0.1'] }), null, 'tls-untrusted'],
  ])('refuses %s before anything is said', async (_, tls, trust, code) => {
    const { one, address } = await over({ tls }, trust);
    const guacd = await external([address]);
    expect(guacd.state).toMatchObject({ kind: 'down', reason: { code, advice: expect.any(String) } });
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ code });
    expect(one.heard).toEqual([]);
  });

  it('says so where the other end speaks none, and where it speaks it and we do not', async () => {
    const plain = await over({}, ca.cert);
    expect((await external([plain.address])).state).toMatchObject({
      kind: 'down',
      reason: { code: 'tls-failed' },
    });
    const secret = await fake(healthy, { tls: cert });
    const { state } = await external([secret.address]);
    if (state.kind !== 'down') throw new Error(state.kind);
    expect(`${state.reason.message}${state.reason.advice}`).toMatch(/TLS/);
  });
});
