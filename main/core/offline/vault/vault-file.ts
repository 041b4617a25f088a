import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Secret } from '../../base/secret.ts';
import { seal, unseal } from '../../settings/envelope.ts';
import { PASSPHRASE_WRAP_FIELDS, WRAPPED_FIELDS } from '../../settings/passphrase-wrap.ts';
import { KEY_BYTES } from '../../settings/vault-key.ts';
import { type CredentialSecrets, packSecrets } from './credential.ts';
import { CREDENTIAL_LIMITS } from './limits.ts';
import { sealingEntry } from './sealing.ts';
import type { CredentialInfo } from './shapes.ts';

/*
 * `vault.json`: how the vault's key is kept, and the credentials, each in two envelopes: what is told of it, and
 * its secrets. An envelope is bound to its vault and its credential, so that none can be passed off as another's.
 */

const VERSION = 1;

const id = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/));
const envelope = v.pipe(v.string(), v.maxLength(128 * 1024));

const lock = v.variant('kind', [
  v.object({ kind: v.literal('passphrase'), ...PASSPHRASE_WRAP_FIELDS }),
  v.object({
    kind: v.literal('key-file'),
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
    ...WRAPPED_FIELDS,
  }),
  v.object({ kind: v.literal('keychain'), ...WRAPPED_FIELDS }),
]);

const entry = v.object({ id, info: envelope, secrets: envelope });

const vaultFile = v.object({
  version: v.literal(VERSION),
  id,
  lock,
  credentials: v.pipe(v.array(entry), v.maxLength(CREDENTIAL_LIMITS.credentials)),
  /** Missing in a vault that was made before there was one, until it is unlocked. */
  sealing: v.exactOptional(sealingEntry),
});
const newerFile = v.object({ version: v.pipe(v.number(), v.minValue(VERSION + 1)) });

export type VaultLock = v.InferOutput<typeof lock>;
export type VaultEntry = v.InferOutput<typeof entry>;
export type VaultFile = v.InferOutput<typeof vaultFile>;

export type ReadVault =
  | { readonly kind: 'vault'; readonly file: VaultFile }
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged' };

export function readVaultFile(text: string): ReadVault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'damaged' };
  }
  if (v.is(newerFile, value)) return { kind: 'newer' };
  const decoded = v.safeParse(vaultFile, value);
  return decoded.success ? { kind: 'vault', file: decoded.output } : { kind: 'damaged' };
}

export function writeVaultFile(file: VaultFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** A new key that credentials are encrypted with. */
export function makeDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

const infoSchema = v.object({
  name: v.string(),
  user: v.string(),
  domain: v.string(),
  hasPassword: v.boolean(),
  hasPrivateKey: v.boolean(),
  keyType: v.nullable(v.string()),
  hasPassphrase: v.boolean(),
  createdAt: v.number(),
  updatedAt: v.number(),
});

const secret = v.nullable(
  v.pipe(
    v.string(),
    v.transform((text) => new Secret(text)),
  ),
);
const secretsSchema = v.object({ password: secret, privateKey: secret, passphrase: secret });

export function sealEntry(
  vault: string,
  { id: of, ...info }: CredentialInfo,
  secrets: CredentialSecrets,
  key: Buffer,
): VaultEntry {
  return {
    id: of,
    info: seal(new Secret(JSON.stringify(info)), key, purpose(vault, of, 'info')),
    secrets: seal(packSecrets(secrets), key, purpose(vault, of, 'secrets')),
  };
}

/** What is told of a credential; null where its envelope does not open. */
export function openInfo(vault: string, { id: of, info }: VaultEntry, key: Buffer): CredentialInfo | null {
  const opened = opens(info, key, purpose(vault, of, 'info'), infoSchema);
  return opened === null ? null : { id: of, ...opened };
}

/** Its secrets; null where their envelope does not open. */
export function openSecrets(
  vault: string,
  { id: of, secrets }: VaultEntry,
  key: Buffer,
): CredentialSecrets | null {
  return opens(secrets, key, purpose(vault, of, 'secrets'), secretsSchema);
}

function opens<T>(text: string, key: Buffer, bound: string, schema: v.GenericSchema<unknown, T>): T | null {
  const opened = unseal(text, key, bound);
  if (opened.kind !== 'secret') return null;
  const decoded = v.safeParse(schema, JSON.parse(opened.secret.reveal()));
  return decoded.success ? decoded.output : null;
}

function purpose(vault: string, of: string, what: string): string {
  return `vault ${vault} credential ${of} ${what}`;
}

/** What the vault's own key is bound to, whatever it is wrapped with. */
export function keyPurpose(vault: string): string {
  return `sallyport vault ${vault}`;
}
