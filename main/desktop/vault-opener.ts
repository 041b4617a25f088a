import type { VaultView } from '../../preload/contract/vault.ts';
import type { Opener } from '../control/vault-schema.ts';
import type { Keychain } from './keychain.ts';
import type { OutpostDesk } from './outpost-desk.ts';
import { VaultKeyFile } from './vault-key-file.ts';

type VaultState = VaultView['state'];

export interface VaultOpenerOptions {
  /** The app's own folder; it is there and private. */
  readonly directory: string;
  readonly keychain: Keychain;
}

/** For requests about the vault: a slow machine takes seconds for scrypt, and others may be before us. */
export const SLOW = { timeoutMs: 60_000 } as const;

/** Opens the vault of the outpost at hand, for whichever window asks. */
export class VaultOpener {
  readonly #desk: Pick<OutpostDesk, 'host'>;
  readonly #options: VaultOpenerOptions;

  constructor(desk: Pick<OutpostDesk, 'host'>, options: VaultOpenerOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  get keychain(): Keychain {
    return this.#options.keychain;
  }

  /** Where the keychain's key of this outpost's vault is kept. */
  get keyFile(): VaultKeyFile {
    const { directory, keychain } = this.#options;
    return new VaultKeyFile(directory, this.#desk.host.address, keychain);
  }

  state(): Promise<VaultState> {
    return this.#desk.host.control.request('vault/state', {});
  }

  /**
   * Unlocks it by what it is protected with: the passphrase counts where that is one. Rejects with `vault-missing`,
   * `vault-refused` (wrong, or too soon after a wrong one) or `vault-unreadable`.
   */
  async unlock(passphrase: string | undefined): Promise<VaultState> {
    const opener = await this.opener(await this.state(), passphrase);
    return this.#desk.host.control.request('vault/unlock', { opener }, SLOW);
  }

  /** What opens a vault that is in this state. Rejects with `vault-unreadable` where the keychain does not. */
  async opener(state: VaultState, passphrase: string | undefined): Promise<Opener> {
    // The outpost says in words what is wrong with it.
    if (state.kind === 'none' || state.protection === 'key-file') return { kind: 'key-file' };
    if (state.protection === 'keychain') return { kind: 'keychain', key: await this.keyFile.read() };
    return { kind: 'passphrase', passphrase: passphrase ?? '' };
  }
}
