import { copyFile, link, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../errors.ts';
import { makePrivateDirectory } from '../../settings/private-directory.ts';

const NAME = /^machines-(\d{4}-\d\d-\d\d)T\d{6}\d{3}Z\.jsonl$/;

/** How many copies are kept: the newest ones, and of older ones the last of each day. */
export const BACKUP_LIMITS = { newest: 10, days: 14 } as const;

/** Earlier states of the address book, as files beside it. */
export class Backups {
  readonly folder: string;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** When the last copy was made by this process, in ms of the clock given to `keep`. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /**
   * Keeps `path` as it is now, which is about to be replaced. Resolves with the copy's name, null where there is
   * no such file yet. Rejects with `disk-full` or `file-unwritable`.
   */
  async keep(path: string, now: number): Promise<string | null> {
    await makePrivateDirectory(this.folder);
    const moment = new Date(now).toISOString();
    const name = `machines-${moment.slice(0, 10)}T${moment.slice(11).replace(/[:.]/g, '')}.jsonl`;
    try {
      // The file is replaced and never written into: a second name keeps its content without a copy.
      await link(path, join(this.folder, name)).catch(async (error: unknown) => {
        if (hasCode(error, 'ENOENT') || hasCode(error, 'EEXIST')) throw error;
        await copyFile(path, join(this.folder, name));
      });
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      if (!hasCode(error, 'EEXIST'))
        throw SallyportError.from(error, join(this.folder, name), 'file-unwritable');
    }
    this.#lastMs = now;
    await this.#thin();
    return name;
  }

  /** Names of the copies, newest first. Never rejects. */
  async list(): Promise<readonly string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .filter((name) => NAME.test(name))
      .sort()
      .reverse();
  }

  async #thin(): Promise<void> {
    const names = await this.list();
    const days = new Set<string>();
    for (const name of names.slice(BACKUP_LIMITS.newest)) {
      const day = NAME.exec(name)?.[1] ?? '';
      if (!days.has(day) && days.size < BACKUP_LIMITS.days) days.add(day);
      else await unlink(join(this.folder, name)).catch(() => {});
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
