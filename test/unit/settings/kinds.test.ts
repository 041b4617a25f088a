import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanText, quote } from '../../../main/core/settings/kind.ts';
import { byteCount, wholeNumber } from '../../../main/core/settings/kinds/number.ts';
import { path } from '../../../main/core/settings/kinds/path.ts';
import { fingerprint, logLevel, timezone, yesOrNo } from '../../../main/core/settings/kinds/plain.ts';
import { FROM_FILE, read, refused, refusedText } from './refused.ts';

const HEX = 'ab'.repeat(32);

describe('yes or no', () => {
  it('has several words for each', () => {
    expect(['true', '1', 'YES', 'on'].map((text) => read(yesOrNo, text))).toEqual([true, true, true, true]);
    expect(['false', '0', 'No', 'off'].map((text) => read(yesOrNo, text))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('refuses everything else with what would be right', () => {
    expect(refusedText(yesOrNo, 'maybe')).toEqual({
      code: 'settings-invalid',
      message: 'THE_FIELD is "maybe".',
      advice: 'Give true or false.',
    });
    for (const value of ['true', 1, null, {}, []])
      expect(refused(() => yesOrNo.fromJson(value, FROM_FILE)).message).toMatch(
        /^the\.field in settings\.json is /,
      );
  });
});

describe('a whole number', () => {
  const kind = wholeNumber({ min: 2, max: 300, of: 'seconds' });

  it('is taken at its bounds and refused beyond', () => {
    expect([read(kind, '2'), read(kind, '300'), kind.fromJson(300, FROM_FILE)]).toEqual([2, 300, 300]);
    for (const text of ['1', '301', '-5', '2.5', '1e2', '0x10', '', '20s', '9'.repeat(40), 'NaN', 'Infinity'])
      expect(refusedText(kind, text).advice).toBe('Give a whole number of seconds from 2 to 300.');
    for (const value of [1, 301, 2.5, Number.NaN, '20', true, [20]])
      expect(refused(() => kind.fromJson(value, FROM_FILE)).code).toBe('settings-invalid');
  });
});

describe('a number of bytes', () => {
  const kind = byteCount({ min: 1024, max: 16 * 1024 ** 2 });

  it('is taken with and without a unit, at its bounds', () => {
    const texts = ['1024', '1024 bytes', '1 KiB', '1k', '16 MiB', '16777216', '2MB'];
    expect(texts.map((text) => read(kind, text))).toEqual([
      1024, 1024, 1024, 1024, 16_777_216, 16_777_216, 2_000_000,
    ]);
    expect(kind.fromJson('1 KiB', FROM_FILE)).toBe(1024);
    expect(kind.show(16 * 1024 ** 2)).toBe('16 MiB');
  });

  it('is refused beyond them, and with a unit that is none', () => {
    for (const text of [
      '1023',
      '16777217',
      '17 MiB',
      '1 TiB',
      '1.5M',
      'MiB',
      '-1',
      '999999999999999 GiB',
      '1 toString',
    ])
      expect(refusedText(kind, text).advice).toContain('from 1 KiB to 16 MiB');
    for (const value of [1023, 16_777_217, 1024.5, null, 'much', {}])
      expect(refused(() => kind.fromJson(value, FROM_FILE)).code).toBe('settings-invalid');
  });
});

describe('a log level', () => {
  it('is one of authentik’s, in any case, and warn means warning', () => {
    expect(['TRACE', 'warn', 'warning'].map((text) => read(logLevel, text))).toEqual([
      'trace',
      'warning',
      'warning',
    ]);
    expect(refusedText(logLevel, 'loud').advice).toBe('Give one of trace, debug, info, warning, error.');
  });
});

describe('a time zone', () => {
  it('is one of the database’s, put into its case', () => {
    expect(
      ['Europe/Berlin', 'europe/berlin', 'UTC', 'Asia/Kolkata'].map((text) => read(timezone, text)),
    ).toEqual(['Europe/Berlin', 'Europe/Berlin', 'UTC', 'Asia/Kolkata']);
  });

  it.each(['Mars/Olympus', '+01:00', '../../etc/passwd', 'Europe/Berlin\n', 'A'.repeat(65)])(
    'is not %j',
    (text) => {
      expect(refusedText(timezone, text).advice).toContain('Europe/Berlin');
    },
  );
});

describe('a fingerprint', () => {
  it.each([
    HEX,
    HEX.toUpperCase(),
    HEX.match(/../g)?.join(':') ?? '',
    `sha256 Fingerprint=${HEX}`,
    `SHA256:${HEX}`,
  ])('is read as people copy it: %s', (text) => {
    expect(read(fingerprint, text)).toBe(HEX);
  });

  it('of another length is refused, and SHA-1 by name', () => {
    for (const text of [HEX.slice(1), `${HEX}a`, 'xyz'])
      expect(refusedText(fingerprint, text).advice).toContain('64 hex');
    expect(refusedText(fingerprint, 'ab'.repeat(20)).message).toContain('SHA-1');
  });
});

describe('a path', () => {
  it('becomes whole in flags and environment, and must be whole in the file', () => {
    expect(read(path, 'ca.pem')).toBe(resolve('ca.pem'));
    expect(path.fromJson('/etc/ca.pem', FROM_FILE)).toBe('/etc/ca.pem');
    expect(refused(() => path.fromJson('ca.pem', FROM_FILE)).message).toContain('a relative path');
  });

  it('may be 4096 bytes long, not one more', () => {
    expect(read(path, `/${'é'.repeat(2047)}a`)).toHaveLength(2049);
    expect(refusedText(path, `/${'é'.repeat(2048)}`).message).toContain('4096 bytes');
  });

  it('with a blank at its end is refused, for the settings file would lose it', () => {
    expect(refusedText(path, '/srv/drives ').message).toContain('with a blank at its end');
    expect(refusedText(path, ' ').message).toContain('with a blank at its end');
    expect(read(path, '/srv/my drives')).toBe('/srv/my drives');
  });

  it('is measured whole: a relative one counts with what it is relative to', () => {
    expect(refusedText(path, 'a'.repeat(4096)).message).toContain('4096 bytes');
  });

  it('is refused with ~, with control characters, and where it is the certificate itself', () => {
    expect(refusedText(path, '~/ca.pem').message).toContain('~ stands for');
    expect(refusedText(path, '/etc/\0ca').message).toContain('control character');
    expect(refusedText(path, '-----BEGIN CERTIFICATE-----\nMII').advice).toContain('the path of its file');
  });
});

describe('a text that was copied', () => {
  it('loses the blanks and the one pair of quotes around it', () => {
    expect(['  a ', '"a"', "' a '", '"a', '""', '"'].map(cleanText)).toEqual(['a', 'a', 'a', '"a', '', '"']);
  });

  it('is shown in a sentence cut short', () => {
    expect(quote('x'.repeat(1_000_000)).length).toBeLessThan(100);
    expect([quote({}), quote([]), quote(null)]).toEqual(['an object', 'a list', 'null']);
  });
});
