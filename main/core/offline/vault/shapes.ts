import type { Moment } from '../../status.ts';

/** What a vault is opened with. */
export type ProtectionKind = 'passphrase' | 'key-file' | 'keychain';

export type VaultState =
  | { readonly kind: 'none' }
  | { readonly kind: 'locked'; readonly protection: ProtectionKind }
  | { readonly kind: 'unlocked'; readonly protection: ProtectionKind; readonly until: Moment };

/** What is told of a credential: nothing of it is secret. */
export interface CredentialInfo {
  readonly id: string;
  readonly name: string;
  /** Empty: the machine's own, or asked for. */
  readonly user: string;
  /** Of Windows; empty for none. */
  readonly domain: string;
  readonly hasPassword: boolean;
  readonly hasPrivateKey: boolean;
  /** `ssh-ed25519`, `ssh-rsa` …; null where there is no key, or one that only its passphrase tells of. */
  readonly keyType: string | null;
  /** Whether the key's passphrase is kept as well. */
  readonly hasPassphrase: boolean;
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
}
