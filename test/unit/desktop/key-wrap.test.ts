import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { SCRYPT } from '../../../main/core/settings/passphrase-wrap.ts';
import {
  makeKey,
  readWrappedKey,
  unwrapWithPassphrase,
  wrapWithPassphrase,
} from '../../../main/desktop/key-wrap.ts';

const passphrase = new Secret('Zürich und zurück');

describe('a key behind a passphrase', () => {
  it('comes out as it went in, also where the passphrase is typed in other code points', async () => {
    const key = makeKey();
    const wrapped = readWrappedKey(JSON.stringify(await wrapWithPassphrase(key, passphrase)));
    if (wrapped.kind !== 'passphrase') throw new Error('It is wrapped in another way.');
    expect(wrapped.scrypt).toEqual({ N: 131_072, r: 8, p: 1 });
    expect(await unwrapWithPassphrase(wrapped, passphrase)).toEqual(key);
    expect(await unwrapWithPassphrase(wrapped, new Secret(passphrase.reveal().normalize('NFD')))).toEqual(
      key,
    );
    expect(JSON.stringify(wrapped)).not.toContain(key.toString('base64').slice(0, 20));
  });

  it('stays behind it for another passphrase, and after every change of the file', async () => {
    const wrapped = await wrapWithPassphrase(makeKey(), passphrase);
    if (wrapped.kind !== 'passphrase') throw new Error('It is wrapped in another way.');
    const fails = (part: object, word = passphrase) =>
      expect(unwrapWithPassphrase({ ...wrapped, ...part }, word)).rejects.toMatchObject({
        code: 'token-unreadable',
        message: 'That is not the passphrase.',
      });
    await fails({}, new Secret('Zürich und zuruck'));
    await fails({ salt: Buffer.alloc(16).toString('base64') });
    await fails({ wrapped: Buffer.alloc(48).toString('base64') });
    await fails({ wrapped: 'AAAA' });
  });

  it('differs each time', async () => {
    const key = makeKey();
    const [one, other] = await Promise.all([
      wrapWithPassphrase(key, passphrase),
      wrapWithPassphrase(key, passphrase),
    ]);
    expect(one).not.toEqual(other);
  });
});

describe('the file with the wrapped key', () => {
  it('is refused in words where it is damaged, newer, or would take for ever', () => {
    const base = {
      version: 1,
      kind: 'passphrase',
      scrypt: SCRYPT,
      salt: 'AAAA',
      nonce: 'AAAA',
      wrapped: 'AAAA',
    };
    expect(readWrappedKey(JSON.stringify(base)).kind).toBe('passphrase');
    for (const text of [
      '',
      '{',
      'null',
      JSON.stringify({ ...base, version: 2 }),
      JSON.stringify({ ...base, kind: 'other' }),
      JSON.stringify({ ...base, scrypt: { ...SCRYPT, N: 2 ** 30 } }),
      JSON.stringify({ ...base, scrypt: { ...SCRYPT, N: 2 } }),
      JSON.stringify({ ...base, wrapped: 'not base64!' }),
    ])
      expect(() => readWrappedKey(text), text).toThrow(/damaged or from a newer Sallyport/);
  });
});
