import * as v from 'valibot';
import type { GuacdContainer } from '../../status.ts';

/** What an engine says of itself, as far as running a container takes it. */
export interface EngineInfo {
  readonly kind: GuacdContainer['engine'];
  /** Such as `4.3.1`; null where it does not tell. */
  readonly version: string | null;
  /** Whether it runs as a person and not as root. */
  readonly rootless: boolean;
  /** Whether SELinux keeps a container from folders that do not carry its label. */
  readonly labels: boolean;
  /** Which bounds it can put on a container. */
  readonly canBound: { readonly memory: boolean; readonly pids: boolean; readonly cpus: boolean };
  /** Of the machine that containers run on, which need not be this host. */
  readonly cpus: number;
  readonly memoryBytes: number;
}

const count = v.pipe(v.number(), v.minValue(0));
const flag = v.optional(v.boolean(), false);

const podman = v.object({
  host: v.object({
    // Null where none may be used.
    cgroupControllers: v.optional(v.nullable(v.array(v.string())), null),
    cpus: v.optional(count, 1),
    memTotal: v.optional(count, 0),
    security: v.optional(v.object({ rootless: flag, selinuxEnabled: flag }), {}),
  }),
  version: v.optional(v.object({ Version: v.optional(v.string()) }), {}),
});

const docker = v.object({
  ServerVersion: v.optional(v.string()),
  SecurityOptions: v.optional(v.nullable(v.array(v.string())), null),
  MemoryLimit: flag,
  PidsLimit: flag,
  CpuCfsQuota: flag,
  NCPU: v.optional(count, 1),
  MemTotal: v.optional(count, 0),
  /** Older ones exit with 0 though no service answered. */
  ServerErrors: v.optional(v.nullable(v.array(v.string())), null),
});

/** What `info` printed as JSON; a sentence of the engine's why there is nothing to tell; null for anything else. */
export function decodeEngineInfo(text: string): EngineInfo | string | null {
  const json = parsed(text);
  const ofPodman = v.safeParse(podman, json);
  if (ofPodman.success) {
    const { host, version } = ofPodman.output;
    const controllers = host.cgroupControllers ?? [];
    return {
      kind: 'podman',
      version: version.Version ?? null,
      rootless: host.security.rootless,
      labels: host.security.selinuxEnabled,
      canBound: {
        memory: controllers.includes('memory'),
        pids: controllers.includes('pids'),
        cpus: controllers.includes('cpu'),
      },
      cpus: host.cpus,
      memoryBytes: host.memTotal,
    };
  }
  const ofDocker = v.safeParse(docker, json);
  if (!ofDocker.success) return null;
  const { ServerVersion, ServerErrors, SecurityOptions, ...info } = ofDocker.output;
  const has = (name: string) =>
    (SecurityOptions ?? []).some((option) => option.split(',').includes(`name=${name}`));
  const [trouble] = ServerErrors ?? [];
  if (trouble !== undefined) return trouble;
  if (ServerVersion === undefined) return null;
  return {
    kind: 'docker',
    version: ServerVersion,
    rootless: has('rootless'),
    labels: has('selinux'),
    canBound: { memory: info.MemoryLimit, pids: info.PidsLimit, cpus: info.CpuCfsQuota },
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
