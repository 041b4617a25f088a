import { safeStorage } from 'electron';
import type { SecretsState } from '../../preload/contract/types.ts';
import { SallyportError } from '../core/errors.ts';
import { KEY_BYTES } from '../core/settings/vault-key.ts';
import type { WrappedKey } from './key-wrap.ts';

/** The system's keychain, as far as it protects anything. Ask when the app is ready. */
export interface Keychain {
  readonly kind: SecretsState['keychain'];
  wrap(key: Buffer): WrappedKey;
  /** Throws `token-unreadable`. */
  unwrap(wrapped: Extract<WrappedKey, { kind: 'keychain' }>): Buffer;
}

export const systemKeychain: Keychain = {
  get kind() {
    if (!safeStorage.isEncryptionAvailable()) return 'missing';
    // On Linux without a keyring Chromium encrypts with a password that is in its source.
    if (process.platform !== 'linux') return 'real';
    // Electron 22 cannot tell; there, encryption is only available with a real one.
    if (typeof safeStorage.getSelectedStorageBackend !== 'function') return 'real';
    const backend = safeStorage.getSelectedStorageBackend();
    return backend === 'basic_text' || backend === 'unknown' ? 'basic' : 'real';
  },
  wrap: (key) => ({
    version: 1,
    kind: 'keychain',
    wrapped: safeStorage.encryptString(key.toString('base64')).toString('base64'),
  }),
  unwrap: ({ wrapped }) => {
    try {
      const key = Buffer.from(safeStorage.decryptString(Buffer.from(wrapped, 'base64')), 'base64');
      if (key.length === KEY_BYTES) return key;
    } catch {
      // Told below.
    }
    throw new SallyportError(
      'token-unreadable',
      'The system’s keychain does not open the key of the outpost’s secrets.',
      {
        advice: 'Unlock the keychain and start Sallyport again, or choose anew how secrets are kept.',
      },
    );
  },
};
