import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memberView } from '../../../main/control/member-view.ts';
import { MEMBERS_METHODS } from '../../../main/control/members.ts';
import { weaknessesOf } from '../../../main/core/guacd/version.ts';
import { bytesText } from '../../../main/core/settings/kinds/number.ts';
import { ALICE, ENDED, RUNNING, STATUS } from '../control/member-status.ts';
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
  if (/(?:Ms|_MS)$/.test(name)) return `${value / 1000} s`;
  return /bytes|buffered/i.test(name) ? bytesText(value) : String(value);
}

/** `as it is`, `nothing`, or `in part`: what the view makes of each part that there is. */
function seenOf(whole: object, view: object): Record<string, string> {
  const parts = Object.entries(whole).map(([part, value]): [string, string] => {
    const seen: unknown = Object.entries(view).find(([name]) => name === part)?.[1];
    if (isDeepStrictEqual(seen, value)) return [part, 'as it is'];
    return [part, BLANK.some((blank) => isDeepStrictEqual(seen, blank)) ? 'nothing' : 'in part'];
  });
  return Object.fromEntries(parts);
}

const BLANK: readonly unknown[] = [undefined, null, false, '', [], { kind: 'off' }];

/** The second column, as far as it says how much is seen. */
function seenIn(mark: string): Record<string, string> {
  const rows = tableAfter(page, mark).map(([part = '', seen = '']): [string, string] => [
    part.replaceAll('`', ''),
    /^(as it is|nothing)/.exec(seen)?.[1] ?? 'in part',
  ]);
  return Object.fromEntries(rows);
}

describe('the page about security', () => {
  it('says of each part of the status what a member sees of it', () => {
    const view = memberView(STATUS, ALICE);
    expect(seenIn('<!-- members: status -->')).toEqual(seenOf(STATUS, view));
    const session = { ...ENDED, ...RUNNING };
    const own = { ...view.history[0], ...view.sessions[0] };
    expect(seenIn('<!-- members: session -->')).toEqual(seenOf(session, own));
  });

  it('names everything that a member may ask', () => {
    const named = tableAfter(page, '<!-- members: requests -->').flatMap(([requests = '']) =>
      requests.split(', ').map((request) => request.replaceAll('`', '')),
    );
    expect(named.sort()).toEqual([...MEMBERS_METHODS].sort());
  });

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
