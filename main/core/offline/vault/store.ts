import { basename, dirname, join } from 'node:path';
import { removeTemporaries, writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { isMissing } from '../../base/missing.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import { keepAside, keptAside } from '../../settings/keep-aside.ts';
import { makePrivateDirectory } from '../../settings/private-directory.ts';
import { MAX_VAULT_BYTES } from './limits.ts';
import { readVaultFile, type VaultFile, writeVaultFile } from './vault-file.ts';

const MAX_WARNINGS = 3;

/** The vault's file in its folder. */
export function vaultPath(folder: string): string {
  return join(folder, 'vault.json');
}

/**
 * The vault's file, which every change replaces atomically. A damaged one is kept aside and named in `warnings`; one that
 * cannot be read, or that a newer version wrote, is left alone.
 */
export class VaultStore {
  readonly path: string;
  #file: VaultFile | null = null;
  /** Why there is a file that cannot be used. */
  #blocked: Failure | null = null;
  #damaged: readonly Failure[] = [];

  constructor(folder: string) {
    this.path = vaultPath(folder);
  }

  /** Reads it, in its folder, which is made where it is missing. Never rejects. */
  async load(now: Date): Promise<void> {
    const folder = dirname(this.path);
    try {
      await makePrivateDirectory(folder);
      await removeTemporaries(folder);
      await this.#load(now);
    } catch (error) {
      const { message, advice } = SallyportError.from(error, this.path, 'file-unreadable');
      this.#blocked = { code: 'vault-unreadable', message, ...(advice !== undefined && { advice }) };
    }
  }

  /** What counts now; null where there is no vault, or none that can be used. */
  get file(): VaultFile | null {
    return this.#file;
  }

  /** What an admin should know. */
  get warnings(): readonly Failure[] {
    return [...(this.#blocked ? [this.#blocked] : []), ...this.#damaged];
  }

  warn(failure: Failure): void {
    this.#damaged = [...this.#damaged, failure];
  }

  /** Throws where there is a file that cannot be used. */
  checkUsable(): void {
    if (this.#blocked === null) return;
    const { code, message, advice } = this.#blocked;
    throw new SallyportError(code, message, { advice });
  }

  /** Throws as `checkUsable`, or `vault-missing`. */
  need(): VaultFile {
    this.checkUsable();
    if (this.#file !== null) return this.#file;
    throw new SallyportError('vault-missing', 'There is no vault yet.', {
      advice: 'Make one in the settings, or with `sallyport vault create`.',
    });
  }

  /** Puts it on the disk; what counts is still what was before. Rejects with `disk-full` or `file-unwritable`. */
  async write(file: VaultFile): Promise<void> {
    await makePrivateDirectory(dirname(this.path));
    await writeFileAtomic(this.path, writeVaultFile(file));
  }

  /** From now on this is what counts. */
  take(file: VaultFile): void {
    this.#file = file;
  }

  async #load(now: Date): Promise<void> {
    const text = await this.#read();
    const read = text === null ? null : readVaultFile(text);
    if (read?.kind === 'vault') this.#file = read.file;
    if (read?.kind === 'damaged') await keepAside(this.path, now);
    if (read?.kind === 'newer')
      this.#blocked = {
        code: 'vault-unreadable',
        message: `${this.path} was written by a newer Sallyport.`,
        advice: 'Update Sallyport. The file was left as it is.',
      };
    const aside = (await keptAside(this.path)).slice(0, MAX_WARNINGS);
    this.#damaged = aside.map((name) => ({
      code: 'vault-unreadable',
      message: `The vault ${basename(this.path)} was damaged and was kept as ${name}; its credentials are not there.`,
      advice: `Bring a copy of ${this.path} back while the outpost is stopped, or keep the credentials anew; then remove the file.`,
    }));
  }

  async #read(): Promise<string | null> {
    try {
      return (await readBoundedFile(this.path, MAX_VAULT_BYTES)).toString('utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}
