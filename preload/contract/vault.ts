import * as v from 'valibot';
import type { CredentialInfo, VaultState } from '../../main/core/offline/vault/shapes.ts';
import { takes } from './request.ts';
import type { SecretsState } from './types.ts';

const nothing = v.strictObject({});
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const short = v.pipe(v.string(), v.maxLength(4096));
const passphrase = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
/** A key file that somebody pasted, and far more than a password. */
const secret = v.nullable(v.pipe(v.string(), v.maxLength(128 * 1024)));

/** The keychain’s key is made, kept and brought by the main side. */
const protection = v.variant('kind', [
  v.strictObject({ kind: v.literal('passphrase'), passphrase }),
  v.strictObject({ kind: v.literal('key-file'), path: v.exactOptional(short) }),
  v.strictObject({ kind: v.literal('keychain') }),
]);

export interface VaultView {
  readonly state: VaultState;
  readonly keychain: SecretsState['keychain'];
}

/** The requests about the vault: secrets go in, and never come out. */
export const VAULT_REQUESTS = {
  'vault/state': takes(nothing).gives<VaultView>(),
  'vault/create': takes(v.strictObject({ protection })).gives<VaultView>(),
  /** Without a passphrase: by what else opens it. */
  'vault/unlock': takes(v.strictObject({ passphrase: v.exactOptional(passphrase) })).gives<VaultView>(),
  'vault/lock': takes(nothing).gives<VaultView>(),
  'vault/change': takes(
    v.strictObject({ current: v.exactOptional(passphrase), next: protection }),
  ).gives<VaultView>(),
  'vault/credentials': takes(nothing).gives<{ readonly credentials: readonly CredentialInfo[] }>(),
  /** Of a secret that is left out the old one stays; null takes it away. */
  'vault/credential/put': takes(
    v.strictObject({
      id: v.nullable(id),
      credential: v.strictObject({
        name: short,
        user: short,
        domain: short,
        password: v.exactOptional(secret),
        privateKey: v.exactOptional(secret),
        passphrase: v.exactOptional(secret),
      }),
    }),
  ).gives<CredentialInfo>(),
  'vault/credential/remove': takes(v.strictObject({ id })).gives<Readonly<Record<string, never>>>(),
} as const;
