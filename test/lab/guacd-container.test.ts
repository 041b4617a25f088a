import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lifetime } from '../../main/core/base/lifetime.ts';
import { silentLogger } from '../../main/core/base/logger.ts';
import { createGuacd } from '../../main/core/guacd/create.ts';
import type { GuacdState, OutpostStatus } from '../../main/core/status.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';
import { BASE_IMAGE, canRunContainers, Podman } from './harness/podman.ts';

/** The first container takes the Debian underneath it, where no other test has made that yet. */
const SETUP_MS = 1_200_000;
/** An image of some hundred megabytes is unpacked. */
const LOAD_MS = 240_000;

const isUp = ({ guacd }: OutpostStatus) => guacd.kind === 'up';

describe.skipIf(!canRunContainers)('a guacd in a real container', () => {
  const lifetime = new Lifetime();
  let podman: Podman;
  let lab: Lab;
  let seen: GuacdState[] = [];

  beforeAll(async () => {
    podman = await Podman.start();
    lifetime.add(() => podman.end());
    const base = await mkdtemp(join(tmpdir(), 'sallyport-image-'));
    lifetime.add(() => rm(base, { recursive: true, force: true }));
    const imageFile = join(base, 'guacd.tar');
    await podman.run('save', '--quiet', '--output', imageFile, BASE_IMAGE);
    await podman.run('rmi', BASE_IMAGE);
    lab = await Lab.start({
      machines: ['ssh'],
      outpost: false,
      environment: {
        SALLYPORT_GUACD: 'container',
        SALLYPORT_GUACD_ENGINE: podman.program,
        SALLYPORT_GUACD_IMAGE: BASE_IMAGE,
        SALLYPORT_GUACD_IMAGE_FILE: imageFile,
        // The machines of the lab listen on loopback.
        SALLYPORT_GUACD_NETWORK: 'host',
      },
    });
    lifetime.add(() => lab.stop());
    const outpost = await lab.startOutpost({ online: false });
    outpost.control.on('status/changed', ({ guacd }) => seen.push(guacd));
    await lab.untilStatus((status) => isUp(status) && status.link.kind === 'online', { timeoutMs: LOAD_MS });
  }, SETUP_MS);
  afterAll(() => lifetime.end());

  const names = async () =>
    (await podman.run('ps', '--all', '--format', '{{.Names}}')).split('\n').filter(Boolean);
  const only = async () => {
    const [name = '', ...others] = await names();
    expect(others).toEqual([]);
    return name;
  };

  it('is loaded from a file, and carries a session', async () => {
    const step = { kind: 'loading', image: BASE_IMAGE };
    expect(seen).toContainEqual(expect.objectContaining({ kind: 'starting', step }));
    const { guacd, warnings } = await lab.status();
    expect(guacd).toMatchObject({
      instances: [{ version: '1.3.0', container: { engine: 'podman', image: BASE_IMAGE } }],
    });
    expect(warnings.map(({ code }) => code)).toContain('guacd-outdated');
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    expect(await alice.runs('echo $((6 * 7))')).toBe('42\n');
    await alice.browser.close();
  });

  it('has no rights, nothing to write to but what is shared, bounds, and a port on loopback alone', async () => {
    const name = await only();
    const [facts] = JSON.parse(await podman.run('inspect', name));
    expect(facts.HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      AutoRemove: true,
      NetworkMode: 'host',
      SecurityOpt: expect.arrayContaining(['no-new-privileges']),
    });
    expect(facts.EffectiveCaps ?? []).toEqual([]);
    expect(facts.HostConfig.Memory).toBeGreaterThan(0);
    expect(facts.HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(facts.HostConfig.NanoCpus).toBeGreaterThan(0);
    expect(JSON.stringify(facts)).not.toContain(lab.authentik.token);
    const { stateDir } = lab.outpost;
    const tries = [
      `touch '${stateDir}/drives/in-there' && echo drives`,
      `touch '${stateDir}/guacd-home/in-there' && echo home`,
      'touch /tmp/in-there && echo tmp',
      'touch /etc/in-there || echo not-etc',
      `ls '${stateDir}/settings.json' '${stateDir}/control.sock' 2>/dev/null || echo not-the-rest`,
    ];
    const said = await podman.run('exec', name, 'sh', '-c', tries.join('; '));
    expect(said.split('\n')).toEqual(['drives', 'home', 'tmp', 'not-etc', 'not-the-rest']);
    expect(existsSync(join(stateDir, 'drives', 'in-there'))).toBe(true);
    const { guacd } = await lab.status();
    const port = guacd.kind === 'up' ? Number(guacd.instances[0]?.address.split(':')[1]) : 0;
    expect(await listeners(port)).toEqual(['0100007F']);
  });

  it('is started again when its container is killed, and the next session works', async () => {
    const before = await only();
    seen = [];
    await podman.run('kill', before);
    await eventually(() => seen.some(({ kind }) => kind !== 'up'));
    await lab.untilStatus(isUp, { timeoutMs: LOAD_MS });
    expect(await only()).not.toBe(before);
    const bob = await Person.atWork(lab, 'ssh', { user: 'bob' });
    expect(await bob.runs('echo again')).toBe('again\n');
    await bob.browser.close();
  });

  it('goes with the outpost: at once when that is stopped, at the next start when it was killed', async () => {
    const left = await only();
    process.kill(lab.outpost.pid, 'SIGKILL');
    await lab.outpost.ended.catch(() => {});
    await lab.stopOutpost();
    expect(await only()).toBe(left);
    await lab.startOutpost({ online: false });
    await lab.untilStatus(isUp, { timeoutMs: LOAD_MS });
    expect(await only()).not.toBe(left);
    await lab.stopOutpost();
    expect(await names()).toEqual([]);
  });

  it('answers through a network of the engine’s own, with its port on loopback alone', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sallyport-bridge-'));
    const guacd = createGuacd(
      {
        mode: 'container',
        engine: podman.program,
        image: BASE_IMAGE,
        imageFile: null,
        network: 'bridge',
        stateDir,
        drivesDir: join(stateDir, 'drives'),
        sessions: 4,
      },
      silentLogger,
    );
    try {
      await guacd.start();
      expect(guacd.state).toMatchObject({ kind: 'up', instances: [{ version: '1.3.0' }] });
      const [facts] = JSON.parse(await podman.run('inspect', await only()));
      expect(facts.HostConfig.PortBindings['4822/tcp']).toMatchObject([{ HostIp: '127.0.0.1' }]);
    } finally {
      await guacd.stop();
      await rm(stateDir, { recursive: true, force: true });
    }
    expect(await names()).toEqual([]);
  });
});

/** The addresses that somebody listens on at `port`, as the kernel writes them. */
async function listeners(port: number): Promise<string[]> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === '0A' && local.endsWith(`:${wanted}`))
    .map(([, local = '']) => local.split(':')[0] ?? '');
}
