import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  cutPainted,
  paint,
  plain,
  shorten,
  wantsUnicode,
  wrap,
} from '../../../main/cli/view/style.ts';
import { table } from '../../../main/cli/view/table.ts';

const WIDE = { colour: false, unicode: true, width: null };

describe('text on a terminal', () => {
  it('has nothing in it that moves the cursor, breaks the line or turns the reading direction', () => {
    const shown = plain({ unicode: true }, 'a\u001b[2Jb\r\nc\u202ed\u0000e\u009bf');
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown).toContain('a');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain({ unicode: true }, text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(plain({ unicode: false }, text)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('is ASCII where the terminal knows no other', () => {
    expect(plain({ unicode: false }, 'Online · authentik’s “x” → y…')).toBe(
      'Online - authentik\'s "x" > y...',
    );
  });

  it('is measured in columns: two for wide signs, none for combining ones', () => {
    expect([columnsOf('abc'), columnsOf('日本'), columnsOf('e\u0301'), columnsOf('🗝')]).toEqual([3, 4, 1, 2]);
  });

  it('is cut to its columns, with a sign that something is missing', () => {
    expect(shorten({ unicode: true }, 'abcdef', 6)).toBe('abcdef');
    expect(shorten({ unicode: true }, 'abcdef', 5)).toBe('abcd…');
    expect(shorten({ unicode: false }, '日本語', 5)).toBe('日本~');
  });

  it('is wrapped between words, and a word that is too long has a line of its own', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
    expect(wrap('any length', null)).toEqual(['any length']);
  });

  it('keeps its colours when it is cut, and they end with it', () => {
    const painted = `${paint({ ...WIDE, colour: true }, 'red', 'abc')}def`;
    expect(cutPainted(painted, 6)).toBe(painted);
    expect(cutPainted(painted, 4)).toBe('\u001b[31mabc\u001b[0md\u001b[0m');
    expect(cutPainted(painted, 2)).toBe('\u001b[31mab\u001b[0m');
    expect(cutPainted('plain text', 5)).toBe('plain');
  });

  it('is UTF-8 only where the locale says so', () => {
    expect(wantsUnicode({ LANG: 'de_DE.UTF-8' }, 'linux')).toBe(true);
    expect(wantsUnicode({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, 'linux')).toBe(false);
    expect(wantsUnicode({}, 'linux')).toBe(false);
    expect(wantsUnicode({ LANG: 'de_DE.UTF-8', TERM: 'linux' }, 'linux')).toBe(false);
    expect(wantsUnicode({ WT_SESSION: 'x' }, 'win32')).toBe(true);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', text: ([name]: readonly string[]) => name ?? '', shrinkTo: 4 },
    { title: 'N', text: ([, count]: readonly string[]) => count ?? '', align: 'right' as const },
    { title: 'ID', text: ([, , id]: readonly string[]) => id ?? '' },
  ];

  it('aligns its columns and has no blanks at the ends of lines', () => {
    expect(
      table(WIDE, columns, [
        ['alice', '7', 'x1'],
        ['bob', '12', 'y2'],
      ]),
    ).toEqual(['NAME    N  ID', 'alice   7  x1', 'bob    12  y2']);
  });

  it('is cut to the terminal where a column may shrink, and never where it may not', () => {
    const rows = [['a-very-long-name', '1', 'whole-id']];
    expect(table({ ...WIDE, width: 20 }, columns, rows)).toEqual(['NAME     N  ID', 'a-very…  1  whole-id']);
    expect(table({ ...WIDE, width: 5 }, columns, rows)[1]).toBe('a-v…  1  whole-id');
  });
});
