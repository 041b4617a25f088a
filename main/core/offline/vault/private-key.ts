import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import { MAX_VALUE_LENGTH } from '../../guacamole/handshake.ts';
import { codePoints } from '../../guacamole/instruction.ts';
import { openOpensshFile, readOpensshFile } from '../../ssh/openssh-file.ts';

export interface CheckedKey {
  /** As it is kept: whole lines, one line break each, one at the end. */
  readonly text: Secret;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` or `ssh-dss`; null: only who opens it can see. */
  readonly type: string | null;
  readonly isEncrypted: boolean;
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ecdsa-sha2-nistp256',
  secp384r1: 'ecdsa-sha2-nistp384',
  secp521r1: 'ecdsa-sha2-nistp521',
};
const TYPES = ['ssh-ed25519', 'ssh-rsa', 'ssh-dss', ...Object.values(CURVES)];

/**
 * A private key that guacd can log in with, looked at before it is kept: in a session a wrong one is told as a
 * failed login. Without a passphrase an encrypted key is taken as it is, and the passphrase is asked for when it is
 * used. Rejects with `request-invalid`; no part of the key or the passphrase is in the sentence.
 */
export async function checkPrivateKey(key: Secret, passphrase: Secret | null): Promise<CheckedKey> {
  const text = tidy(key.reveal());
  refuseOtherKinds(text);
  const length = codePoints(text);
  if (length > MAX_VALUE_LENGTH)
    throw refused(
      `The private key has ${length} characters, and guacd reads no more than ${MAX_VALUE_LENGTH}`,
      'Make a shorter one for this host: `ssh-keygen -t ed25519`, or RSA of up to 8192 bits.',
    );
  const found = text.includes('BEGIN OPENSSH PRIVATE KEY')
    ? await checkOpenssh(text, passphrase)
    : checkPem(text, passphrase);
  if (found.type !== null && !TYPES.includes(found.type)) throw ofNoUse(found.type);
  return { text: new Secret(text), ...found };
}

function tidy(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
  return `${lines
    .map((line) => line.trim())
    .join('\n')
    .trim()}\n`;
}

/** What people paste in its place, each with what to do. */
function refuseOtherKinds(text: string): void {
  if (text.startsWith('PuTTY-User-Key-File-'))
    throw refused(
      'The private key is in PuTTY’s format (.ppk), which guacd cannot read',
      'Convert it: in PuTTYgen load it and choose Conversions → Export OpenSSH key, or run `puttygen key.ppk -O private-openssh -o key`.',
    );
  if (
    /^(?:ssh-|ecdsa-|sk-)[\w@.-]+ AAAA/m.test(text) ||
    /^-{4,5} ?BEGIN (?:SSH2 |RSA |EC )?PUBLIC KEY/m.test(text)
  )
    throw refused(
      'That is the public half of a key',
      'Give the private one: the file without “.pub” at the end of its name.',
    );
  if (/^-----BEGIN (?:TRUSTED )?CERTIFICATE/m.test(text))
    throw refused('That is a certificate, not a private key', 'Give the key that belongs to it.');
  if (/^---- BEGIN SSH2 ENCRYPTED PRIVATE KEY/m.test(text))
    throw refused(
      'The private key is in the format of ssh.com, which guacd cannot read',
      'Convert it with `ssh-keygen -i -f key`.',
    );
  if (!/^-----BEGIN (?:OPENSSH |RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----$/m.test(text))
    throw refused(
      'That is no private key',
      'Give the whole file, from “-----BEGIN … PRIVATE KEY-----” to “-----END … PRIVATE KEY-----”.',
    );
}

async function checkOpenssh(text: string, passphrase: Secret | null): Promise<Omit<CheckedKey, 'text'>> {
  const file = readOpensshFile(text);
  if (file === null) throw damaged();
  const isEncrypted = file.encryption !== null;
  if (isEncrypted && passphrase === null) return { type: file.type, isEncrypted };
  const opening = await openOpensshFile(file, Buffer.from(passphrase?.reveal() ?? ''));
  switch (opening) {
    case 'opened':
      return { type: file.type, isEncrypted };
    case 'wrong-passphrase':
      throw wrongPassphrase();
    case 'damaged':
      throw damaged();
    case 'cipher-unknown':
      throw refused(
        `The private key is encrypted with ${shown(file.encryption?.cipher ?? '')}, which guacd cannot open`,
        'Encrypt it another way: `ssh-keygen -p -Z aes256-ctr -f key`.',
      );
    default:
      return opening satisfies never;
  }
}

function checkPem(text: string, passphrase: Secret | null): Omit<CheckedKey, 'text'> {
  const isEncrypted = text.includes('BEGIN ENCRYPTED PRIVATE KEY') || /^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (isEncrypted && passphrase === null) return { type: null, isEncrypted };
  try {
    const key = createPrivateKey({
      key: text,
      format: 'pem',
      ...(isEncrypted && passphrase && { passphrase: passphrase.reveal() }),
    });
    return { type: typeOf(key), isEncrypted };
  } catch (error) {
    // The cause is left out: what OpenSSL says may hold a piece of what it read.
    if (isEncrypted && isBadDecrypt(error)) throw wrongPassphrase();
    if (error instanceof SallyportError) throw error;
    throw damaged();
  }
}

function typeOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  switch (asymmetricKeyType) {
    case 'rsa':
      return 'ssh-rsa';
    case 'dsa':
      return 'ssh-dss';
    case 'ed25519':
      return 'ssh-ed25519';
    case 'ec':
      return CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? asymmetricKeyDetails?.namedCurve ?? 'ec';
    default:
      return asymmetricKeyType ?? 'unknown';
  }
}

function isBadDecrypt(error: unknown): boolean {
  return error instanceof Error && /bad decrypt|BAD_DECRYPT|bad password/i.test(`${error.message}`);
}

function ofNoUse(type: string): SallyportError {
  if (type.startsWith('sk-'))
    return refused(
      'The private key lives on a security key, which guacd cannot ask',
      'Use a key of its own for this host.',
    );
  return refused(
    `Nobody can log in by SSH with a key of the kind ${shown(type)}`,
    'Make one: `ssh-keygen -t ed25519`.',
  );
}

function wrongPassphrase(): SallyportError {
  return refused('That is not the passphrase of the private key', 'Try again, or leave it out and be asked.');
}

function damaged(): SallyportError {
  return refused(
    'The private key is damaged: what stands between its first and its last line cannot be read',
    'Copy the whole file again.',
  );
}

function refused(what: string, advice: string): SallyportError {
  return new SallyportError('request-invalid', `${what}.`, { advice });
}

function shown(text: string): string {
  return text.slice(0, 40).replace(/[^\w@.-]/g, '?');
}
