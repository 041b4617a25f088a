import { createDecipheriv } from 'node:crypto';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';

const MAGIC = Buffer.from('openssh-key-v1\0');
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';
/** What a key may cost to open; `ssh-keygen` takes 16 or 24 where nobody asks for more. */
const MAX_ROUNDS = 1_000;

/** Ciphers that libssh2, and with it guacd, opens such files with: bytes of key and of the first block. */
const CIPHERS: Readonly<
  Record<string, { readonly node: string; readonly key: number; readonly block: number }>
> = {
  'aes128-ctr': { node: 'aes-128-ctr', key: 16, block: 16 },
  'aes192-ctr': { node: 'aes-192-ctr', key: 24, block: 16 },
  'aes256-ctr': { node: 'aes-256-ctr', key: 32, block: 16 },
  'aes128-cbc': { node: 'aes-128-cbc', key: 16, block: 16 },
  'aes192-cbc': { node: 'aes-192-cbc', key: 24, block: 16 },
  'aes256-cbc': { node: 'aes-256-cbc', key: 32, block: 16 },
};

/** A private key in OpenSSH's own format, as far as it can be read without its passphrase. */
export interface OpensshFile {
  /** `ssh-ed25519`, `ssh-rsa` …, as the public half says. */
  readonly type: string;
  /** Null where it is not encrypted. */
  readonly encryption: { readonly cipher: string; readonly salt: Buffer; readonly rounds: number } | null;
  /** Both halves of the key, encrypted or not. */
  readonly body: Buffer;
}

/** Reads a key file's text; null where it is none, or damaged. Source: OpenSSH's PROTOCOL.key. */
export function readOpensshFile(text: string): OpensshFile | null {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin === -1 || end === -1) return null;
  const base64 = text.slice(begin + BEGIN.length, end).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  try {
    const wire = new Wire(bytes.subarray(MAGIC.length));
    const cipher = wire.string().toString('latin1');
    const kdf = wire.string().toString('latin1');
    const options = wire.string();
    if (wire.number() !== 1) return null;
    const type = new Wire(wire.string()).string().toString('latin1');
    const body = wire.string();
    if (cipher === 'none') return kdf === 'none' ? { type, encryption: null, body } : null;
    const inner = new Wire(options);
    return { type, encryption: { cipher, salt: inner.string(), rounds: inner.number() }, body };
  } catch {
    return null;
  }
}

/** What comes of trying a passphrase on an encrypted file. */
export type Opening = 'opened' | 'wrong-passphrase' | 'damaged' | 'cipher-unknown';

/** Whether the passphrase opens it. The key itself is not given out. */
export async function openOpensshFile(
  { encryption, body }: OpensshFile,
  passphrase: Buffer,
): Promise<Opening> {
  if (encryption === null) return checkNumbersMatch(body) ? 'opened' : 'damaged';
  const cipher = CIPHERS[encryption.cipher];
  if (cipher === undefined) return 'cipher-unknown';
  const { salt, rounds } = encryption;
  if (rounds < 1 || rounds > MAX_ROUNDS || body.length === 0 || body.length % cipher.block !== 0)
    return 'damaged';
  const material = await bcryptPbkdf(passphrase, salt, rounds, cipher.key + cipher.block);
  const decipher = createDecipheriv(
    cipher.node,
    material.subarray(0, cipher.key),
    material.subarray(cipher.key),
  ).setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(body), decipher.final()]);
  return checkNumbersMatch(clear) ? 'opened' : 'wrong-passphrase';
}

/** A random number stands there twice, so that one can tell. */
function checkNumbersMatch(clear: Buffer): boolean {
  return clear.length >= 8 && clear.readUInt32BE(0) === clear.readUInt32BE(4);
}

class Wire {
  #rest: Buffer;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  /** Throws `RangeError` at the end, as does `string`. */
  number(): number {
    const value = this.#rest.readUInt32BE(0);
    this.#rest = this.#rest.subarray(4);
    return value;
  }

  string(): Buffer {
    const length = this.number();
    if (length > this.#rest.length) throw new RangeError('It ends in the middle of a string.');
    const value = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return value;
  }
}
