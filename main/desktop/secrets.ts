import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretsState } from '../../preload/contract/types.ts';
import type { ControlClient } from '../control/client.ts';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import { readBoundedFile } from '../core/base/bounded-file.ts';
import { Emitter } from '../core/base/emitter.ts';
import { isMissing } from '../core/base/missing.ts';
import type { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import {
  makeKey,
  readWrappedKey,
  unwrapWithPassphrase,
  type WrappedKey,
  wrapWithPassphrase,
} from './key-wrap.ts';
import type { Keychain } from './keychain.ts';

const MAX_FILE_BYTES = 16 * 1024;

/** How the key is to be kept from now on. */
export type SecretsChoice =
  | { readonly protection: 'keychain' }
  | { readonly protection: 'passphrase'; readonly passphrase: Secret }
  | { readonly protection: 'key-file' };

export interface AppSecretsOptions {
  /** The app's folder; it is there and private. */
  readonly directory: string;
  readonly keychain: Keychain;
  /** Whether whoever started the app hands the key in already (`SALLYPORT_KEY`): then it is theirs to keep. */
  readonly handedIn: boolean;
}

/**
 * The key of the outpost's secrets, wrapped in `key.json` by the system's keychain or a passphrase. Without that
 * file the outpost keeps its key in a file of its own.
 */
export class AppSecrets {
  readonly #file: string;
  readonly #options: AppSecretsOptions;
  readonly #unlocked = new Emitter<void>();
  #wrapped: WrappedKey | null = null;
  #key: Buffer | null = null;

  constructor(options: AppSecretsOptions) {
    this.#options = options;
    this.#file = join(options.directory, 'key.json');
  }

  /** Reads what is kept and opens it where the keychain can. Rejects with `token-unreadable`. */
  async load(): Promise<void> {
    if (this.#options.handedIn) return;
    const text = await readBoundedFile(this.#file, MAX_FILE_BYTES, this.#file).catch(missingIsNull);
    if (text === null) return;
    this.#wrapped = readWrappedKey(text.toString('utf8'));
    if (this.#wrapped.kind === 'keychain') this.#key = this.#options.keychain.unwrap(this.#wrapped);
  }

  /** The key to hand to an outpost of ours, as base64; null where it keeps its own or gets it from elsewhere. */
  get handOver(): string | null {
    return this.#key === null ? null : this.#key.toString('base64');
  }

  get locked(): boolean {
    return this.#wrapped !== null && this.#key === null;
  }

  /** Null where nothing is locked; else resolves when a passphrase has opened it. */
  untilUnlocked(): Promise<void> | null {
    if (!this.locked) return null;
    return new Promise((resolve) => {
      const leave = this.#unlocked.on(() => {
        leave();
        resolve();
      });
    });
  }

  /** `ofService`: what the outpost says of itself, where the app only attached to it. */
  state(ofService: 'key-file' | 'handed-in' | null): SecretsState {
    const keychain = this.#options.keychain.kind;
    const own = this.#options.handedIn ? 'handed-in' : (this.#wrapped?.kind ?? 'key-file');
    return { protection: ofService ?? own, keychain, locked: this.locked };
  }

  /** Rejects with `token-unreadable` for a wrong passphrase. */
  async unlock(passphrase: Secret): Promise<void> {
    if (this.#wrapped?.kind !== 'passphrase' || this.#key !== null) return;
    this.#key = await unwrapWithPassphrase(this.#wrapped, passphrase);
    this.#unlocked.emit();
  }

  /**
   * Keeps the key in another way. The wrapped key is on the disk before the outpost uses it, and goes after the
   * outpost has left it: whatever is cut short, one of the two opens the token.
   */
  async use(choice: SecretsChoice, control: ControlClient): Promise<void> {
    if (this.#options.handedIn)
      throw new SallyportError('settings-invalid', 'The key is handed in by whoever starts Sallyport.', {
        advice: 'Take SALLYPORT_KEY out of its environment to keep the key here.',
      });
    if (choice.protection === 'key-file') {
      await control.request('secrets/rekey', { key: null });
      await unlink(this.#file).catch(missingIsNull);
      this.#wrapped = null;
      this.#key = null;
      return;
    }
    const before = this.#key;
    const key = before ?? makeKey();
    const wrapped = await this.#wrap(key, choice);
    await writeFileAtomic(this.#file, `${JSON.stringify(wrapped)}\n`);
    // Wrapped another way it is still the same key, and the outpost need not know.
    if (before === null) await this.#handOver(key, control);
    this.#wrapped = wrapped;
    this.#key = key;
  }

  async #handOver(key: Buffer, control: ControlClient): Promise<void> {
    try {
      await control.request('secrets/rekey', { key: key.toString('base64') });
    } catch (error) {
      await unlink(this.#file).catch(missingIsNull);
      throw error;
    }
  }

  async #wrap(key: Buffer, choice: Exclude<SecretsChoice, { protection: 'key-file' }>): Promise<WrappedKey> {
    if (choice.protection === 'passphrase') return wrapWithPassphrase(key, choice.passphrase);
    const { kind } = this.#options.keychain;
    if (kind === 'real') return this.#options.keychain.wrap(key);
    const why = kind === 'basic' ? 'protects nothing: its password is known to everybody' : 'is not there';
    throw new SallyportError('settings-invalid', `The system’s keychain ${why}.`, {
      advice: 'Use a passphrase or a key file; on Linux, GNOME Keyring or KWallet would be one.',
    });
  }
}

function missingIsNull(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
