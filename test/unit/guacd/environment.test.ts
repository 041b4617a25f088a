import { describe, expect, it } from 'vitest';
import { staysHere } from '../../../main/core/base/host.ts';
import { addressText } from '../../../main/core/guacd/address.ts';
import { guacdEnvironment } from '../../../main/core/guacd/environment.ts';
import { familyOf, type ProcessInfo } from '../../../main/core/guacd/processes.ts';

describe('the environment of guacd', () => {
  it('holds what guacd needs and nothing that is secret', () => {
    const outposts = {
      PATH: '/bin',
      TZ: 'Europe/Berlin',
      LANG: 'de_DE.UTF-8',
      HOME: '/home/admin',
      AUTHENTIK_TOKEN: 'secret-token',
      HTTPS_PROXY: 'http://user:password@proxy',
    };
    expect(guacdEnvironment(outposts, '/state/home', '/state/home')).toEqual({
      PATH: '/bin',
      TZ: 'Europe/Berlin',
      LANG: 'de_DE.UTF-8',
      HOME: '/state/home',
      SALLYPORT_GUACD_OWNER: '/state/home',
    });
  });

  it('has a UTF-8 locale where the outpost runs in none', () => {
    expect(guacdEnvironment({}, '/h', '/h')['LC_CTYPE']).toBe('C.UTF-8');
    const posix = guacdEnvironment({ LC_ALL: 'POSIX', LANG: 'C' }, '/h', '/h');
    expect(posix['LC_CTYPE']).toBe('C.UTF-8');
    expect(posix['LC_ALL']).toBeUndefined();
  });
});

describe('a guacd’s family', () => {
  const info = (pid: number, parent: number, group: number, session: number): ProcessInfo => {
    return { pid, parent, group, session, started: '1' };
  };

  it('holds connections with groups of their own, also when guacd itself is gone', () => {
    const strangers = [info(1, 0, 1, 1), info(process.pid, 1, 1, 1), info(700, 1, 700, 700)];
    const connections = [info(101, 100, 101, 100), info(102, 1, 102, 100)];
    const grandchild = info(103, 101, 103, 103);
    const all = [...strangers, info(100, process.pid, 100, 100), ...connections, grandchild];
    expect(familyOf(100, all).map(({ pid }) => pid)).toEqual([100, 101, 102, 103]);
    expect(familyOf(100, [...strangers, ...connections]).map(({ pid }) => pid)).toEqual([101, 102]);
  });

  it('never holds the outpost itself', () => {
    expect(familyOf(1, [info(1, 0, 1, 1), info(process.pid, 1, 1, 1)]).map(({ pid }) => pid)).toEqual([1]);
  });
});

describe('an address', () => {
  it('is written with brackets where it is IPv6', () => {
    expect(addressText({ host: 'guacd.lan', port: 4822 })).toBe('guacd.lan:4822');
    expect(addressText({ host: '::1', port: 4822 })).toBe('[::1]:4822');
  });

  it('is told from one across the network', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost']) expect(staysHere(host)).toBe(true);
    for (const host of ['10.0.0.1', 'guacd', '127.0.0.1.example.org', '::2'])
      expect(staysHere(host)).toBe(false);
  });
});
