import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import { endProcesses, guacdFamily, killFamilyNow } from './ending.ts';
import { guacdEnvironment } from './environment.ts';
import { type FoundGuacd, findGuacd } from './find.ts';
import { endOrphans, forgetGuacd, noteGuacd } from './orphan.ts';
import { type GuacdProcess, guacdArguments, spawnGuacd } from './process.ts';
import type { GuacdRunner, PrepareOptions, ReadyGuacd, StartedGuacd } from './runner.ts';

export interface ProgramOptions {
  /** The guacd to run; null looks for one. */
  readonly executable: string | null;
  /** Where the app keeps what it brings; null outside the app. */
  readonly resourcesDir: string | null;
  /** The outpost's private folder: holds guacd's home and the note of its pid. It exists. */
  readonly stateDir: string;
  /** What guacd's environment is taken from; the outpost's own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** From the polite signal to the one that kills, in milliseconds. */
  readonly stopGraceMs: number;
}

/** Runs the guacd of this host as a child. */
export class GuacdProgram implements GuacdRunner {
  readonly sharesFiles = true;
  readonly #options: ProgramOptions;
  readonly #logger: Logger;

  constructor(options: ProgramOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  async prepare({ endLeftovers }: PrepareOptions): Promise<ReadyGuacd> {
    const { executable: configured, resourcesDir, stateDir } = this.#options;
    const home = join(stateDir, 'guacd-home');
    await mkdir(home, { recursive: true, mode: 0o700 });
    const owner = await realpath(home);
    if (endLeftovers) await this.#endOrphans(owner);
    const environment = guacdEnvironment(this.#options.environment ?? process.env, home, owner);
    const found = await findGuacd({ configured, resourcesDir, environment });
    return {
      start: async (port, onLine) => {
        const { executable } = found;
        const args = guacdArguments({ host: '127.0.0.1', port });
        const guacd = await spawnGuacd({ executable, args, environment, onLine });
        return this.#started(found, guacd, owner);
      },
    };
  }

  #started({ executable, version }: FoundGuacd, guacd: GuacdProcess, owner: string): StartedGuacd {
    const { pid, exited } = guacd;
    const noted = this.#note(pid);
    return {
      exited,
      version: Promise.resolve(version),
      container: null,
      facts: { executable, pid },
      end: () => noted.then(() => this.#end(guacd, owner)),
      killNow: () => killFamilyNow(pid),
    };
  }

  async #endOrphans(owner: string): Promise<void> {
    const { stateDir, stopGraceMs } = this.#options;
    const count = await endOrphans(stateDir, owner, stopGraceMs);
    if (count > 0)
      this.#logger.log('warning', 'ended what a killed outpost left of its guacd', { processes: count });
  }

  /** A full disk is no reason to have no guacd: on Linux its environment tells the next start whose it was. */
  async #note(pid: number): Promise<void> {
    try {
      await noteGuacd(this.#options.stateDir, pid);
    } catch (error) {
      this.#logger.log('warning', 'guacd was not noted for a start after a crash', { error });
    }
  }

  async #end({ pid, exited }: GuacdProcess, owner: string): Promise<void> {
    const left = await endProcesses(() => guacdFamily(pid, owner), { graceMs: this.#options.stopGraceMs });
    if (left.length > 0) this.#logger.log('error', 'processes of guacd could not be ended', { pids: left });
    else await exited;
    await forgetGuacd(this.#options.stateDir);
  }
}
