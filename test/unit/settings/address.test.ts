import { describe, expect, it } from 'vitest';
import { staysHere } from '../../../main/core/base/host.ts';
import { guacdTarget, metricsListen } from '../../../main/core/settings/kinds/address.ts';
import { read, refusedText } from './refused.ts';

describe('where guacd is', () => {
  it('is managed, or one or several addresses, IPv6 in brackets', () => {
    expect(read(guacdTarget, 'Managed')).toEqual({ kind: 'managed' });
    expect(read(guacdTarget, 'guacd:4822, 10.0.0.1:1,[::1]:65535')).toEqual({
      kind: 'external',
      addresses: [
        { host: 'guacd', port: 4822 },
        { host: '10.0.0.1', port: 1 },
        { host: '::1', port: 65535 },
      ],
    });
  });

  it.each([
    ['guacd', 'without a port'],
    ['[::1]', 'without a port'],
    ['guacd:4822,', 'an empty address'],
    ['guacd:0', 'the port "0"'],
    ['guacd:65536', 'the port "65536"'],
    ['guacd:http', 'the port "http"'],
    ['guacd:', 'the port ""'],
    ['fe80::1', 'without brackets'],
    ['[guacd]:4822', '"[guacd]:4822"'],
    ['tcp://guacd:4822', 'which is a URL'],
    ['gu acd:4822', '"gu acd:4822"'],
    ['-x:4822', '"-x:4822"'],
    ['10.0.0.256:4822', '"10.0.0.256:4822"'],
    [':4822', '":4822"'],
    ['a:1,a:1', 'names a:1 twice'],
    [`${'a'.repeat(64)}:1`, 'aaaa'],
  ])('%j is refused', (text, part) => {
    const { code, message, advice } = refusedText(guacdTarget, text);
    expect(code).toBe('settings-invalid');
    expect(message).toMatch(/^THE_FIELD /);
    expect(message).toContain(part);
    expect(advice).toBeTruthy();
  });

  it('may be 16 addresses, not 17', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `guacd:${at + 1}`).join(',');
    expect(read(guacdTarget, many(16))).toMatchObject({ kind: 'external' });
    expect(refusedText(guacdTarget, many(17)).advice).toBe('Give at most 16.');
  });
});

describe('where metrics are served', () => {
  it('is an address, all addresses, or nowhere; port 0 takes any', () => {
    expect(read(metricsListen, '127.0.0.1:0')).toEqual({ kind: 'on', host: '127.0.0.1', port: 0 });
    expect(read(metricsListen, ':9300')).toEqual({ kind: 'on', host: '0.0.0.0', port: 9300 });
    expect(read(metricsListen, '[::]:9300')).toEqual({ kind: 'on', host: '::', port: 9300 });
    expect(read(metricsListen, 'off')).toEqual({ kind: 'off' });
  });

  it.each(['9300', 'localhost', '127.0.0.1:65536', '127.0.0.1:-1', '0.0.0.0:9300,[::]:9300', 'none'])(
    '%j is refused',
    (text) => {
      expect(refusedText(metricsListen, text).code).toBe('settings-invalid');
    },
  );

  it('is this machine only for loopback', () => {
    expect(['localhost', '127.8.9.1', '::1'].map(staysHere)).toEqual([true, true, true]);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.example.org'].map(staysHere)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
