import { isAbsolute } from 'node:path';
import type { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import {
  unwrapKey,
  unwrapWithPassphrase,
  wrapKey,
  wrapWithPassphrase,
} from '../../settings/passphrase-wrap.ts';
import { readKey, readOrMakeKey } from '../../settings/vault-key.ts';
import { PASSPHRASE_LIMITS } from './limits.ts';
import { keyPurpose, type VaultLock } from './vault-file.ts';

/** What a vault's key is to be kept by. */
export type Protection =
  | { readonly kind: 'passphrase'; readonly passphrase: Secret }
  /** Made where it is missing; an absolute path. */
  | { readonly kind: 'key-file'; readonly path: string }
  /** 32 bytes that whoever asks has from the system's keychain. */
  | { readonly kind: 'keychain'; readonly key: Buffer };

/** What a vault is opened with. */
export type Opener =
  | { readonly kind: 'passphrase'; readonly passphrase: Secret }
  | { readonly kind: 'key-file' }
  | { readonly kind: 'keychain'; readonly key: Buffer };

/** Rejects with `request-invalid` for a passphrase that is too short, and as `keyOfFile` does. */
export async function lockWith(protection: Protection, vault: string, key: Buffer): Promise<VaultLock> {
  const purpose = keyPurpose(vault);
  switch (protection.kind) {
    case 'passphrase':
      checkPassphrase(protection.passphrase);
      return { kind: 'passphrase', ...(await wrapWithPassphrase(key, protection.passphrase, purpose)) };
    case 'key-file': {
      const { path } = protection;
      if (!isAbsolute(path))
        throw new SallyportError('request-invalid', 'The path of the key file is not a whole one.', {
          advice: 'Give it from the root on, such as /media/usb/sallyport.key.',
        });
      return {
        kind: 'key-file',
        path,
        ...wrapKey(key, await keyOfFile(path, () => readOrMakeKey(path)), purpose),
      };
    }
    case 'keychain':
      return { kind: 'keychain', ...wrapKey(key, protection.key, purpose) };
    default:
      return protection satisfies never;
  }
}

/**
 * The vault's key. Null for a wrong passphrase; rejects with `vault-refused` for another kind of opener and
 * `vault-unreadable` for a key that is missing or another one.
 */
export async function unlockWith(lock: VaultLock, vault: string, opener: Opener): Promise<Buffer | null> {
  const purpose = keyPurpose(vault);
  if (lock.kind === 'passphrase') {
    if (opener.kind !== 'passphrase') throw otherKind(lock.kind);
    return unwrapWithPassphrase(lock, opener.passphrase, purpose);
  }
  if (lock.kind === 'key-file') {
    if (opener.kind !== 'key-file') throw otherKind(lock.kind);
    const { path } = lock;
    const fileKey = await keyOfFile(path, () => readKey(path));
    return unwrapKey(lock, fileKey, purpose) ?? otherKey(`The key file ${path}`);
  }
  if (opener.kind !== 'keychain') throw otherKind(lock.kind);
  return unwrapKey(lock, opener.key, purpose) ?? otherKey('What the system’s keychain holds');
}

function checkPassphrase(passphrase: Secret): void {
  const { length } = [...passphrase.reveal()];
  if (length < PASSPHRASE_LIMITS.least)
    throw new SallyportError(
      'request-invalid',
      `The passphrase is shorter than ${PASSPHRASE_LIMITS.least} characters.`,
      { advice: 'Take several words that do not belong together: length is what counts.' },
    );
  if (length > PASSPHRASE_LIMITS.most)
    throw new SallyportError(
      'request-invalid',
      `The passphrase is longer than ${PASSPHRASE_LIMITS.most} characters.`,
    );
}

/** The sentences of `vault-key.ts` speak of the token. Rejects with `vault-unreadable`. */
async function keyOfFile(path: string, read: () => Promise<Buffer | null>): Promise<Buffer> {
  let key: Buffer | null;
  try {
    key = await read();
  } catch (error) {
    const { message, cause } = SallyportError.from(error, `The key file ${path}`);
    throw new SallyportError('vault-unreadable', message, { advice: BRING_BACK, cause });
  }
  if (key !== null) return key;
  throw new SallyportError('vault-unreadable', `The key file ${path} is missing.`, { advice: BRING_BACK });
}

const BRING_BACK =
  'Bring the file back, or the disk that it lies on. Without it nobody can open what the vault holds.';

function otherKey(what: string): never {
  throw new SallyportError('vault-unreadable', `${what} is not the key of this vault.`, {
    advice: BRING_BACK,
  });
}

function otherKind(kind: VaultLock['kind']): SallyportError {
  const by = {
    passphrase: 'with a passphrase',
    'key-file': 'with a key file',
    keychain: 'from the app, which has its key in the system’s keychain',
  }[kind];
  return new SallyportError('vault-refused', `This vault is opened ${by}.`);
}
