import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import * as v from 'valibot';
import type { Secret } from '../base/secret.ts';
import { KEY_BYTES } from './vault-key.ts';

/** scrypt as OWASP asks for: 128 MiB and about half a second for each guess. */
export const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;

const base64 = v.pipe(v.string(), v.maxLength(4096), v.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/** A key under another key, as JSON: 32 bytes and AES-256-GCM's tag in `wrapped`. */
export const WRAPPED_FIELDS = { nonce: base64, wrapped: base64 } as const;

/** The same under a passphrase. The parameters of scrypt are in the file, so that they can grow. */
export const PASSPHRASE_WRAP_FIELDS = {
  scrypt: v.object({
    // A file that asks for more could keep the process busy for ever.
    N: v.pipe(v.number(), v.integer(), v.minValue(2 ** 14), v.maxValue(2 ** 20)),
    r: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    p: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
  }),
  salt: base64,
  ...WRAPPED_FIELDS,
} as const;

export interface Wrapped {
  readonly nonce: string;
  readonly wrapped: string;
}

export interface PassphraseWrapped extends Wrapped {
  readonly scrypt: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: string;
}

/** Encrypts a key with another. `purpose` is bound in: what was wrapped for one does not open for another. */
export function wrapKey(key: Buffer, wrappingKey: Buffer, purpose: string): Wrapped {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), wrapped: body.toString('base64') };
}

/** The key again; null for another wrapping key or purpose, and where something was tampered with. */
export function unwrapKey({ nonce, wrapped }: Wrapped, wrappingKey: Buffer, purpose: string): Buffer | null {
  try {
    const body = Buffer.from(wrapped, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey, Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    const key = Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]);
    return key.length === KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}

/** Encrypts a key with what scrypt makes of a passphrase; in a thread of its own, so nothing waits for it. */
export async function wrapWithPassphrase(
  key: Buffer,
  passphrase: Secret,
  purpose: string,
): Promise<PassphraseWrapped> {
  const salt = randomBytes(SALT_BYTES);
  const derived = await derive(passphrase, salt, SCRYPT);
  return { scrypt: SCRYPT, salt: salt.toString('base64'), ...wrapKey(key, derived, purpose) };
}

/** The key again; null for a wrong passphrase, and where something was tampered with. */
export async function unwrapWithPassphrase(
  wrapped: PassphraseWrapped,
  passphrase: Secret,
  purpose: string,
): Promise<Buffer | null> {
  const derived = await derive(passphrase, Buffer.from(wrapped.salt, 'base64'), wrapped.scrypt);
  return unwrapKey(wrapped, derived, purpose);
}

function derive(passphrase: Secret, salt: Buffer, { N, r, p }: PassphraseWrapped['scrypt']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same passphrase may be typed composed or decomposed.
    scrypt(
      passphrase.reveal().normalize('NFKC'),
      salt,
      KEY_BYTES,
      // Node's own bound is 32 MiB.
      { N, r, p, maxmem: 128 * N * r + 64 * 1024 * 1024 },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}
