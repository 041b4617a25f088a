import { createHash } from 'node:crypto';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import { readBoundedFile } from '../core/base/bounded-file.ts';
import { isMissing } from '../core/base/missing.ts';
import { SallyportError } from '../core/errors.ts';
import { makeKey, readWrappedKey } from './key-wrap.ts';
import type { Keychain } from './keychain.ts';

const MAX_FILE_BYTES = 16 * 1024;

/**
 * The key of an outpost's vault, wrapped by the system's keychain: one file for each outpost, known by its address, so
 * that practice's vault never takes the place of the real one's.
 */
export class VaultKeyFile {
  readonly #path: string;
  readonly #keychain: Keychain;

  constructor(directory: string, address: string, keychain: Keychain) {
    const which = createHash('sha256').update(address).digest('hex').slice(0, 16);
    this.#path = join(directory, `vault-key-${which}.json`);
    this.#keychain = keychain;
  }

  /** As base64. Rejects with `vault-unreadable` where there is none, or the keychain does not open it. */
  async read(): Promise<string> {
    try {
      const wrapped = readWrappedKey((await readBoundedFile(this.#path, MAX_FILE_BYTES)).toString('utf8'));
      if (wrapped.kind === 'keychain') return this.#keychain.unwrap(wrapped).toString('base64');
    } catch (error) {
      throw unreadable(error);
    }
    throw unreadable(undefined);
  }

  /** A new key, on the disk before anything is encrypted with it. Rejects where the keychain protects nothing. */
  async make(): Promise<string> {
    if (this.#keychain.kind !== 'real')
      throw new SallyportError('settings-invalid', 'The system has no keychain that protects anything.', {
        advice: 'Use a passphrase or a key file; on Linux, GNOME Keyring or KWallet would be one.',
      });
    const key = makeKey();
    await this.#keepAside();
    await writeFileAtomic(this.#path, `${JSON.stringify(this.#keychain.wrap(key))}\n`);
    return key.toString('base64');
  }

  /** The vault that a key was for may only have been put aside, and be brought back. */
  async #keepAside(): Promise<void> {
    try {
      await rename(this.#path, this.#path.replace(/\.json$/, `.${Date.now()}.json`));
    } catch (error) {
      if (!isMissing(error)) throw SallyportError.from(error, this.#path);
    }
  }

  /** Nothing needs it any more. */
  async forget(): Promise<void> {
    await unlink(this.#path).catch(() => {});
  }
}

function unreadable(cause: unknown): SallyportError {
  return new SallyportError(
    'vault-unreadable',
    'The system’s keychain does not give the key of this vault.',
    {
      advice: 'Unlock the keychain of the person who made the vault, and use the app under that name.',
      cause,
    },
  );
}
