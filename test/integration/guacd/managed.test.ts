import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields, Logger, LogLevel } from '../../../main/core/base/logger.ts';
import type { HandshakeOptions } from '../../../main/core/guacamole/handshake.ts';
import { createGuacd, type GuacdOptions } from '../../../main/core/guacd/create.ts';
import type { Guacd } from '../../../main/core/guacd/guacd.ts';
import type { SupervisorTimings } from '../../../main/core/guacd/supervision.ts';
import { until } from './fake-guacd.ts';
import { STUB_DIES, STUB_SERVES, temporaryDirectory, writeStub } from './stub.ts';

const quick: Partial<SupervisorTimings> = {
  startTimeoutMs: 30_000,
  readyPollMs: 10,
  probeEveryMs: 100,
  probeTimeoutMs: 10_000,
  stopGraceMs: 300,
  restartFirstMs: 20,
  restartCapMs: 50,
  slowRetryMs: 60_000,
};

const handshake: HandshakeOptions = {
  select: 'ssh',
  display: { width: 1024, height: 768, dpi: 96, audio: [] },
  parameters: new Map(),
  version: 'VERSION_1_1_0',
  timezone: 'UTC',
  name: null,
};

const never = new AbortController().signal;
const TOKEN = 'a-token-that-nobody-may-see';
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let logged: { level: LogLevel; event: string; fields: LogFields }[] = [];
const started: Guacd[] = [];

const logger: Logger = {
  log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
  child: () => logger,
};

beforeEach(async () => {
  logged = [];
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((guacd) => guacd.stop()));
  await directory.remove();
});

async function managed(
  behaviour: string,
  {
    timings,
    version,
    ...options
  }: { timings?: Partial<SupervisorTimings>; version?: string } & Partial<
    Omit<Extract<GuacdOptions, { mode: 'managed' }>, 'timings' | 'mode'>
  > = {},
): Promise<Guacd> {
  const executable = await writeStub(join(directory.path, 'stub'), behaviour, version);
  const guacd = createGuacd(
    {
      mode: 'managed',
      executable,
      resourcesDir: null,
      stateDir: directory.path,
      environment: { PATH: process.env['PATH'], AUTHENTIK_TOKEN: TOKEN },
      timings: { ...quick, ...timings },
      ...options,
    },
    logger,
  );
  started.push(guacd);
  return guacd;
}

/** Stubs write their pid, and those of the processes that stand for connections, line by line. */
const NOTES_PID = (file: string) => `fs.appendFileSync(${JSON.stringify(file)}, process.pid + '\\n');`;

