import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import {
  unwrapWithPassphrase as open,
  PASSPHRASE_WRAP_FIELDS,
  wrapWithPassphrase as wrap,
} from '../core/settings/passphrase-wrap.ts';
import { KEY_BYTES } from '../core/settings/vault-key.ts';

const PURPOSE = 'sallyport key 1';

/** The key, wrapped. */
const wrapped = v.variant('kind', [
  v.object({
    version: v.literal(1),
    kind: v.literal('keychain'),
    wrapped: v.pipe(v.string(), v.maxLength(4096), v.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
  }),
  v.object({ version: v.literal(1), kind: v.literal('passphrase'), ...PASSPHRASE_WRAP_FIELDS }),
]);

export type WrappedKey = v.InferOutput<typeof wrapped>;

/** Reads what `key.json` holds. Throws `token-unreadable` for anything else. */
export function readWrappedKey(text: string): WrappedKey {
  try {
    const decoded = v.safeParse(wrapped, JSON.parse(text));
    if (decoded.success) return decoded.output;
  } catch {
    // Told below.
  }
  throw new SallyportError(
    'token-unreadable',
    'The file with the wrapped key is damaged or from a newer Sallyport.',
    {
      advice: 'Bring it back from a backup, or choose anew how secrets are kept and give the token again.',
    },
  );
}

/** A new key. */
export function makeKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

export async function wrapWithPassphrase(key: Buffer, passphrase: Secret): Promise<WrappedKey> {
  return { version: 1, kind: 'passphrase', ...(await wrap(key, passphrase, PURPOSE)) };
}

/** Rejects with `token-unreadable` for a wrong passphrase, and for a file that was tampered with. */
export async function unwrapWithPassphrase(
  key: Extract<WrappedKey, { kind: 'passphrase' }>,
  passphrase: Secret,
): Promise<Buffer> {
  const opened = await open(key, passphrase, PURPOSE);
  if (opened !== null) return opened;
  throw new SallyportError('token-unreadable', 'That is not the passphrase.', {
    advice: 'Try again; if it is lost, use a key file and give the token anew.',
  });
}
