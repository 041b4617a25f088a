import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { Concealer } from '../../../main/core/telemetry/conceal.ts';

describe('taking known secrets out of texts', () => {
  it('finds a secret plain, in a URL’s spelling, in JSON and line by line', () => {
    const concealer = new Concealer();
    concealer.add(new Secret('p"ss w/rd'));
    concealer.add(new Secret('-----BEGIN KEY-----\nfirstlineofkey\nsecondlineofkey'));
    expect(concealer.clean('login with p"ss w/rd failed')).toBe('login with *** failed');
    expect(concealer.clean(`a ${encodeURIComponent('p"ss w/rd')} b`)).toBe('a *** b');
    expect(concealer.clean(JSON.stringify({ it: 'p"ss w/rd' }))).toBe('{"it":"***"}');
    expect(concealer.clean('guacd: secondlineofkey')).toBe('guacd: ***');
  });

  it('leaves texts alone once the secret is taken back, but not while another session has the same one', () => {
    const concealer = new Concealer();
    const first = concealer.add(new Secret('hunter2hunter2'));
    const second = concealer.add(new Secret('hunter2hunter2'));
    first();
    first();
    expect(concealer.clean('hunter2hunter2')).toBe('***');
    second();
    expect(concealer.clean('hunter2hunter2')).toBe('hunter2hunter2');
  });

  it('hides the longer secret whole when a shorter one is part of it', () => {
    const concealer = new Concealer();
    concealer.add(new Secret('secret'));
    concealer.add(new Secret('secret-and-more'));
    expect(concealer.clean('secret-and-more')).toBe('***');
  });

  it('does not look for values so short that they are everyday text', () => {
    const concealer = new Concealer();
    concealer.add(new Secret('root'));
    concealer.add(new Secret(''));
    expect(concealer.clean('user root')).toBe('user root');
  });

  it('keeps no half of a secret that lies across the cut of a very long text', () => {
    const concealer = new Concealer();
    const secret = 'S'.repeat(400);
    concealer.add(new Secret(secret));
    for (const before of [64 * 1024 - 1, 64 * 1024 - 200, 64 * 1024 - 399]) {
      expect(concealer.clean(`${'a'.repeat(before)}${secret}`)).not.toContain('S');
    }
  });

  it('takes credentials and query values out of every URL', () => {
    const { clean } = { clean: (text: string) => new Concealer().clean(text) };
    expect(clean('GET https://me:pw@sso.example/a/?token=abc&x=1#f failed')).toBe(
      'GET https://sso.example/a/?token=***&x=***#f failed',
    );
    expect(clean('proxy http://user@proxy:3128')).toBe('proxy http://proxy:3128');
    expect(clean('wss://h/ws?justasecret "socks5h://u:p@h"')).toBe('wss://h/ws?*** "socks5h://h"');
    expect(clean('nothing://here user@host')).toBe('nothing://here user@host');
  });
});
