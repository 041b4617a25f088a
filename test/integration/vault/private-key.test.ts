import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { checkPrivateKey } from '../../../main/core/offline/vault/private-key.ts';
import { bcryptPbkdf } from '../../../main/core/ssh/bcrypt-pbkdf.ts';
import { readOpensshFile } from '../../../main/core/ssh/openssh-file.ts';
import { findPrograms } from '../../../practice/machines/programs.ts';
import { folder, refusalOf } from '../settings/folder.ts';

const programs = findPrograms('ssh-keygen');
const WORD = 'correct horse';

const check = (text: string, passphrase: string | null = null) =>
  checkPrivateKey(new Secret(text), passphrase === null ? null : new Secret(passphrase));
const refused = async (text: string, passphrase: string | null = null) =>
  (await refusalOf(check(text, passphrase), 'request-invalid')).message;

describe.runIf('found' in programs)('a private key that ssh-keygen made', () => {
  async function make(...args: string[]): Promise<{ key: string; pub: string }> {
    const path = join(await folder(), 'key');
    await promisify(execFile)('ssh-keygen', ['-q', '-f', path, ...args]);
    return { key: await readFile(path, 'utf8'), pub: await readFile(`${path}.pub`, 'utf8') };
  }

  it.each([
    [['-t', 'ed25519'], 'ssh-ed25519'],
    [['-t', 'rsa', '-b', '2048'], 'ssh-rsa'],
    [['-t', 'ecdsa', '-b', '384'], 'ecdsa-sha2-nistp384'],
    [['-t', 'rsa', '-b', '2048', '-m', 'PEM'], 'ssh-rsa'],
    [['-t', 'ecdsa', '-m', 'PKCS8'], 'ecdsa-sha2-nistp256'],
  ])('with %j is taken, encrypted or not, and for a wrong passphrase refused', async (args, type) => {
    const open = await make(...args, '-N', '');
    expect(await check(open.key.replace(/\n/g, '\r\n'))).toMatchObject({ type, isEncrypted: false });
    expect((await check(`\n  ${open.key}`)).text.reveal()).toBe(open.key);
    expect(await refused(open.pub)).toBe('That is the public half of a key.');
    const locked = await make(...args, '-N', WORD);
    expect(await check(locked.key, WORD)).toMatchObject({ type, isEncrypted: true });
    expect(await refused(locked.key, 'correct house')).toBe('That is not the passphrase of the private key.');
    // It is asked for when it is used.
    expect(await check(locked.key)).toMatchObject({ isEncrypted: true });
  });

  it.each(['aes128-cbc', 'aes192-ctr'])('and encrypted with %s is opened', async (cipher) => {
    const { key } = await make('-t', 'ed25519', '-N', WORD, '-Z', cipher);
    expect(await check(key, WORD)).toMatchObject({ type: 'ssh-ed25519' });
  });

  it('and encrypted with what guacd cannot open is refused with the way out', async () => {
    const { key } = await make('-t', 'ed25519', '-N', WORD, '-Z', 'chacha20-poly1305@openssh.com');
    const { message, advice } = await refusalOf(check(key, WORD), 'request-invalid');
    expect(message).toContain('chacha20-poly1305@openssh.com, which guacd cannot open');
    expect(advice).toContain('ssh-keygen -p -Z aes256-ctr');
  });

  it('and cut anywhere is damaged or none, never an error of ours', async () => {
    const { key } = await make('-t', 'ed25519', '-N', '');
    const body = key.split('\n').slice(1, -2).join('');
    for (let length = 0; length < body.length; length += 7) {
      const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.slice(0, length)}\n-----END OPENSSH PRIVATE KEY-----\n`;
      expect(await refused(text), String(length)).toMatch(/damaged/);
    }
    expect(readOpensshFile(key)?.type).toBe('ssh-ed25519');
  });
});

describe('what is no private key for SSH', () => {
  const pem = (type: 'x25519' | 'ed448') =>
    generateKeyPairSync(type as 'x25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();

  it.each([
    ['', 'That is no private key.'],
    ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', 'PuTTY’s format'],
    ['---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----', 'public half'],
    ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'public half'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificate'],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'damaged'],
    [pem('x25519'), 'Nobody can log in by SSH with a key of the kind x25519'],
    [
      `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(8200)}\n-----END PRIVATE KEY-----`,
      'has 8255 characters, and guacd reads no more than 8191',
    ],
  ])('is refused in words: %#', async (text, words) => {
    expect(await refused(text)).toContain(words);
  });

  it('says of PuTTY’s how to convert it', async () => {
    const { advice } = await refusalOf(check('PuTTY-User-Key-File-2: ssh-rsa\n'), 'request-invalid');
    expect(advice).toContain('puttygen key.ppk -O private-openssh');
  });
});

it('a passphrase becomes the key that OpenBSD’s bcrypt_pbkdf makes of it', async () => {
  // From the test vectors of its Go and Python ports.
  const key = await bcryptPbkdf(Buffer.from('password'), Buffer.from('salt'), 4, 32);
  expect(key.toString('hex')).toBe('5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9');
});
