import { describe, expect, it } from 'vitest';
import { parseVersion, versionWarning, weaknessesOf } from '../../../main/core/guacd/version.ts';

describe('the version of guacd', () => {
  it('is found in what guacd -v prints', () => {
    expect(parseVersion('Guacamole proxy daemon (guacd) version 1.3.0\n')).toBe('1.3.0');
    expect(parseVersion('Guacamole proxy daemon (guacd) version 1.6.0-RC1')).toBe('1.6.0');
    expect(parseVersion('usage: something else 12')).toBeNull();
    expect(parseVersion('')).toBeNull();
  });

  it('has exactly the weaknesses that were fixed later', () => {
    const all = ['CVE-2023-30575', 'CVE-2023-30576', 'CVE-2023-43826', 'CVE-2024-35164'];
    expect(weaknessesOf('1.3.0')).toEqual(all);
    expect(weaknessesOf('1.5.1')).toEqual(all);
    expect(weaknessesOf('1.5.2')).toEqual(all.slice(2));
    expect(weaknessesOf('1.5.4')).toEqual(all.slice(3));
    expect(weaknessesOf('1.5.10')).toEqual(all.slice(3));
    expect(weaknessesOf('1.6.0')).toEqual([]);
    expect(weaknessesOf('2.0')).toEqual([]);
  });

  it('is warned about below 1.6.0, with the reasons and what to do', () => {
    const warning = versionWarning('1.5.3', 'guacd at here:4822');
    expect(warning?.code).toBe('guacd-outdated');
    expect(warning?.message).toContain('guacd at here:4822 is version 1.5.3');
    expect(warning?.message).toContain('CVE-2023-43826');
    expect(warning?.message).toContain('CVE-2024-35164');
    expect(warning?.message).not.toContain('CVE-2023-30575');
    expect(warning?.advice).toContain('1.6.0');
    expect(versionWarning('1.6.0')).toBeNull();
    expect(versionWarning('1.10.0')).toBeNull();
  });

  it('is guessed from the protocol where nothing else is known', () => {
    expect(versionWarning('VERSION_1_0_0')?.message).toContain('1.0 or older');
    expect(versionWarning('VERSION_1_3_0')?.message).toContain('1.3 or 1.4');
    expect(versionWarning('VERSION_1_3_0')?.message).toContain('CVE-2023-30575');
    expect(versionWarning('VERSION_1_5_0')?.message).toContain('cannot be told apart');
    expect(versionWarning('VERSION_1_7_0')).toBeNull();
    expect(versionWarning(null)).toBeNull();
  });
});
