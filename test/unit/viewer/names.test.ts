import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestedName, titleText } from '../../../main/desktop/viewer-names.ts';
import { parentOf, pathIn, readListing } from '../../../renderer/viewer/files/listing.ts';
import { sentName, shownName } from '../../../renderer/viewer/files/names.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('a name that the far side has chosen', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Ω😀.txt', 'Ω😀.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\System32\\evil.dll', 'evil.dll'],
    ['/', 'download'],
    ['..', 'download'],
    ['', 'download'],
    ['\u0000\u001b[31m\n', '[31m'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['con.txt', '_con.txt'],
    ['COM1', '_COM1'],
    ['a<b>:"c|?*.txt', 'a_b___c___.txt'],
    ['  spaced. . ', 'spaced'],
    ['.bashrc', '.bashrc'],
  ])('%j becomes %j', (name, expected) => {
    expect(suggestedName(name)).toBe(expected);
  });

  it('is never a path, never empty, never too long, and keeps its ending', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = suggestedName(name);
        expect(safe).not.toBe('');
        expect(safe).not.toMatch(/[/\\<>:"|?*]/);
        expect(safe).not.toMatch(UNSEEN);
        expect(['.', '..']).not.toContain(safe);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(181);
      }),
      { numRuns: 2000 },
    );
    expect(suggestedName(`${'é'.repeat(300)}.tar.gz`)).toMatch(/^é+\.gz$/);
    expect(Buffer.byteLength(suggestedName(`${'😀'.repeat(300)}.txt`))).toBeLessThanOrEqual(180);
  });

  it('is shown with marks in place of what cannot be seen', () => {
    expect(shownName('invoice\u202Efdp.exe')).toBe('invoice\ufffdfdp.exe');
    expect(shownName('a\nb\u200bc')).toBe('a\ufffdb\ufffdc');
    expect(shownName('Ω😀.txt')).toBe('Ω😀.txt');
    const long = shownName(`${'x'.repeat(300)}.exe`);
    expect([...long]).toHaveLength(120);
    expect(long.endsWith('.exe')).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(shownName(name)).not.toMatch(UNSEEN);
      }),
    );
  });

  it('goes into a title as one line', () => {
    expect(titleText(' a\n\u202eb\u0000c ')).toBe('a b c');
    expect([...titleText('😀'.repeat(300))]).toHaveLength(80);
  });
});

describe('a name for the far side', () => {
  it('is one part of a path', () => {
    expect(sentName('a/b\\c\nd.txt')).toBe('a_b_c_d.txt');
    for (const name of ['', ' ', '.', '..']) expect(sentName(name)).toBe('upload');
  });
});

describe('a list of files', () => {
  const type = 'application/vnd.glyptodon.guacamole.stream-index+json';
  it('has directories first, then names as people count', () => {
    const text = JSON.stringify({
      '/home/b10.txt': 'application/octet-stream',
      '/home/b9.txt': 'application/octet-stream',
      '/home/z': type,
    });
    expect(readListing(text, '/home')?.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'directory z',
      'file b9.txt',
      'file b10.txt',
    ]);
  });

  it('leaves out what is not in that directory', () => {
    const paths = [
      '/etc/passwd',
      '/home/../x',
      '/home/a/b',
      '/home/',
      '/home/.',
      '/home/..',
      '/homeless',
      'x',
    ];
    const text = JSON.stringify(Object.fromEntries(paths.map((path) => [path, 'x'])));
    expect(readListing(text, '/home')).toEqual([]);
    expect(readListing(JSON.stringify({ '/a': 'x' }), '/')?.map(({ name }) => name)).toEqual(['a']);
  });

  it.each(['', '[]', 'null', '{', '7'])('is none where the text is %j', (text) => {
    expect(readListing(text, '/')).toBeNull();
  });

  it('knows the way up and down', () => {
    expect(parentOf('/a/b')).toBe('/a');
    expect(parentOf('/a')).toBe('/');
    expect(parentOf('/')).toBe('/');
    expect(pathIn('/', 'x')).toBe('/x');
    expect(pathIn('/a', 'x')).toBe('/a/x');
  });
});
