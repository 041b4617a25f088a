import { describe, expect, it } from 'vitest';
import {
  deriveSource,
  parseDeb822,
  parseOneLine,
  parseSources,
  pinPreferences,
} from '../../../scripts/setup/apt-source.mjs';

const DEB822 = `Types: deb
# a remark
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main
`;

/** The fields of a written source, without its remark. */
function fields(text: string | undefined): Record<string, string> {
  const lines = (text ?? '').split('\n').filter((line) => line.includes(': ') && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
}

describe('deriving an apt source', () => {
  it('takes the entry of the machine’s own suite and changes nothing but suite and components', () => {
    expect(fields(deriveSource(parseDeb822(DEB822), 'bookworm', 'bullseye'))).toEqual({
      Types: 'deb',
      URIs: 'http://mirror.invalid/debian',
      Suites: 'bullseye',
      Components: 'main',
      'Signed-By': '/usr/share/keyrings/debian-archive-keyring.gpg',
    });
  });

  it('does not take the entry of the security or updates suite for it', () => {
    const security = DEB822.slice(DEB822.indexOf('\n\n') + 2);
    expect(deriveSource(parseDeb822(security), 'bookworm', 'bullseye')).toBeUndefined();
  });

  it('keeps every other field of the entry', () => {
    const text = DEB822.replace(
      'Suites: bookworm',
      'Trusted: yes\nArchitectures: amd64\nCheck-Valid-Until: no\nSuites: bookworm',
    );
    expect(fields(deriveSource(parseDeb822(text), 'bookworm', 'bullseye'))).toMatchObject({
      Trusted: 'yes',
      Architectures: 'amd64',
      'Check-Valid-Until': 'no',
    });
  });

  it('keeps a key that is written into the entry, line by line', () => {
    const key =
      'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ\n -----END PGP PUBLIC KEY BLOCK-----';
    const text = DEB822.replace(/Signed-By: .*/, key);
    expect(deriveSource(parseDeb822(text), 'bookworm', 'bullseye')).toContain(`${key}\n`);
  });

  it('leaves disabled entries and entries of source packages alone', () => {
    const disabled = DEB822.replace('Types: deb\n', 'Types: deb\nEnabled: no\n');
    const sources = DEB822.replace('Types: deb\n', 'Types: deb-src\n');
    expect(deriveSource(parseDeb822(disabled), 'bookworm', 'bullseye')).toBeUndefined();
    expect(deriveSource(parseDeb822(sources), 'bookworm', 'bullseye')).toBeUndefined();
  });

  it('does not write the suite of an entry that needs a disc', () => {
    const text = 'deb cdrom:[Debian 12]/ bookworm main\ndeb http://mirror.invalid/debian bookworm main\n';
    expect(fields(deriveSource(parseOneLine(text), 'bookworm', 'bullseye'))['URIs']).toBe(
      'http://mirror.invalid/debian',
    );
  });

  it('reads sources with one per line, with options and remarks', () => {
    const text = [
      '# deb http://mirror.invalid/old bookworm main',
      'deb-src http://mirror.invalid/debian bookworm main',
      'deb [arch=amd64,arm64 signed-by=/etc/key.gpg check-valid-until=no] http://mirror.invalid/debian bookworm main contrib # all',
    ].join('\n');
    expect(fields(deriveSource(parseOneLine(text), 'bookworm', 'bullseye'))).toEqual({
      Types: 'deb',
      URIs: 'http://mirror.invalid/debian',
      Suites: 'bullseye',
      Components: 'main',
      Architectures: 'amd64 arm64',
      'Signed-By': '/etc/key.gpg',
      'Check-Valid-Until': 'no',
    });
  });

  it('takes an entry that calls the suite by its role, and the one with its name first', () => {
    const role = 'deb http://role.invalid/debian stable main\n';
    const name = 'deb http://name.invalid/debian bookworm main\n';
    expect(fields(deriveSource(parseOneLine(role), 'bookworm', 'bullseye'))['URIs']).toBe(
      'http://role.invalid/debian',
    );
    expect(fields(deriveSource(parseOneLine(role + name), 'bookworm', 'bullseye'))['URIs']).toBe(
      'http://name.invalid/debian',
    );
  });

  it('can read back what it has written', () => {
    const written = deriveSource(parseDeb822(DEB822), 'bookworm', 'bullseye') ?? '';
    expect(parseSources('x.sources', written)).toMatchObject([
      { suites: ['bullseye'], components: ['main'] },
    ]);
    expect(parseSources('x.sources.disabled', written)).toEqual([]);
  });

  it('gives nothing for files that are empty or nonsense', () => {
    for (const text of ['', '\n\n', ':', 'deb', 'deb [', 'Types deb', '\u0000']) {
      expect(
        deriveSource([...parseDeb822(text), ...parseOneLine(text)], 'bookworm', 'bullseye'),
      ).toBeUndefined();
    }
  });

  it('pins the suite below everything that the machine has itself', () => {
    expect(fields(pinPreferences('bullseye'))).toMatchObject({
      Pin: 'release n=bullseye',
      'Pin-Priority': '100',
    });
  });
});
