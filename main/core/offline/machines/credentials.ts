import type { Secret } from '../../base/secret.ts';
import type { CredentialUse } from './machine.ts';

/** A credential's fields; what is left out is asked for when it is needed. */
export interface CredentialFields {
  readonly user?: string;
  readonly password?: Secret;
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** Of Windows. */
  readonly domain?: string;
}

/** A machine's credentials, by what they are for. */
export type CredentialsByUse = { readonly [Use in CredentialUse]?: CredentialFields };

export interface NamedCredential {
  readonly name: string;
  readonly fields: CredentialFields;
}

/** What became of a credential that was to be kept. */
export interface KeptCredential {
  readonly id: string;
  /** False: the vault had the very same one already. */
  readonly isNew: boolean;
}

/** What the address book asks of the vault. */
export interface CredentialVault {
  /** False: nothing can be kept or read now. */
  readonly isUnlocked: boolean;
  /**
   * Resolves with where they are, in their order; one that the vault has to the letter is not kept twice. Rejects where
   * one of them cannot be kept, the vault is locked or cannot be written; then none is.
   */
  keepCredentials(many: readonly NamedCredential[]): Promise<readonly KeptCredential[]>;
  /** Takes them back. Rejects where the vault is locked or cannot be written. */
  forgetCredentials(ids: readonly string[]): Promise<void>;
  /** For an export with secrets; null where there is no such credential. Rejects where the vault is locked. */
  namedCredential(id: string): Promise<NamedCredential | null>;
}
