import { guacdArguments } from '../process.ts';
import type { ContainerBounds } from './bounds.ts';
import type { EngineInfo } from './engine-info.ts';

/** `bridge` keeps this host's own services away from guacd; `host` has this host's names, routes and loopback. */
export type ContainerNetwork = 'bridge' | 'host';

export interface ContainerPlan {
  readonly engine: Pick<EngineInfo, 'kind' | 'rootless' | 'labels'>;
  readonly name: string;
  /** Whose it is: what a killed outpost left is found by it. */
  readonly owner: string;
  /** The image, as a name or an identifier; it is on this host. */
  readonly image: string;
  readonly network: ContainerNetwork;
  /** On 127.0.0.1 of this host. */
  readonly port: number;
  readonly bounds: ContainerBounds;
  /** Who the outpost runs as, so that files on drives are its own; null where a system has no such numbers. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Folders of this host that guacd sees at the same place and may write to. */
  readonly shared: readonly string[];
  /** Where guacd's home is, inside; one of `shared`, or on the temporary file system. */
  readonly home: string;
}

export const OWNER_LABEL = 'sallyport.guacd';
/** guacd's own port, inside. */
const INNER_PORT = 4822;
/** From the polite signal to the one that kills, in seconds; sessions have been ended before that. */
const STOP_SECONDS = 1;
/**
 * The official image has it in the first place, packages in the others. It tells its version before it begins, and
 * is then the first process itself, so that a signal reaches it.
 */
const VERSION_SCRIPT =
  'PATH="$PATH:/opt/guacamole/sbin:/usr/local/guacamole/sbin:/usr/local/sbin:/usr/sbin"; guacd -v';
/** Its memory holds passwords: no core. As a flag, that would replace every limit that the engine is set to. */
const SCRIPT = `ulimit -c 0; ${VERSION_SCRIPT}; exec guacd "$@"`;

/** The arguments of `podman` or `docker` that run guacd in a container. Nothing in them is secret. */
export function runArguments(plan: ContainerPlan): string[] {
  const { engine, name, owner, image, network, port, home } = plan;
  const inside = network === 'host' ? { host: '127.0.0.1', port } : { host: '0.0.0.0', port: INNER_PORT };
  return [
    'run',
    '--rm',
    '--pull=never',
    `--name=${name}`,
    `--label=${OWNER_LABEL}=${owner}`,
    // What guacd says goes to our log alone: an engine's own would grow without a bound.
    '--log-driver=none',
    '--no-healthcheck',
    `--stop-timeout=${STOP_SECONDS}`,
    ...privileges(engine),
    ...bounded(plan.bounds),
    ...identity(plan),
    ...plan.shared.map((path) => `--volume=${path}:${path}:${engine.labels ? 'rw,z' : 'rw'}`),
    `--env=HOME=${home}`,
    // guacd's terminal draws what is not ASCII only in a UTF-8 locale.
    '--env=LC_ALL=C.UTF-8',
    ...(network === 'host' ? ['--network=host'] : [`--publish=127.0.0.1:${port}:${INNER_PORT}`]),
    '--entrypoint=/bin/sh',
    image,
    '-c',
    SCRIPT,
    'guacd',
    ...guacdArguments(inside),
  ];
}

/** The arguments that have guacd tell its version, out of an image that is on this host. */
export function versionArguments(image: string): string[] {
  const apart = ['--cap-drop=ALL', '--security-opt=no-new-privileges', '--read-only', '--network=none'];
  const quiet = ['--rm', '--pull=never', '--log-driver=none'];
  return ['run', ...quiet, ...apart, '--entrypoint=/bin/sh', image, '-c', VERSION_SCRIPT];
}

/** Whether a folder can be named in `--volume`, where a colon ends a path. */
export function canBeShared(path: string): boolean {
  return process.platform !== 'win32' && !path.includes(':') && !path.includes(',');
}

function privileges({ kind }: Pick<EngineInfo, 'kind'>): string[] {
  return [
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--read-only',
    // Podman would put temporary file systems of any size beside ours, and hand its own proxy on.
    ...(kind === 'podman' ? ['--read-only-tmpfs=false', '--http-proxy=false'] : []),
    '--tmpfs=/tmp:rw,nosuid,nodev,noexec,size=64m,mode=1777',
  ];
}

function bounded({ memoryBytes, pids, cpus }: ContainerBounds): string[] {
  return [
    // The second is memory and swap together: no swap.
    ...(memoryBytes === null ? [] : [`--memory=${memoryBytes}`, `--memory-swap=${memoryBytes}`]),
    ...(pids === null ? [] : [`--pids-limit=${pids}`]),
    ...(cpus === null ? [] : [`--cpus=${cpus}`]),
  ];
}

function identity({ engine, user }: ContainerPlan): string[] {
  if (user === null) return [];
  // In rootless Docker the container's root is the person who runs it, and any other number is nobody's.
  if (engine.rootless && engine.kind === 'docker') return ['--user=0:0'];
  const own = `--user=${user.uid}:${user.gid}`;
  return engine.rootless ? ['--userns=keep-id', own] : [own];
}
