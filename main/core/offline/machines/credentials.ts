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
export interface CredentialVault {
  /** False: nothing can be kept or read now. */
  readonly isUnlocked: boolean;
  /** Resolves with the new credential's id. Rejects where the vault is locked or cannot be written. */
  keepCredential(name: string, fields: CredentialFields): Promise<string>;
  /** For an export with secrets; null where there is no such credential. Rejects where the vault is locked. */
  revealCredential(id: string): Promise<CredentialFields | null>;
}
