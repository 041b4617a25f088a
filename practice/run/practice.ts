import { Lifetime } from '../../main/core/base/lifetime.ts';
import type { PracticeAuthentikOptions } from '../authentik/options.ts';
import { PracticeAuthentik } from '../authentik/server.ts';
import { claimFolder } from '../machines/leftovers.ts';
import type { MachineProtocol } from '../machines/machine.ts';
import { type RunningMachines, startMachines } from '../machines/start.ts';
import { removeFolder } from './folder.ts';
import { offer } from './offer.ts';
import { type OutpostOptions, type RunningOutpost, startOutpost } from './outpost.ts';

export interface PracticeOptions {
  /** Where runs have their folders. */
  readonly base: string;
  /** How an outpost is started; address and token are authentik's. */
  readonly outpost: Omit<OutpostOptions, 'dir' | 'host' | 'token'>;
  /** Beside the machines. */
  readonly authentik?: Omit<PracticeAuthentikOptions, 'machines' | 'missing'>;
  /** Machines that run already and are not ended with this, or which to start; all unless told. */
  readonly machines?: RunningMachines | readonly MachineProtocol[];
  /** Hears what the machines write, one line at a time. */
  readonly machineLog?: (line: string) => void;
}

/** A practice authentik with machines, and the means to start an outpost for it. */
export class Practice {
  readonly machines: RunningMachines;
  readonly authentik: PracticeAuthentik;
  readonly #outpost: OutpostOptions;
  readonly #lifetime: Lifetime;

  private constructor(
    machines: RunningMachines,
    authentik: PracticeAuthentik,
    outpost: OutpostOptions,
    lifetime: Lifetime,
  ) {
    this.machines = machines;
    this.authentik = authentik;
    this.#outpost = outpost;
    this.#lifetime = lifetime;
  }

  /** Resolves when machines and authentik run; `machines.missing` tells of those that could not be started. */
  static async start(options: PracticeOptions): Promise<Practice> {
    const lifetime = new Lifetime();
    try {
      const machines = await machinesOf(options, lifetime);
      const authentik = await PracticeAuthentik.start({
        ...options.authentik,
        machines: machines.machines.map(offer),
        missing: machines.missing,
      });
      lifetime.add(() => authentik.stop());
      const dir = await claimFolder(options.base, 'outpost');
      lifetime.add(() => removeFolder(dir));
      const outpost = { ...options.outpost, dir, host: authentik.url, token: authentik.token };
      return new Practice(machines, authentik, outpost, lifetime);
    } catch (error) {
      await lifetime.end();
      throw error;
    }
  }

  /** What an outpost that somebody else starts needs to know; its folder goes with practice. */
  get outpost(): Pick<OutpostOptions, 'dir' | 'host' | 'token'> {
    const { dir, host, token } = this.#outpost;
    return { dir, host, token };
  }

  /** Starts the outpost, always with the same state, so that it finds what an earlier one left. One at a time. */
  startOutpost(): Promise<RunningOutpost> {
    return startOutpost(this.#outpost);
  }

  /** Ends everything but the outpost, which whoever started it ends first. */
  stop(): Promise<void> {
    return this.#lifetime.end();
  }
}

async function machinesOf(
  { machines, base, machineLog = () => {} }: PracticeOptions,
  lifetime: Lifetime,
): Promise<RunningMachines> {
  if (machines !== undefined && 'stop' in machines) return machines;
  const started = await startMachines({
    dir: base,
    log: machineLog,
    ...(machines ? { protocols: machines } : {}),
  });
  lifetime.add(() => started.stop());
  return started;
}
