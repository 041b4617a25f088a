import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { sshString, uint32 } from './wire.ts';

const TYPE = 'ssh-ed25519';
/** What the unencrypted part is filled up to. Source: OpenSSH's PROTOCOL.key. */
const BLOCK_BYTES = 8;
const LINE_CHARACTERS = 70;

/** A key pair of one login, which is never kept. */
export interface LoginKey {
  /** The public key's 32 bytes. */
  readonly publicBytes: Buffer;
  /** The public key as SSH has it on the wire. */
  readonly blob: Buffer;
  /** The private key as OpenSSH writes it to a file, without a passphrase. */
  readonly pem: string;
  /** A signature as SSH has it on the wire. */
  sign(data: Buffer): Buffer;
}

/** Makes a new Ed25519 key. */
export async function createLoginKey(): Promise<LoginKey> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  const { publicBytes, seed } = bytesOf(privateKey);
  const blob = Buffer.concat([sshString(TYPE), sshString(publicBytes)]);
  return {
    publicBytes,
    blob,
    pem: pemOf(blob, publicBytes, seed),
    sign: (data) => Buffer.concat([sshString(TYPE), sshString(sign(null, data, privateKey))]),
  };
}

function bytesOf(key: KeyObject): { publicBytes: Buffer; seed: Buffer } {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  return { publicBytes: Buffer.from(x, 'base64url'), seed: Buffer.from(d, 'base64url') };
}

/** Source: OpenSSH's PROTOCOL.key. */
function pemOf(blob: Buffer, publicBytes: Buffer, seed: Buffer): string {
  const check = randomBytes(4);
  const secret = [
    check,
    check,
    blob,
    sshString(Buffer.concat([seed, publicBytes])),
    // A comment.
    sshString(''),
  ];
  const length = secret.reduce((sum, { length: bytes }) => sum + bytes, 0);
  const padding = Buffer.from(
    Array.from({ length: (BLOCK_BYTES - (length % BLOCK_BYTES)) % BLOCK_BYTES }, (_, at) => at + 1),
  );
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'),
    sshString('none'),
    sshString(''),
    uint32(1),
    sshString(blob),
    sshString(Buffer.concat([...secret, padding])),
  ]);
  const lines = whole.toString('base64').match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
