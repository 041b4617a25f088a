import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields, Logger, LogLevel } from '../../../main/core/base/logger.ts';
import type { HandshakeOptions } from '../../../main/core/guacamole/handshake.ts';
import { createGuacd, type GuacdOptions } from '../../../main/core/guacd/create.ts';
import type { Guacd } from '../../../main/core/guacd/guacd.ts';
import type { GuacdState } from '../../../main/core/status.ts';
import { type EngineFaults, FakeEngine } from './fake-engine.ts';
import { until } from './fake-guacd.ts';
import { temporaryDirectory } from './stub.ts';

const IMAGE = 'guacamole/guacd:1.6.0';
const SECRET = 'a-secret-that-nobody-may-see';
const never = new AbortController().signal;
const handshake: HandshakeOptions = {
  select: 'ssh',
  display: { width: 1024, height: 768, dpi: 96, audio: [] },
  parameters: new Map(),
  version: 'VERSION_1_1_0',
  timezone: 'UTC',
  name: null,
};

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let logged: { level: LogLevel; event: string; fields: LogFields }[] = [];
const made: Guacd[] = [];
const engines: FakeEngine[] = [];

const logger: Logger = {
  log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
  child: () => logger,
};

beforeEach(async () => {
  logged = [];
  directory = await temporaryDirectory();
  await mkdir(join(directory.path, 'state'));
});

