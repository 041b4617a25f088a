import type { EngineInfo } from './engine-info.ts';

/** What a container may use at most; null where the engine cannot bound it. */
export interface ContainerBounds {
  readonly memoryBytes: number | null;
  /** Processes and threads together. */
  readonly pids: number | null;
  readonly cpus: number | null;
}

const MIB = 1024 * 1024;
const BASE_BYTES = 256 * MIB;
/** An RDP session takes 160 MB; see `sessions/limits.ts`. */
const BYTES_PER_SESSION = 192 * MIB;
const BASE_PIDS = 256;
const PIDS_PER_SESSION = 64;
const MAX_PIDS = 32_768;
/** What is left to the outpost and the rest of the machine is a share of it. */
const SHARE_OF_MEMORY = 0.8;
const SHARE_OF_CPUS = 0.75;

/** Room for so many sessions at once, and something left of the machine in any case. */
export function containerBounds(
  sessions: number,
  { canBound, cpus, memoryBytes }: Pick<EngineInfo, 'canBound' | 'cpus' | 'memoryBytes'>,
): ContainerBounds {
  const wanted = BASE_BYTES + sessions * BYTES_PER_SESSION;
  const most = memoryBytes === 0 ? wanted : memoryBytes * SHARE_OF_MEMORY;
  return {
    memoryBytes: canBound.memory ? Math.floor(Math.min(wanted, most) / MIB) * MIB : null,
    pids: canBound.pids ? Math.min(MAX_PIDS, BASE_PIDS + sessions * PIDS_PER_SESSION) : null,
    cpus: canBound.cpus ? Math.max(1, Math.floor(cpus * SHARE_OF_CPUS * 10) / 10) : null,
  };
}
