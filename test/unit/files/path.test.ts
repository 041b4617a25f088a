import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignName, isName, joinPath, parsePath } from '../../../main/core/sessions/drive/path.ts';

/** Whatever a browser could send: any code units, and much of what is dangerous in a path. */
const anyPath = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '..', '.', '\\', '\0', 'a', ' ', 'ü', '\u0085', '\ud800', '😀'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

describe('a virtual path', () => {
  it('that is taken consists of names, each of which stays where it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyPath,
          anyPath.map((path) => `/${path}`),
        ),
        (path) => {
          const names = parsePath(path);
          if (!names) return;
          expect(names.every(isName)).toBe(true);
          // Below any root it is exactly the path it was, and below that root.
          const real = posix.resolve('/root', `./${path}`);
          expect(real).toBe(['/root', ...names].join('/'));
          expect(Buffer.from(path).toString()).toBe(path);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('made of good names is always taken, as these names', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(isName);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), (names) => {
        const path = names.reduce(joinPath, '/');
        expect(parsePath(path)).toEqual(names);
      }),
    );
  });

  it.each([
    '',
    'a',
    '//',
    '/a/',
    '/a//b',
    '/.',
    '/..',
    '/a/../b',
    '/a/./b',
    '/a\\b',
    '/a\0',
    '/a\u007f',
    '/a\u009f',
    '/\udc00',
  ])('is refused as it is: %j', (path) => {
    expect(parsePath(path)).toBeUndefined();
  });

  it('may have 4096 bytes and names of 255, and not one more', () => {
    const long = (bytes: number) => {
      const full = Math.floor(bytes / 256);
      return (
        `/${'a'.repeat(255)}`.repeat(full - 1) +
        `/${'a'.repeat(127)}` +
        `/${'a'.repeat(bytes - (full - 1) * 256 - 129)}`
      );
    };
    expect(Buffer.byteLength(long(4096))).toBe(4096);
    expect(parsePath(long(4096))).toHaveLength(17);
    expect(parsePath(long(4097))).toBeUndefined();
    expect(parsePath(`/${'ü'.repeat(127)}a`)).toHaveLength(1);
    expect(parsePath(`/${'ü'.repeat(128)}`)).toBeUndefined();
  });
});

describe('a name that Windows cannot have', () => {
  it.each([
    'a?',
    'a*b',
    'a:b',
    'a|b',
    'a<',
    'a>',
    'a"',
    'a.',
    'a ',
    'CON',
    'con.txt',
    'Lpt1',
    'nul',
    'COM¹.log',
  ])('is told apart: %j', (name) => {
    expect(foreignName(name)).toEqual(expect.any(String));
  });

  it.each(['a', 'a.txt', '.hidden', 'console', 'com', 'com10', 'a b', 'ü 😀', 'nul-and-void'])(
    'is not: %j',
    (name) => {
      expect(foreignName(name)).toBeUndefined();
    },
  );
});
