import * as v from 'valibot';
import type { CredentialInfo, VaultState } from '../core/offline/vault/shapes.ts';

/* The vault as it crosses the control socket: secrets go in, and never come out. */

const nothing = v.object({});
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** What is asked for is judged with sentences by the vault; here only its shape and size are. */
const short = v.pipe(v.string(), v.maxLength(4096));
const secret = v.pipe(v.string(), v.maxLength(128 * 1024));
const key = v.pipe(v.string(), v.length(44));
const moment = v.number();

const protectionKind = v.picklist(['passphrase', 'key-file', 'keychain']);

const state: v.GenericSchema<unknown, VaultState> = v.variant('kind', [
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('locked'), protection: protectionKind }),
  v.object({ kind: v.literal('unlocked'), protection: protectionKind, until: moment }),
]);

/** `path` is left out for a key file inside the state directory; a keychain’s key is 32 bytes as base64. */
export const protection = v.variant('kind', [
  v.object({ kind: v.literal('passphrase'), passphrase: short }),
  v.object({ kind: v.literal('key-file'), path: v.exactOptional(short) }),
  v.object({ kind: v.literal('keychain'), key }),
]);

export const opener = v.variant('kind', [
  v.object({ kind: v.literal('passphrase'), passphrase: short }),
  v.object({ kind: v.literal('key-file') }),
  v.object({ kind: v.literal('keychain'), key }),
]);

const credential: v.GenericSchema<unknown, CredentialInfo> = v.object({
  id: v.string(),
  name: v.string(),
  user: v.string(),
  domain: v.string(),
  hasPassword: v.boolean(),
  hasPrivateKey: v.boolean(),
  keyType: v.nullable(v.string()),
  hasPassphrase: v.boolean(),
  createdAt: moment,
  updatedAt: moment,
});

/** Of a secret that is left out the old one stays; null takes it away. */
export const credentialDraft = v.object({
  name: short,
  user: short,
  domain: short,
  password: v.exactOptional(v.nullable(secret)),
  privateKey: v.exactOptional(v.nullable(secret)),
  passphrase: v.exactOptional(v.nullable(secret)),
});

export const VAULT_REQUESTS = {
  'vault/state': { params: nothing, result: state },
  /** Tells of each change by `vault/changed`. */
  'vault/subscribe': { params: nothing, result: state },
  'vault/create': { params: v.object({ protection }), result: state },
  'vault/unlock': { params: v.object({ opener }), result: state },
  'vault/lock': {
    params: v.object({ because: v.exactOptional(v.picklist(['asked', 'sleep', 'screen'])) }),
    result: state,
  },
  /** Everything is encrypted anew; what opens it now is asked for, also while it is unlocked. */
  'vault/change': { params: v.object({ current: opener, next: protection }), result: state },
  'vault/credentials': {
    params: nothing,
    result: v.object({ credentials: v.pipe(v.array(credential), v.readonly()) }),
  },
  'vault/credential/put': {
    params: v.object({ id: v.nullable(id), credential: credentialDraft }),
    result: credential,
  },
  'vault/credential/remove': { params: v.object({ id }), result: nothing },
} as const;

export const VAULT_NOTIFICATIONS = {
  'vault/changed': state,
} as const;

export type Opener = v.InferOutput<typeof opener>;
export type ProtectionWish = v.InferOutput<typeof protection>;
export type CredentialWish = v.InferOutput<typeof credentialDraft>;
