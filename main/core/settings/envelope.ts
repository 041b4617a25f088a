import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Secret } from '../base/secret.ts';

const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const base64 = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]*={0,2}$/),
  v.transform((text) => Buffer.from(text, 'base64')),
);
const exactly = (bytes: number) =>
  v.pipe(
    base64,
    v.check((buffer) => buffer.length === bytes),
  );
const envelopeSchema = v.object({
  version: v.literal(VERSION),
  algorithm: v.literal(ALGORITHM),
  nonce: exactly(NONCE_BYTES),
  tag: exactly(TAG_BYTES),
  data: base64,
});
const noteSchema = v.object({ key: v.literal('handed-in') });
const versionSchema = v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(VERSION + 1)) });

export type Opened =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | { readonly kind: 'newer' }
  /** It is no envelope. */
  | { readonly kind: 'damaged' }
  /** Another key, another purpose, or somebody changed it. */
  | { readonly kind: 'locked' };

/**
 * Encrypts a secret. `purpose` is bound to it: an envelope made for one cannot be passed off as another's.
 * `handedIn` notes that no file has the key, for the sentence of whoever looks for one.
 */
export function seal(secret: Secret, key: Buffer, purpose: string, handedIn = false): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(purpose));
  const data = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
  const envelope = {
    version: VERSION,
    algorithm: ALGORITHM,
    ...(handedIn && { key: 'handed-in' }),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(envelope, null, 2)}\n`;
}

/** Decrypts what `seal` made. Never throws. */
export function unseal(text: string, key: Buffer, purpose: string): Opened {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'damaged' };
  }
  if (v.is(versionSchema, value)) return { kind: 'newer' };
  const envelope = v.safeParse(envelopeSchema, value);
  if (!envelope.success) return { kind: 'damaged' };
  const { nonce, tag, data } = envelope.output;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(purpose));
    decipher.setAuthTag(tag);
    const clear = Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
    return { kind: 'secret', secret: new Secret(clear) };
  } catch {
    return { kind: 'locked' };
  }
}

/** Whether an envelope says that its key was handed in. It is a hint: nothing vouches for it. */
export function notesHandedIn(text: string): boolean {
  try {
    return v.is(noteSchema, JSON.parse(text));
  } catch {
    return false;
  }
}

function boundTo(purpose: string): Buffer {
  return Buffer.from(`sallyport ${purpose} v${VERSION}`, 'utf8');
}
