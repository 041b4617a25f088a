import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import { claimFolder, clearAbandoned, endMarked } from './leftovers.ts';
import type { Machine, MachineOptions, MachineProtocol } from './machine.ts';
import { startRdp } from './rdp.ts';
import { startSsh } from './ssh.ts';
import { startVnc } from './vnc.ts';

export interface StartOptions {
  /** Where the machines keep what is theirs; the same folder each time lets a run clear what a killed one left. */
  readonly dir: string;
  /** Hears of what goes on, one line at a time. */
  readonly log: (line: string) => void;
  /** Which to start; all three unless told. */
  readonly protocols?: readonly MachineProtocol[];
}

export interface RunningMachines {
  readonly machines: readonly Machine[];
  /** What could not be started, and why, as a sentence for people. */
  readonly missing: readonly { readonly protocol: MachineProtocol; readonly reason: string }[];
  /** Ends all of them and removes their folder. */
  stop(): Promise<void>;
}

const STARTERS: Readonly<Record<MachineProtocol, (options: MachineOptions) => Promise<Machine>>> = {
  ssh: startSsh,
  vnc: startVnc,
  rdp: startRdp,
};

/**
 * Starts real machines on loopback, side by side: those whose programs are installed. Never rejects for a
 * machine that does not start; that one is in `missing`.
 */
export async function startMachines({ dir, log, protocols }: StartOptions): Promise<RunningMachines> {
  const cleared = await clearAbandoned(dir);
  if (cleared > 0) log(`Cleared what ${cleared} earlier run(s) of the practice machines had left.`);
  const folder = await claimFolder(dir);
  const machines: Machine[] = [];
  const missing: { protocol: MachineProtocol; reason: string }[] = [];
  await Promise.all(
    (protocols ?? (['ssh', 'vnc', 'rdp'] as const)).map(async (protocol) => {
      try {
        const own = join(folder, protocol);
        await mkdir(own, { mode: 0o700 });
        const machine = await STARTERS[protocol]({ dir: own, log: (line) => log(`${protocol}: ${line}`) });
        machines.push({ ...machine, stop: () => machine.stop().then(() => endMarked(own)) });
      } catch (error) {
        missing.push({
          protocol,
          reason: failureText(SallyportError.from(error, `Practice ${protocol}`).toFailure()),
        });
      }
    }),
  );
  machines.sort((left, right) => left.name.localeCompare(right.name));
  return {
    machines,
    missing,
    stop: async () => {
      await Promise.all(machines.map((machine) => machine.stop()));
      await endMarked(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
