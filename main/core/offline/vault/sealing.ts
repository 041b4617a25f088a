import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import * as v from 'valibot';
import { Secret } from '../../base/secret.ts';
import { seal, unseal } from '../../settings/envelope.ts';

/*
 * What can be sealed while the vault is locked, and opened only while it is not: the vault keeps an X25519 key whose
 * public half lies in its file in clear. A content key is encrypted with AES-256-GCM under HKDF-SHA256 of the secret
 * that an ephemeral key agrees on with it; both public halves and what it is for are bound in.
 */

const ALGORITHM = 'x25519-hkdf-sha256-aes-256-gcm';
const TAG_BYTES = 16;
/** The key encrypts one message only, for the ephemeral key is new each time. */
const NONCE = Buffer.alloc(12);

const publicKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));

/** As it lies in the vault's file. */
export const sealingEntry = v.object({
  /** 32 bytes as base64url. */
  publicKey,
  /** PKCS #8 as base64, in an envelope of the vault's own key. */
  privateKey: v.pipe(v.string(), v.maxLength(4096)),
});
export type SealingEntry = v.InferOutput<typeof sealingEntry>;

const sealedKey = v.object({
  algorithm: v.literal(ALGORITHM),
  vault: v.string(),
  ephemeral: publicKey,
  /** The content key, encrypted, with its tag; base64. */
  key: v.pipe(v.string(), v.maxLength(1024)),
});
/** A content key that only the vault `vault` opens. */
export type SealedKey = v.InferOutput<typeof sealedKey>;

export function makeSealing(vault: string, key: Buffer): SealingEntry {
  const { privateKey, publicKey: open } = generateKeyPairSync('x25519');
  const text = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return { publicKey: rawOf(open), privateKey: seal(new Secret(text), key, purpose(vault)) };
}

/** The same key under another key of the vault; null where the old one does not open it. */
export function resealSealing(
  vault: string,
  { publicKey: open, privateKey }: SealingEntry,
  old: Buffer,
  key: Buffer,
): SealingEntry | null {
  const opened = unseal(privateKey, old, purpose(vault));
  return opened.kind === 'secret'
    ? { publicKey: open, privateKey: seal(opened.secret, key, purpose(vault)) }
    : null;
}

/** Whether the public half is the one that the vault itself put there. */
export function isOwnSealing(vault: string, entry: SealingEntry, key: Buffer): boolean {
  const own = privateOf(vault, entry, key);
  return own !== null && rawOf(createPublicKey(own)) === entry.publicKey;
}

/** Seals `content` for the vault. What is `for` must be said again when it is opened. */
export function sealKey(
  vault: string,
  { publicKey: to }: SealingEntry,
  content: Buffer,
  use: string,
): SealedKey {
  const { privateKey, publicKey: open } = generateKeyPairSync('x25519');
  const ephemeral = rawOf(open);
  const key = agreed(privateKey, keyOf(to), ephemeral, to);
  const cipher = createCipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(vault, use));
  const sealed = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return { algorithm: ALGORITHM, vault, ephemeral, key: sealed.toString('base64') };
}

/** What was sealed; null where it was for another vault or use, or was changed. */
export function openSealedKey(
  vault: string,
  entry: SealingEntry,
  vaultKey: Buffer,
  named: unknown,
  use: string,
): Buffer | null {
  const decoded = v.safeParse(sealedKey, named);
  const own = privateOf(vault, entry, vaultKey);
  if (!decoded.success || own === null || decoded.output.vault !== vault) return null;
  const { ephemeral, key: text } = decoded.output;
  const sealed = Buffer.from(text, 'base64');
  if (sealed.length < TAG_BYTES) return null;
  try {
    const key = agreed(own, keyOf(ephemeral), ephemeral, rawOf(createPublicKey(own)));
    const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(vault, use));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const content = Buffer.concat([
      decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
    key.fill(0);
    return content;
  } catch {
    return null;
  }
}

function agreed(mine: KeyObject, theirs: KeyObject, ephemeral: string, recipient: string): Buffer {
  const secret = diffieHellman({ privateKey: mine, publicKey: theirs });
  const info = Buffer.from(`sallyport ${ALGORITHM} ${ephemeral} ${recipient}`);
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32));
}

function privateOf(vault: string, { privateKey }: SealingEntry, key: Buffer): KeyObject | null {
  const opened = unseal(privateKey, key, purpose(vault));
  if (opened.kind !== 'secret') return null;
  try {
    const der = Buffer.from(opened.secret.reveal(), 'base64');
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    return null;
  }
}

function keyOf(raw: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: raw }, format: 'jwk' });
}

function rawOf(key: KeyObject): string {
  return String(key.export({ format: 'jwk' }).x);
}

function purpose(vault: string): string {
  return `vault ${vault} sealing key`;
}

function boundTo(vault: string, use: string): Buffer {
  return Buffer.from(`sallyport vault ${vault} seals ${use}`);
}
