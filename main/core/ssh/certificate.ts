import { randomBytes } from 'node:crypto';
import type { LoginKey } from './key.ts';
import { sshString, uint32, uint64 } from './wire.ts';

const TYPE = 'ssh-ed25519-cert-v01@openssh.com';
const USER = 1;
const NONCE_BYTES = 32;

export interface CertificateContent {
  /** The key's id and the only principal: who logs in. */
  readonly username: string;
  /** When it begins and ceases to be valid, in milliseconds since 1970. */
  readonly validAfter: number;
  readonly validBefore: number;
  /** Values by name; null for a flag, which has none. */
  readonly extensions: ReadonlyMap<string, string | null>;
}

/**
 * An OpenSSH user certificate for `key`, signed by `key` itself, as a line of `authorized_keys`. Who takes it has to
 * know why it trusts the key: authentik's agent reads that from the extensions.
 *
 * Source: OpenSSH's PROTOCOL.certkeys.
 */
export function userCertificate(key: LoginKey, content: CertificateContent): string {
  const { username, validAfter, validBefore, extensions } = content;
  const unsigned = Buffer.concat([
    sshString(TYPE),
    sshString(randomBytes(NONCE_BYTES)),
    sshString(key.publicBytes),
    // A serial number: none.
    uint64(0),
    uint32(USER),
    sshString(username),
    sshString(sshString(username)),
    uint64(Math.floor(validAfter / 1000)),
    uint64(Math.floor(validBefore / 1000)),
    // Critical options: none.
    sshString(''),
    sshString(extensionList(extensions)),
    // Reserved.
    sshString(''),
    sshString(key.blob),
  ]);
  const certificate = Buffer.concat([unsigned, sshString(key.sign(unsigned))]);
  return `${TYPE} ${certificate.toString('base64')}\n`;
}

/** OpenSSH refuses a list that is not in order. A value is a string inside the extension's own. */
function extensionList(extensions: CertificateContent['extensions']): Buffer {
  const sorted = [...extensions].sort(([one], [other]) => Buffer.from(one).compare(Buffer.from(other)));
  return Buffer.concat(
    sorted.flatMap(([name, value]) => [sshString(name), sshString(value === null ? '' : sshString(value))]),
  );
}
