import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { proxy, proxyOption, webAddress } from '../../../main/core/settings/kinds/url.ts';
import { FROM_FILE, FROM_FLAG, read, refused, refusedText } from './refused.ts';

describe('an address of authentik', () => {
  it.each([
    ['https://sso.example.org', 'https://sso.example.org/'],
    ['http://localhost:9000', 'http://localhost:9000/'],
    ['https://sso.example/auth/', 'https://sso.example/auth/'],
    ['https://sso.example/auth?tenant=a%20b', 'https://sso.example/auth?tenant=a%20b'],
    ['HTTPS://SSO.Example:443/Auth/', 'https://sso.example/Auth/'],
    ['https://[::1]:9443', 'https://[::1]:9443/'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/'],
  ])('%s is taken, sub-path and query included', (text, href) => {
    expect(read(webAddress, text)).toBe(href);
  });

  it.each(['sso.example.org', 'sso.example.org:9443', 'sso.example.org/auth/'])(
    'without a scheme is refused with the address it probably is: %s',
    (text) => {
      const { message, advice } = refusedText(webAddress, text);
      expect(message).toBe(`THE_FIELD is "${text}", without https:// in front.`);
      expect(advice).toBe(`Write https://${text}.`);
    },
  );

  it.each(['ftp://sso.example.org', 'wss://sso.example.org', 'file:///etc/passwd'])(
    'with another scheme is refused: %s',
    (text) => {
      expect(refusedText(webAddress, text).message).toMatch(/begins with ".*:\/\/", not with http/);
    },
  );

  it.each([
    'https://',
    'https://a b',
    'https://sso.example:99999',
    'https://ex%zzample',
    '',
    '??',
    'https:sso',
  ])('that is none is refused: %j', (text) => {
    expect(refusedText(webAddress, text)).toMatchObject({
      code: 'settings-invalid',
      advice: expect.stringContaining('https://sso.example.org'),
    });
  });

  it.each(['https://admin:hunter2@sso.example', 'https://hunter2@sso.example', 'admin:hunter2@sso.example'])(
    'with credentials is refused, and the sentence does not repeat them: %s',
    (text) => {
      expect(JSON.stringify(refusedText(webAddress, text))).not.toContain('hunter2');
    },
  );

  it('of a page in the admin interface is refused with the address of authentik', () => {
    const { advice } = refusedText(webAddress, 'https://sso.example/if/admin/#/core/applications');
    expect(advice).toBe('Give the address of authentik itself: https://sso.example/.');
  });

  it('may be 2048 characters long, not one more', () => {
    const start = 'https://sso.example/';
    expect(read(webAddress, start + 'a'.repeat(2048 - start.length))).toHaveLength(2048);
    expect(refusedText(webAddress, start + 'a'.repeat(2049 - start.length)).message).toContain('2049');
  });
});

describe('a proxy', () => {
  it('may be none, the environment’s, or a URL', () => {
    expect(proxyOption(read(proxy, 'none'))).toBe('none');
    expect(proxyOption(read(proxy, 'Environment'))).toBeNull();
    expect(proxyOption(read(proxy, 'http://proxy.example:3128'))).toBe('http://proxy.example:3128/');
    expect(proxyOption(proxy.fromJson(null, FROM_FILE))).toBeNull();
  });

  it('with credentials is taken from the environment and shows them nowhere', () => {
    const value = read(proxy, 'http://me:hunter2@proxy.example:3128');
    expect(proxyOption(value)).toContain('hunter2');
    for (const shown of [
      proxy.show(value),
      JSON.stringify(proxy.toJson(value)),
      JSON.stringify(value),
      inspect(value),
    ])
      expect(shown).not.toContain('hunter2');
  });

  it('with credentials in a flag or the file is refused without repeating them', () => {
    for (const field of [FROM_FLAG, FROM_FILE]) {
      const failure = refusedText(proxy, 'http://me:hunter2@proxy.example:3128', field);
      expect(failure.advice).toContain('SALLYPORT_PROXY=file:///');
      expect(JSON.stringify(failure)).not.toContain('hunter2');
    }
  });

  it('of another kind is refused', () => {
    expect(refusedText(proxy, 'socks5://proxy.example').message).toContain('"socks5://"');
    expect(refusedText(proxy, 'proxy.example:3128').advice).toBe('Write http://proxy.example:3128.');
    expect(refused(() => proxy.fromJson(3128, FROM_FILE)).message).toBe(
      'the.field in settings.json is 3128.',
    );
  });
});
