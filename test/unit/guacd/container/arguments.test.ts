import { describe, expect, it } from 'vitest';
import {
  type ContainerPlan,
  canBeShared,
  runArguments,
  versionArguments,
} from '../../../../main/core/guacd/container/arguments.ts';

const PLAN: ContainerPlan = {
  engine: { kind: 'podman', rootless: true, labels: false },
  name: 'sallyport-guacd-1-2',
  owner: '0123456789abcdef',
  image: 'sha256:0123456789abcdef',
  network: 'bridge',
  port: 41_234,
  bounds: { memoryBytes: 1_073_741_824, pids: 512, cpus: 1.5 },
  user: { uid: 990, gid: 991 },
  shared: ['/state/guacd-home', '/state/drives'],
  home: '/state/guacd-home',
};

const of = (change: Partial<ContainerPlan> = {}) => runArguments({ ...PLAN, ...change });
/** What comes after the image is guacd's. */
const flagsOf = (args: readonly string[]) => args.slice(0, args.indexOf(PLAN.image));
const guacdOf = (args: readonly string[]) => args.slice(args.indexOf(PLAN.image) + 1);

describe('the arguments of a container', () => {
  it('give guacd no rights, nothing to write to but a small temporary folder, and bounds', () => {
    const flags = flagsOf(of());
    expect(flags).toEqual(
      expect.arrayContaining([
        '--rm',
        '--pull=never',
        '--read-only',
        '--cap-drop=ALL',
        '--security-opt=no-new-privileges',
        '--tmpfs=/tmp:rw,nosuid,nodev,noexec,size=64m,mode=1777',
        '--memory=1073741824',
        '--memory-swap=1073741824',
        '--pids-limit=512',
        '--cpus=1.5',
        '--label=sallyport.guacd=0123456789abcdef',
      ]),
    );
    expect(guacdOf(of()).slice(0, 2)).toEqual([
      '-c',
      expect.stringMatching(/^ulimit -c 0; .*exec guacd "\$@"$/),
    ]);
    expect(flags.some((flag) => /privileged|cap-add|--device|docker\.sock|--pid=/.test(flag))).toBe(false);
  });

  it('publish its port on loopback alone', () => {
    const args = of();
    expect(args.filter((arg) => /publish|^-p/.test(arg))).toEqual(['--publish=127.0.0.1:41234:4822']);
    expect(guacdOf(args).slice(2)).toEqual(['guacd', '-f', '-b', '0.0.0.0', '-l', '4822', '-L', 'warning']);
  });

  it('have it listen on loopback alone where the network is this host’s', () => {
    const args = of({ network: 'host' });
    expect(args).toContain('--network=host');
    expect(args.some((arg) => arg.startsWith('--publish'))).toBe(false);
    expect(guacdOf(args).slice(2)).toEqual([
      'guacd',
      '-f',
      '-b',
      '127.0.0.1',
      '-l',
      '41234',
      '-L',
      'warning',
    ]);
  });

  it('run it as whoever the outpost is, so that files on drives are its own', () => {
    const users = (engine: ContainerPlan['engine'], user = PLAN.user) =>
      of({ engine, user }).filter((arg) => /^--user/.test(arg));
    expect(users({ kind: 'podman', rootless: true, labels: false })).toEqual([
      '--userns=keep-id',
      '--user=990:991',
    ]);
    expect(users({ kind: 'podman', rootless: false, labels: false })).toEqual(['--user=990:991']);
    expect(users({ kind: 'docker', rootless: false, labels: false })).toEqual(['--user=990:991']);
    expect(users({ kind: 'docker', rootless: true, labels: false })).toEqual(['--user=0:0']);
    expect(users({ kind: 'docker', rootless: false, labels: false }, null)).toEqual([]);
  });

  it('share the folders that are named, at their own places, and no other', () => {
    expect(of().filter((arg) => arg.startsWith('--volume'))).toEqual([
      '--volume=/state/guacd-home:/state/guacd-home:rw',
      '--volume=/state/drives:/state/drives:rw',
    ]);
    const labelled = of({ engine: { ...PLAN.engine, labels: true } });
    expect(labelled).toContain('--volume=/state/drives:/state/drives:rw,z');
    expect(of({ shared: [], home: '/tmp' }).some((arg) => arg.startsWith('--volume'))).toBe(false);
  });

  it('leave out what the engine cannot do', () => {
    const args = of({
      engine: { kind: 'docker', rootless: false, labels: false },
      bounds: { memoryBytes: null, pids: null, cpus: null },
    });
    expect(args.filter((arg) => /^--(memory|pids|cpus|http-proxy|read-only-tmpfs|userns)/.test(arg))).toEqual(
      [],
    );
  });

  it('hand on no variables but home and language', () => {
    expect(of().filter((arg) => arg.startsWith('--env'))).toEqual([
      '--env=HOME=/state/guacd-home',
      '--env=LC_ALL=C.UTF-8',
    ]);
    expect(of()).toContain('--http-proxy=false');
  });

  it('ask for the version with no network and no rights', () => {
    const args = versionArguments('sha256:1');
    expect(args).toEqual(expect.arrayContaining(['--network=none', '--cap-drop=ALL', '--read-only', '--rm']));
    expect(args.at(-1)).toMatch(/guacd -v$/);
  });
});

describe.runIf(process.platform !== 'win32')('a folder', () => {
  it.each([
    ['/var/lib/sallyport/drives', true],
    ['/home/a b/drives', true],
    ['/srv/a:b', false],
    ['/srv/a,b', false],
  ])('%s can be shared: %s', (path, can) => {
    expect(canBeShared(path)).toBe(can);
  });
});
