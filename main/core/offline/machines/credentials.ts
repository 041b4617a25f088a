import type { Secret } from '../../base/secret.ts';

/** A credential's fields; what is left out is asked for when it is needed. */
export interface CredentialFields {
  readonly user?: string;
  readonly password?: Secret;
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** Of Windows. */
  readonly domain?: string;
}

/** What the address book asks of the vault. */
export interface NamedCredential {
  readonly name: string;
  readonly fields: CredentialFields;
}

export interface CredentialVault {
  /** False: nothing can be kept or read now. */
  readonly isUnlocked: boolean;
  /**
   * Resolves with the new credentials' ids, in their order. Rejects where one of them cannot be kept, the vault is locked
   * or cannot be written; then none is.
   */
  keepCredentials(many: readonly NamedCredential[]): Promise<readonly string[]>;
  /** Takes them back. Rejects where the vault is locked or cannot be written. */
  forgetCredentials(ids: readonly string[]): Promise<void>;
  /** For an export with secrets; null where there is no such credential. Rejects where the vault is locked. */
  revealCredential(id: string): Promise<CredentialFields | null>;
}