afterEach(async () => {
  for (const engine of engines) await engine.now({});
  await Promise.all(made.splice(0).map((guacd) => guacd.stop()));
  for (const engine of engines.splice(0)) {
    for (const pid of (await engine.containers()).values()) kill(pid);
  }
  await directory.remove();
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

async function fakeEngine(faults: EngineFaults = {}, name = 'podman'): Promise<FakeEngine> {
  const engine = await FakeEngine.make(join(directory.path, `engine-${name}`), name, faults);
  engines.push(engine);
  return engine;
}

function guacdIn(engine: string, change: Partial<Extract<GuacdOptions, { mode: 'container' }>> = {}): Guacd {
  const stateDir = join(directory.path, 'state');
  const guacd = createGuacd(
    {
      mode: 'container',
      engine,
      image: IMAGE,
      imageFile: null,
      network: 'bridge',
      stateDir,
      drivesDir: join(stateDir, 'drives'),
      sessions: 4,
      environment: {
        PATH: process.env['PATH'],
        AUTHENTIK_TOKEN: SECRET,
        HTTPS_PROXY: `http://u:${SECRET}@p`,
      },
      removeTimeoutMs: 2_000,
      timings: {
        readyPollMs: 20,
        probeEveryMs: 500,
        probeTimeoutMs: 2_000,
        restartFirstMs: 20,
        restartCapMs: 50,
        slowRetryMs: 60_000,
      },
      ...change,
    },
    logger,
  );
  made.push(guacd);
  return guacd;
}

function reasonOf(guacd: Guacd): { code: string; message: string; advice: string } {
  const { state } = guacd;
  if (state.kind !== 'down') throw new Error(`guacd is ${state.kind}`);
  return { advice: '', ...state.reason };
}

/** An engine that has the image, and a guacd that runs in it. */
async function running(
  change: Parameters<typeof guacdIn>[1] = {},
): Promise<{ engine: FakeEngine; guacd: Guacd }> {
  const engine = await fakeEngine();
  await engine.has(IMAGE);
  const guacd = guacdIn(engine.program, change);
  await guacd.start();
  expect(guacd.state).toMatchObject({ kind: 'up' });
  return { engine, guacd };
}

describe.runIf(process.platform !== 'win32')('a guacd in a container', () => {
  it('starts, answers, tells what it is, carries sessions, and leaves no container after stop', async () => {
    const { engine, guacd } = await running();
    expect(guacd.state).toMatchObject({
      instances: [{ healthy: true, version: '1.6.0', container: { engine: 'podman', image: IMAGE } }],
    });
    expect(guacd.isLocal).toBe(true);
    expect(guacd.warnings).toEqual([]);
    expect(guacd.lastOutput()).toEqual(['WARNING: something is odd']);
    const connection = await guacd.connect(handshake, never);
    expect(connection.id).toBe('$fake');
    connection.socket.destroy();
    expect((await engine.containers()).size).toBe(1);
    await guacd.stop();
    expect(await engine.containers()).toEqual(new Map());
    expect(guacd.state.kind).toBe('stopped');
  });

  it('is run by what is in the image now, with folders of the outpost’s own and no secret of its', async () => {
    const { engine } = await running();
    const [run] = await engine.calls('run');
    expect(run?.args).toContain('ab12'.repeat(16));
    expect(run?.args.filter((arg) => arg.startsWith('--publish'))).toEqual([
      expect.stringMatching(/^--publish=127\.0\.0\.1:\d+:4822$/),
    ]);
    expect(JSON.stringify(await engine.calls())).not.toContain(SECRET);
    expect((await stat(join(directory.path, 'state', 'drives'))).mode & 0o777).toBe(0o700);
  });

  it('is started again when its container dies, and a session that comes meanwhile waits for it', async () => {
    const { engine, guacd } = await running();
    const [first = ['', 0]] = await engine.containers();
    kill(first[1]);
    await until(() => guacd.state.kind !== 'up');
    const connection = await guacd.connect(handshake, never);
    connection.socket.destroy();
    expect(guacd.restarts).toBe(1);
    expect([...(await engine.containers()).keys()]).not.toContain(first[0]);
    expect(logged.some(({ fields }) => String(fields['message']).includes('killed by SIGKILL'))).toBe(true);
  });

  it('does not outlive the command that runs it', async () => {
    const { engine, guacd } = await running();
    const [first = ['', 0]] = await engine.containers();
    // The command is the parent of what stands for the container.
    const { readFile } = await import('node:fs/promises');
    const parent = Number((await readFile(`/proc/${first[1]}/stat`, 'utf8')).split(') ')[1]?.split(' ')[1]);
    kill(parent);
    await until(() => guacd.restarts === 1 && guacd.state.kind === 'up');
    const now = await engine.containers();
    expect(now.size).toBe(1);
    expect(now.has(first[0])).toBe(false);
  });

  it('is fetched where it is missing, says so meanwhile, and only the fetching sees the proxy', async () => {
    const engine = await fakeEngine();
    const guacd = guacdIn(engine.program);
    const states: GuacdState[] = [];
    guacd.onState((state) => states.push(state));
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
    expect(states).toContainEqual(expect.objectContaining({ step: { kind: 'fetching', image: IMAGE } }));
    const [pull] = await engine.calls('pull');
    // The name alone asks Podman’s configuration, which on many systems knows no registry.
    expect(pull?.args).toEqual(['pull', `docker://${IMAGE}`]);
    const seen = await engine.calls();
    const withProxy = seen.filter(({ env }) => env['HTTPS_PROXY'] !== undefined);
    expect(withProxy.map(({ args }) => args[0])).toEqual(['pull']);
    expect(seen.some(({ env }) => 'AUTHENTIK_TOKEN' in env)).toBe(false);
  });

  it('says how to bring the image by hand where it cannot be fetched', async () => {
    const engine = await fakeEngine({ pull: { stderr: 'Error: initializing source: no route to host' } });
    const guacd = guacdIn(engine.program);
    await guacd.start();
    expect(reasonOf(guacd)).toEqual({
      code: 'guacd-container',
      message: `The image ${IMAGE} is not on this host and could not be fetched: initializing source: no route to host.`,
      advice: expect.stringContaining('podman save --output guacd.tar'),
    });
    expect(guacd.restarts).toBe(0);
    await expect(guacd.connect(handshake, never)).rejects.toMatchObject({ code: 'guacd-container' });
  });

  it('gives up fetching at once when it is stopped', async () => {
    const engine = await fakeEngine({ pull: { hangs: true } });
    const guacd = guacdIn(engine.program);
    void guacd.start();
    await until(async () => (await engine.calls('pull')).length === 1);
    await guacd.stop();
    expect(guacd.state.kind).toBe('stopped');
  });

  it('is loaded from its file where one is named, and nothing is fetched', async () => {
    const engine = await fakeEngine();
    const imageFile = join(directory.path, 'guacd.tar');
    await writeFile(imageFile, IMAGE);
    const guacd = guacdIn(engine.program, { imageFile });
    const steps: unknown[] = [];
    guacd.onState((state) => state.kind === 'starting' && state.step && steps.push(state.step));
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
    expect(steps).toContainEqual({ kind: 'loading', image: IMAGE });
    expect((await engine.calls('load')).map(({ args }) => args)).toEqual([['load', '--input', imageFile]]);
    expect(await engine.calls('pull')).toEqual([]);
  });

  it.each<[string, EngineFaults, string]>([
    [
      'cannot be read',
      { load: { stderr: 'Error: open guacd.tar: no such file' } },
      'could not be loaded from',
    ],
    ['holds another one', { load: { loads: 'other/image:1' } }, `holds other/image:1 and not ${IMAGE}`],
  ])('says what is wrong with the file of the image: it %s', async (_, faults, words) => {
    const engine = await fakeEngine(faults);
    const guacd = guacdIn(engine.program, { imageFile: join(directory.path, 'guacd.tar') });
    await guacd.start();
    expect(reasonOf(guacd).message).toContain(words);
  });

  it('says what the engine said where the container cannot be started', async () => {
    const engine = await fakeEngine({
      run: {
        code: 126,
        stderr: 'Error: OCI runtime error: the requested cgroup controller is not available',
      },
    });
    await engine.has(IMAGE);
    const guacd = guacdIn(engine.program);
    await guacd.start();
    expect(reasonOf(guacd)).toMatchObject({
      code: 'guacd-container',
      message: `Podman could not run guacd out of ${IMAGE}: OCI runtime error: the requested cgroup controller is not available.`,
    });
  });

  it('warns of an image with an old guacd, also where it answers before it is heard', async () => {
    const engine = await fakeEngine({ version: '1.5.3', lateMs: 500 });
    await engine.has(IMAGE);
    const guacd = guacdIn(engine.program);
    await guacd.start();
    expect(guacd.warnings).toMatchObject([
      { code: 'guacd-outdated', message: expect.stringContaining('1.5.3') },
    ]);
  });

  it('removes what a killed outpost left, and nothing of another’s', async () => {
    const engine = await fakeEngine();
    await engine.has(IMAGE);
    const other = join(directory.path, 'other');
    await mkdir(other);
    const killed = guacdIn(engine.program);
    const neighbour = guacdIn(engine.program, { stateDir: other, drivesDir: join(other, 'drives') });
    await Promise.all([killed.start(), neighbour.start()]);
    const before = await engine.containers();
    expect(before.size).toBe(2);
    const next = guacdIn(engine.program);
    await next.start();
    expect(next.state.kind).toBe('up');
    const told = logged.filter(({ event }) => event === 'ended what a killed outpost left of its guacd');
    expect(told).toMatchObject([{ fields: { containers: 1 } }]);
    expect(neighbour.restarts).toBe(0);
    expect(neighbour.state.kind).toBe('up');
    await killed.stop();
  });

  it('is bounded in its end where the engine hangs, and told in the log', async () => {
    const { engine, guacd } = await running({ removeTimeoutMs: 300 });
    await engine.now({ rm: 'hangs' });
    await guacd.stop();
    expect(guacd.state.kind).toBe('stopped');
    expect(logged).toContainEqual({
      level: 'error',
      event: 'the container of guacd could not be removed',
      fields: { name: expect.any(String), reason: expect.stringContaining('did not end within 0.3 s') },
    });
  });

  it('is ended in this very moment for a process that must go', async () => {
    const { engine, guacd } = await running();
    guacd.killNow();
    await until(async () => (await engine.calls('rm')).length > 0);
  });

  it('can share this host’s network', async () => {
    const { engine, guacd } = await running({ network: 'host' });
    const [run] = await engine.calls('run');
    expect(run?.args).toContain('--network=host');
    expect(guacd.state).toMatchObject({ instances: [{ address: expect.stringMatching(/^127\.0\.0\.1:/) }] });
  });
});

describe.runIf(process.platform !== 'win32')('what runs a container', () => {
  const withPath = (path: string) => ({ environment: { PATH: path } });

  it('is Podman before Docker, and Docker where Podman cannot be used', async () => {
    const podman = await fakeEngine({ info: { stderr: 'Error: newuidmap: exit status 1' } });
    const docker = await fakeEngine({}, 'docker');
    await docker.has(IMAGE);
    const path = `${podman.bin}:${docker.bin}`;
    const guacd = guacdIn('auto', withPath(path));
    await guacd.start();
    expect(guacd.state.kind).toBe('up');
    expect((await docker.calls('run')).length).toBe(1);
  });

  it.each<[string, string, string, string]>([
    [
      'podman',
      'Cannot connect to Podman. Please verify your connection to the Linux system',
      'Podman is installed',
      'podman machine start',
    ],
    [
      'docker',
      'permission denied while trying to connect to the Docker daemon socket',
      'Docker is installed',
      'group “docker”',
    ],
    [
      'docker',
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'cannot be used: Cannot connect',
      'systemctl start docker',
    ],
  ])('is said to be unfit in words: %s, %s', async (name, stderr, words, advice) => {
    const engine = await fakeEngine({ info: { stderr } }, name);
    const guacd = guacdIn(engine.program);
    await guacd.start();
    expect(reasonOf(guacd)).toMatchObject({
      code: 'guacd-container',
      message: expect.stringContaining(words),
      advice: expect.stringContaining(advice),
    });
  });

  it('is said to be missing where it is', async () => {
    const guacd = guacdIn(join(directory.path, 'nothing', 'podman'));
    await guacd.start();
    expect(reasonOf(guacd).message).toContain('There is no program at');
  });

  it('is refused where it runs containers on another machine', async () => {
    const engine = await fakeEngine();
    const environment = { PATH: process.env['PATH'], CONTAINER_HOST: 'ssh://root@elsewhere/run/podman.sock' };
    const guacd = guacdIn(engine.program, { environment });
    await guacd.start();
    expect(reasonOf(guacd).message).toContain('another machine');
    expect(await engine.calls()).toEqual([]);
  });
});
