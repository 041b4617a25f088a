import { describe, expect, it } from 'vitest';
import { weaknessesOf } from '../../../main/core/guacd/version.ts';
import { bytesText } from '../../../main/core/settings/kinds/number.ts';
import { read, tableAfter } from './page.ts';

const page = read('docs/security.md');

/** The number that a file of main/ gives a name, written out as a product of whole numbers. */
function numberOf(file: string, name: string): number {
  const written = new RegExp(`\\b${name}(?::| =) ([\\d_]+(?: \\* [\\d_]+)*)(?=[,;]| })`).exec(
    read(`main/${file}`),
  );
  const factors = written?.[1]?.replaceAll('_', '').split(' * ') ?? [];
  return factors.length === 0
    ? Number.NaN
    : factors.map(Number).reduce((product, factor) => product * factor);
}

function shown(name: string, value: number): string {
  if (/ms$/i.test(name)) return `${value / 1000} s`;
  return /bytes|buffered/i.test(name) ? bytesText(value) : String(value);
}

describe('the page about security', () => {
  it('gives each bound as the code has it', () => {
    const rows = tableAfter(page, '<!-- bounds -->');
    expect(rows.length).toBeGreaterThan(20);
    const wrong = rows.flatMap(([what = '', most = '', where = '']) => {
      const [, file = '', name = ''] = /^`(\S+)` `(\S+)`$/.exec(where) ?? [];
      const value = shown(name, numberOf(file, name));
      return value === most ? [] : [`${what}: ${most}, but ${where} is ${value}`];
    });
    expect(wrong).toEqual([]);
  });

  it('names the weaknesses that are warned of', () => {
    const named = tableAfter(page, '| Weakness').map(([id]) => id);
    expect(named).toEqual(weaknessesOf('1.0.0'));
  });
});
