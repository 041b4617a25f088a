import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Lifetime } from '../../main/core/base/lifetime.ts';
import { layOutContainer } from '../../scripts/package/container.mjs';
import { forward } from './harness/forward.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';
import { BASE_IMAGE, type ContainerNetwork, canRunContainers, Podman } from './harness/podman.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const IMAGE = 'localhost/sallyport:test';
const VERSION = '1.2.3-test';
/** The first container takes the Debian underneath it, where no other test has made that yet. */
const SETUP_MS = 1_200_000;
const GRACE_SECONDS = 5;

/** As Kubernetes can be told to run it, and `docker run` as docs/container.md shows it. */
const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--tmpfs=/tmp',
  '--tmpfs=/var/lib/sallyport',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
];
/** As authentik's Docker integration runs it: its own health check, and nothing else beside the environment. */
const INTEGRATION = [
  '--health-cmd=["/rac","healthcheck"]',
  '--health-retries=20',
  '--restart=unless-stopped',
];

describe.skipIf(!canRunContainers)('the container', () => {
  const lifetime = new Lifetime();
  let podman: Podman;
  let lab: Lab;
  let inside: ContainerNetwork;
  const started: string[] = [];

  beforeAll(async () => {
    podman = await Podman.start();
    lifetime.add(() => podman.end());
    const context = mkdtempSync(join(tmpdir(), 'sallyport-context-'));
    lifetime.add(() => rmSync(context, { recursive: true, force: true }));
    layOutContainer({ licences: licences(), folder: context });
    const wanted = ['--build-arg', `BASE_IMAGE=${BASE_IMAGE}`, '--build-arg', `VERSION=${VERSION}`];
    // With no network: what the base has is not fetched.
    const build = ['build', '--format', 'docker', '--pull-never', '--network', 'none', ...wanted];
    await podman.run(...build, '--tag', IMAGE, context);
    lab = await Lab.start({ machines: ['ssh'], outpost: false });
    lifetime.add(() => lab.stop());
    inside = await podman.network('inside');
    for (const port of [Number(new URL(lab.authentik.url).port), lab.machine('ssh').port]) {
      const door = await forward(inside.gateway, port);
      lifetime.add(() => door.stop());
    }
  }, SETUP_MS);
  afterAll(() => lifetime.end());
  afterEach(async () => {
    await lab.authentik.clearFaults();
    for (const name of started.splice(0)) await podman.try('rm', '--force', '--time', '0', name);
  });

  /** An outpost in a container of that name, told no more than authentik's integrations tell it. */
  const start = async (name: string, flags: readonly string[], token = lab.authentik.token) => {
    const environment = {
      AUTHENTIK_HOST: lab.authentik.url.replace('127.0.0.1', inside.gateway),
      AUTHENTIK_TOKEN: token,
      AUTHENTIK_INSECURE: 'false',
      AUTHENTIK_HOST_BROWSER: '',
    };
    started.push(name);
    const variables = Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`);
    await podman.run(
      'run',
      '--detach',
      '--name',
      name,
      '--network',
      inside.name,
      ...flags,
      ...variables,
      IMAGE,
    );
  };
  /** Waits as long as it takes on a slow machine; what the container said is told where it ends, or nothing comes of it. */
  const until = async (name: string, happened: () => boolean | Promise<boolean>) => {
    try {
      await eventually(async () => {
        if (await happened()) return true;
        if ((await inspect(name, '{{.State.Running}}')) !== 'true') throw new Error('It has ended.');
        return false;
      }, 180_000);
    } catch (error) {
      const { out, err } = await podman.try('logs', '--tail', '40', name);
      throw new Error(`${name}: ${out}${err}`, { cause: error });
    }
  };
  const isOnline = () => lab.authentik.online;
  const inspect = async (what: string, format: string) => podman.run('inspect', '--format', format, what);
  const isHealthy = async (name: string) => (await podman.try('healthcheck', 'run', name)).code === 0;

  it('is an image that runs as nobody in particular and says how it is', async () => {
    const [image] = JSON.parse(await podman.run('image', 'inspect', IMAGE));
    expect(image).toMatchObject({
      User: '1000',
      Labels: { 'org.opencontainers.image.version': VERSION },
      Config: { ExposedPorts: { '9300/tcp': {} }, Entrypoint: ['tini', '--', 'sallyport', 'run'] },
      Healthcheck: { Test: ['CMD', 'sallyport', 'health'] },
    });
    expect(JSON.stringify(image.Config.Env)).not.toMatch(/TOKEN|KEY/);
  });

  it('carries a session in a read-only root without any right, and stops in time with a word to it', async () => {
    await start('hardened', HARDENED);
    await until('hardened', isOnline);
    await until('hardened', () => isHealthy('hardened'));

    const exec = (...command: readonly string[]) => podman.run('exec', 'hardened', ...command);
    expect(await exec('id', '-u')).toBe('1000');
    const process = await exec('cat', '/proc/1/status');
    expect(process).toMatch(/^NoNewPrivs:\t1$/m);
    expect(process).toMatch(/^Cap(Eff|Bnd):\t0+$/m);
    expect((await podman.try('exec', 'hardened', 'touch', '/etc/ours')).err).toContain('Read-only');

    const address = await inspect('hardened', '{{.NetworkSettings.Networks.inside.IPAddress}}');
    expect((await get(address, '/outpost.goauthentik.io/ping')).status).toBe(204);
    expect((await get(address, '/metrics')).body).toMatch(/^sallyport_\w+/m);

    const { gateway } = inside;
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice', parameters: { hostname: gateway } });
    expect(await alice.runs("printf 'Größe €'")).toBe('Größe €');

    // authentik restarts: a restart of the container too would end what can go on.
    await lab.authentik.setFaults({ answer: 'http503', parts: ['api', 'events'] });
    lab.authentik.closeSockets(1012, ['events']);
    await until('hardened', () => !isOnline());
    expect(await isHealthy('hardened')).toBe(true);
    await lab.authentik.clearFaults();

    const word = alice.hearsLastWord();
    await podman.run('stop', '--time', String(GRACE_SECONDS), 'hardened');
    // 137 where it had to be killed.
    expect(await inspect('hardened', '{{.State.ExitCode}}')).toBe('0');
    expect((await word).sentence).toMatch(/outpost/i);

    const log = (await podman.run('logs', 'hardened')).split('\n').map((line) => JSON.parse(line));
    expect(log.map(({ event }) => event)).toContain('Ended');
    expect(JSON.stringify(log)).not.toContain(lab.authentik.token);
  });

  it('does as authentik’s Docker integration expects, which restarts what is not healthy', async () => {
    await start('integration', INTEGRATION);
    await until('integration', isOnline);
    await until('integration', () => isHealthy('integration'));
    expect(await inspect('integration', '{{.Config.Healthcheck.Test}}')).toContain('/rac');

    await lab.authentik.setFaults({ down: true });
    await until('integration', async () => !(await isHealthy('integration')));
    const said = await podman.try('exec', 'integration', '/rac', 'healthcheck');
    expect(said).toMatchObject({ code: 1, err: '' });
    expect(said.out).toMatch(/Reconnecting|Connecting/);
    await lab.authentik.clearFaults();
    await until('integration', () => isHealthy('integration'));
  });

  it('is not healthy with a token that authentik does not take, and says so', async () => {
    await start('stranger', [], 'not-a-token-of-this-authentik-0123456789');
    await until('stranger', async () => {
      const { code, out } = await podman.try('exec', 'stranger', 'sallyport', 'health');
      return code === 1 && /token/i.test(out);
    });
    expect(await isHealthy('stranger')).toBe(false);
  });
});

function licences(): string {
  const script = join(ROOT, 'scripts', 'licences.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--texts'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The licences could not be collected: ${stderr}`);
  return stdout;
}

function get(host: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port: 9300, path, timeout: 60_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}
