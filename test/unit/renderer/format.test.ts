import { afterEach, describe, expect, it } from 'vitest';
import { describeUntil, formatBytes } from '../../../main/core/describe-units.ts';
import { age, bytes, duration, hostName, rate } from '../../../renderer/shared/format.ts';
import { setLocale } from '../../../renderer/shared/i18n/translate.ts';

afterEach(() => setLocale('en'));

describe('numbers and times of the console', () => {
  it('are written in English as tray, command line and log write them', () => {
    const lengths = [
      -5, 0, 999, 1000, 59_999, 60_000, 3_599_999, 3_600_000, 3_660_000, 86_400_000, 97_200_000,
    ];
    for (const ms of lengths) expect(duration(ms), String(ms)).toBe(describeUntil(ms));
    const sizes = [
      0, 1, 999, 999.4, 999.5, 1000, 1234, 9949, 9950, 35_300_000, 999_499, 999_500, 1.2e12, 5e18,
    ];
    for (const size of sizes) expect(bytes(size).replaceAll(',', ''), String(size)).toBe(formatBytes(size));
  });

  it('are written in German with a comma and German units', () => {
    setLocale('de');
    expect(bytes(1_234_567)).toBe('1,2 MB');
    expect(rate(1500)).toBe('1,5 kB/s');
    expect(duration(11_100_000)).toBe('3 Std. 5 Min.');
    expect(age(4_000)).toBe('vor 4 s');
  });

  it('call less than a second now, and so a clock that was set back', () => {
    expect(age(999)).toBe('just now');
    expect(age(-60_000)).toBe('just now');
    expect(age(61_000)).toBe('1 min ago');
  });

  it('take the host out of an address, and leave anything else as it is', () => {
    expect(hostName('https://sso.example.org:8443/auth/')).toBe('sso.example.org:8443');
    expect(hostName('no address')).toBe('no address');
  });
});
