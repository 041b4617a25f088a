import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import {
  PASSPHRASE_WRAP_FIELDS,
  unwrapWithPassphrase,
  wrapWithPassphrase,
} from '../settings/passphrase-wrap.ts';

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;
/** A file comes from anywhere: what it asks of scrypt is bounded more tightly than a file of our own, to 256 MiB. */
const MOST_SCRYPT = 2 ** 21;

const base64 = (most: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/), v.maxLength(most));

const sealedSchema = v.object({
  cipher: v.literal(CIPHER),
  /** The data's own key, under the passphrase. */
  key: v.pipe(
    v.object(PASSPHRASE_WRAP_FIELDS),
    v.check(({ scrypt: { N, r } }) => Number.isInteger(Math.log2(N)) && N * r <= MOST_SCRYPT),
  ),
  nonce: v.pipe(base64(16), v.length(16)),
  /** With the tag at its end. */
  data: base64(64 * 1024 * 1024),
});

/** Text that only who knows the passphrase can read or change, as plain JSON. */
export type Sealed = v.InferOutput<typeof sealedSchema>;

/** `purpose` is bound in: what was sealed for one purpose does not open for another. */
export async function seal(text: string, passphrase: Secret, purpose: string): Promise<Sealed> {
  const key = randomBytes(32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    cipher: CIPHER,
    key: await wrapWithPassphrase(key, passphrase, purpose),
    nonce: nonce.toString('base64'),
    data: data.toString('base64'),
  };
}

/** The text again. Rejects with `request-invalid` for what is not sealed so, and for a wrong passphrase. */
export async function unseal(sealed: unknown, passphrase: Secret, purpose: string): Promise<string> {
  const decoded = v.safeParse(sealedSchema, sealed);
  if (!decoded.success) throw sealedDamaged();
  const { nonce, data } = decoded.output;
  const key = await unwrapWithPassphrase(decoded.output.key, passphrase, purpose);
  if (key === null) throw doesNotOpen();
  try {
    const bytes = Buffer.from(data, 'base64');
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw doesNotOpen();
  }
}

export function sealedDamaged(): SallyportError {
  return new SallyportError(
    'request-invalid',
    'The encrypted part of the file is damaged, or of a newer version.',
  );
}

function doesNotOpen(): SallyportError {
  return new SallyportError(
    'request-invalid',
    'The passphrase is wrong, or the encrypted part was changed.',
    {
      advice: 'Type the passphrase that was given when it was exported.',
    },
  );
}