async function pids(): Promise<number[]> {
  const text = await readFile(join(directory.path, 'pids'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs, as far as anybody can tell: a dead process that nobody buries does not. */
async function runs(pid: number): Promise<boolean> {
  if (!alive(pid)) return false;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'x) S');
  return !/\) [ZX]/.test(text);
}

function addressOf(guacd: Guacd): string {
  return guacd.state.kind === 'up' ? (guacd.state.instances[0]?.address ?? '') : '';
}

describe('a guacd that the outpost runs', () => {
  it('starts on loopback, answers, counts sessions, and is gone after stop', async () => {
    const guacd = await managed(NOTES_PID(join(directory.path, 'pids')) + STUB_SERVES);
    expect(guacd.state.kind).toBe('stopped');
    await guacd.start();
    expect(guacd.state).toMatchObject({
      kind: 'up',
      instances: [{ healthy: true, version: '1.6.0', sessions: 0 }],
    });
    expect(addressOf(guacd)).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(guacd.warnings).toEqual([]);
    expect(guacd.isLocal).toBe(true);

    const first = await guacd.connect(handshake, never);
    await expect(guacd.connect(handshake, never, { address: '127.0.0.1:1' })).rejects.toMatchObject({
      code: 'guacd-refused',
      message: 'This outpost runs its own guacd, and uses none at 127.0.0.1:1.',
    });
    const second = await guacd.connect({ ...handshake, select: '$stub' }, never, { address: first.address });
    expect(guacd.state).toMatchObject({ instances: [{ sessions: 2 }] });
    first.release();
    first.release();
    expect(guacd.state).toMatchObject({ instances: [{ sessions: 1 }] });
    second.socket.destroy();
    await until(() => guacd.state.kind === 'up' && guacd.state.instances[0]?.sessions === 0);
    first.socket.destroy();

    const [pid = 0] = await pids();
    await guacd.stop();
    expect(guacd.state.kind).toBe('stopped');
    expect(alive(pid)).toBe(false);
    await expect(stat(join(directory.path, 'guacd.pid.json'))).rejects.toThrow();
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ message: 'guacd is stopped.' });
  });

  it('starts again after stop', async () => {
    const guacd = await managed(STUB_SERVES);
    await guacd.start();
    await guacd.stop();
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
  });

  it('sees a bare environment with a home of its own, and no secret', async () => {
    const file = join(directory.path, 'seen');
    const guacd = await managed(
      `fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify({ env: process.env, argv: process.argv }));${STUB_SERVES}`,
    );
    await guacd.start();
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(TOKEN);
    const home = join(directory.path, 'guacd-home');
    expect(JSON.parse(text).env).toMatchObject({ HOME: home, LC_CTYPE: 'C.UTF-8' });
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it('passes what guacd prints to the log and keeps the last lines', async () => {
    const guacd = await managed(`log('WARNING:\\tsomething is odd');${STUB_SERVES}`);
    await guacd.start();
    expect(guacd.lastOutput()).toContain('WARNING: something is odd');
    expect(logged).toContainEqual({
      level: 'warning',
      event: 'guacd printed',
      fields: { line: 'WARNING: something is odd' },
    });
  });

  it('says with its last words why it ended right after its start', async () => {
    const guacd = await managed(STUB_DIES, { timings: { restartFirstMs: 60_000, restartCapMs: 60_000 } });
    await guacd.start();
    const { state } = guacd;
    if (state.kind !== 'down') throw new Error(state.kind);
    expect(state.reason.code).toBe('guacd-died');
    expect(state.reason.message).toContain('exit code 3');
    expect(state.reason.message).toContain('No luck today');
  });

  it('says that it did not answer when it hangs without listening, and leaves no process', async () => {
    const guacd = await managed(`${NOTES_PID(join(directory.path, 'pids'))}setInterval(() => {}, 1000);`, {
      timings: { startTimeoutMs: 600, slowRetryMs: 60_000, deathsToDegrade: 1 },
    });
    await guacd.start();
    expect(guacd.state).toMatchObject({
      kind: 'down',
      reason: { message: expect.stringContaining('did not answer within 0.6 s') },
    });
    const [pid = 0] = await pids();
    expect(alive(pid)).toBe(false);
  });

  it('says that guacd is not installed, and tries again only now and then', async () => {
    const guacd = await managed('', { executable: join(directory.path, 'none') });
    await guacd.start();
    expect(guacd.state).toMatchObject({ kind: 'down', reason: { code: 'guacd-missing' } });
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({
      code: 'guacd-missing',
      status: 0x0200,
    });
    expect(guacd.restarts).toBe(0);
  });

  it('is started again when it is killed, and a session that comes meanwhile waits for it', async () => {
    const guacd = await managed(NOTES_PID(join(directory.path, 'pids')) + STUB_SERVES);
    await guacd.start();
    const before = addressOf(guacd);
    const [pid = 0] = await pids();
    process.kill(pid, 'SIGKILL');
    await until(() => guacd.state.kind !== 'up');
    const connection = await guacd.connect(handshake, never);
    expect(connection.id).toBe('$stub');
    expect(guacd.restarts).toBe(1);
    expect(logged.some(({ fields }) => String(fields['message']).includes('killed by SIGKILL'))).toBe(true);
    connection.socket.destroy();
    if (addressOf(guacd) !== before) {
      await expect(guacd.connect(handshake, never, { address: before })).rejects.toMatchObject({
        status: 0x0204,
      });
    }
  });

  it.each([
    ['closes instead of answering', `socket.end()`],
    ['closes instead of being ready', `(socket.write('4.args,13.VERSION_1_5_0;'), ends = true)`],
    ['never answers', ``],
  ])('is asked once more when it loses a session that is being set up: it %s', async (_, loses) => {
    // The first for VNC is lost; probes ask for SSH.
    const behaviour = `let lost = false;
      require('node:net').createServer((socket) => {
        let ends = false;
        socket.on('error', () => {});
        socket.on('data', (data) => {
          if (ends) return socket.end();
          if (String(data).startsWith('6.select,3.vnc') && !lost) { lost = true; ${loses}; return; }
          if (String(data).startsWith('6.select')) socket.write('4.args,13.VERSION_1_5_0;');
          if (String(data).includes('7.connect')) socket.write('5.ready,5.$next;');
        });
      }).listen(port, '127.0.0.1');`;
    const guacd = await managed(behaviour, { dial: { timeoutMs: 400 } });
    await guacd.start();
    const connection = await guacd.connect({ ...handshake, select: 'vnc' }, never);
    expect(connection.id).toBe('$next');
    expect(guacd.restarts).toBe(0);
    expect(logged.filter(({ event }) => event.includes('trying once more'))).toHaveLength(1);
    connection.socket.destroy();
  });

  it('is asked only once where it says why it refuses', async () => {
    const refuses = `require('node:net').createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
          if (String(data).startsWith('6.select,3.vnc')) socket.end('5.error,4.Nope,3.769;');
          else if (String(data).startsWith('6.select')) socket.write('4.args,13.VERSION_1_5_0;');
        });
      }).listen(port, '127.0.0.1');`;
    const guacd = await managed(refuses);
    await guacd.start();
    await expect(guacd.connect({ ...handshake, select: 'vnc' }, never)).rejects.toMatchObject({
      code: 'guacd-refused',
      status: 769,
    });
    expect(logged.filter(({ event }) => event.includes('trying once more'))).toEqual([]);
  });

  it('is started again when it stops answering probes', async () => {
    const guacd = await managed(`${NOTES_PID(join(directory.path, 'pids'))}${STUB_SERVES}`, {
      timings: { probeTimeoutMs: 500 },
    });
    await guacd.start();
    const [pid = 0] = await pids();
    process.kill(pid, 'SIGSTOP');
    await until(() => guacd.restarts === 1 && guacd.state.kind === 'up');
    expect(await runs(pid)).toBe(false);
    expect(
      logged.some(({ fields }) => String(fields['message']).includes('did not answer 2 times in a row')),
    ).toBe(true);
  });

  it('survives one missed probe', async () => {
    const guacd = await managed(NOTES_PID(join(directory.path, 'pids')) + STUB_SERVES, {
      timings: { probeTimeoutMs: 500, probeEveryMs: 30_000 },
      dial: { timeoutMs: 1_000 },
    });
    await guacd.start();
    const [pid = 0] = await pids();
    process.kill(pid, 'SIGSTOP');
    // The dial that fails wakes the probe, which fails too; the next one is far enough away.
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ code: 'guacd-timeout' });
    await until(() => logged.some(({ event }) => event === 'guacd did not answer a probe'));
    process.kill(pid, 'SIGCONT');
    (await guacd.connect(handshake, never)).socket.destroy();
    expect(guacd.restarts).toBe(0);
  });

  it('is called degraded when it dies again and again, and is tried more slowly', async () => {
    const guacd = await managed(STUB_DIES, { timings: { deathsToDegrade: 3 } });
    await guacd.start();
    await until(() => guacd.warnings.length > 0);
    const { state } = guacd;
    if (state.kind !== 'down') throw new Error(state.kind);
    expect(state.reason.message).toContain('has died 3 times in 10 minutes');
    expect(state.reason.message).toContain('No luck today');
    expect(state.retryAt - Date.now()).toBeGreaterThan(10_000);
    expect(guacd.restarts).toBe(2);
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ code: 'guacd-died' });
  });

  it('tells of being degraded also while it is up again', async () => {
    const file = join(directory.path, 'pids');
    const guacd = await managed(
      `${NOTES_PID(file)} if (fs.readFileSync(file = ${JSON.stringify(file)}, 'utf8').split('\\n').length <= 3) { ${STUB_DIES} } ${STUB_SERVES} var file;`,
      { timings: { deathsToDegrade: 2, slowRetryMs: 50 } },
    );
    await guacd.start();
    await until(() => guacd.state.kind === 'up');
    expect(guacd.state).toMatchObject({
      instances: [{ reason: { message: expect.stringContaining('died 2 times') } }],
    });
    expect(guacd.warnings.map(({ code }) => code)).toEqual(['guacd-died']);
  });

  it('is killed with all its connections when it ignores the polite signal', async () => {
    const file = join(directory.path, 'pids');
    const child = `process.on('SIGTERM', () => {}); require('node:fs').appendFileSync(${JSON.stringify(file)}, process.pid + '\\n'); setInterval(() => {}, 1000);`;
    const guacd = await managed(
      `${NOTES_PID(file)} process.on('SIGTERM', () => {}); require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });${STUB_SERVES}`,
    );
    await guacd.start();
    await until(async () => (await pids()).length === 2);
    await guacd.stop();
    for (const pid of await pids()) expect(await runs(pid)).toBe(false);
  });

  it('leaves no connection’s process behind when guacd alone is killed', async () => {
    const file = join(directory.path, 'pids');
    const child = `require('node:fs').appendFileSync(${JSON.stringify(file)}, process.pid + '\\n'); setInterval(() => {}, 1000);`;
    const guacd = await managed(
      `${NOTES_PID(file)} require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });${STUB_SERVES}`,
      { timings: { restartFirstMs: 60_000, restartCapMs: 60_000 } },
    );
    await guacd.start();
    await until(async () => (await pids()).length === 2);
    const [leader = 0, connection = 0] = await pids();
    process.kill(leader, 'SIGKILL');
    await until(async () => !(await runs(connection)));
  });

  it('tries another port when somebody else takes the one meant for it', async () => {
    const file = join(directory.path, 'tries');
    const refuses = `log("ERROR:\\tUnable to bind socket to any addresses."); process.exit(1);`;
    const guacd = await managed(
      `fs.appendFileSync(${JSON.stringify(file)}, 'x'); if (fs.readFileSync(${JSON.stringify(file)}).length < 3) { ${refuses} } ${STUB_SERVES}`,
    );
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
    expect(guacd.restarts).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('xxx');
  });

  it('is not mistaken for a stranger that listens on its port', async () => {
    let stranger: Server | undefined;
    const guacd = await managed(`setTimeout(() => { ${STUB_DIES} }, 300)`, {
      timings: { restartFirstMs: 60_000, restartCapMs: 60_000 },
    });
    // Listens where guacd should, as soon as its port can be read from its command line.
    const stealing = (async () => {
      for (;;) {
        const note = await readFile(join(directory.path, 'guacd.pid.json'), 'utf8').catch(() => '');
        if (note === '') {
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        const argv = (await readFile(`/proc/${JSON.parse(note).pid}/cmdline`, 'utf8')).split('\0');
        const port = Number(argv[argv.indexOf('-l') + 1]);
        stranger = createServer((socket) => void socket.on('error', () => {}).write('220 mail ready\r\n'));
        stranger.listen(port, '127.0.0.1');
        return;
      }
    })();
    await Promise.all([guacd.start(), stealing]);
    expect(guacd.state.kind).toBe('down');
    stranger?.close();
  });

  it('warns of an old version and of one that cannot be told', async () => {
    const old = await managed(STUB_SERVES, { version: '1.5.3' });
    await old.start();
    expect(old.warnings).toMatchObject([
      { code: 'guacd-outdated', message: expect.stringContaining('1.5.3') },
    ]);
    expect(logged.filter(({ event }) => event === 'guacd should be updated')).toHaveLength(1);
    await old.stop();
    const unknown = await managed(STUB_SERVES, { version: '' });
    await unknown.start();
    expect(unknown.state).toMatchObject({ instances: [{ version: 'VERSION_1_5_0' }] });
    expect(unknown.warnings).toMatchObject([
      { code: 'guacd-outdated', message: expect.stringContaining('cannot be told') },
    ]);
  });

  it('can be stopped at any moment of its start', async () => {
    for (const afterMs of [0, 20, 60, 120, 250]) {
      const guacd = await managed(NOTES_PID(join(directory.path, 'pids')) + STUB_SERVES);
      const starting = guacd.start();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await guacd.stop();
      await starting;
      expect(guacd.state.kind).toBe('stopped');
    }
    for (const pid of await pids()) expect(await runs(pid)).toBe(false);
  });

  it('says why when its state folder cannot be written', async () => {
    await writeFile(join(directory.path, 'file'), '');
    const guacd = await managed(STUB_SERVES, { stateDir: join(directory.path, 'file') });
    await guacd.start();
    expect(guacd.state).toMatchObject({ kind: 'down' });
  });
});
