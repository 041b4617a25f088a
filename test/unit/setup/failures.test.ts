import { describe, expect, it } from 'vitest';
import { atTheEnd, failuresOf, line, unsteadyOf } from '../../../scripts/setup/counts.mjs';

const failed = (title: string, why: string) => ({
  ...{ status: 'failed', title, ancestorTitles: ['the link', 'when it is lost'] },
  failureMessages: [why],
});

describe('what failed is said at the end', () => {
  it('by step, file and full name, with the first line of why and no colours', () => {
    const report = {
      testResults: [
        {
          ...{ name: '/here/test/unit/a.test.ts', status: 'failed' },
          assertionResults: [
            { status: 'passed', title: 'well', ancestorTitles: [], failureMessages: [] },
            failed(
              'comes back',
              '\u001b[31mError: It did not happen in time.\u001b[39m\n    at poll (lab.ts:195)',
            ),
          ],
        },
        { name: '/here/test/unit/b.test.ts', status: 'passed', assertionResults: [] },
      ],
    };
    expect(failuresOf('quick', report, 1, '/here/')).toEqual([
      ' ✗ quick: test/unit/a.test.ts > the link > when it is lost > comes back: Error: It did not happen in time.',
    ]);
  });

  it('beside what failed once and passed when it was run again', () => {
    const steady = { status: 'passed', title: 'well', ancestorTitles: [], failureMessages: [] };
    const unsteady = { ...failed('comes back', 'Error: not yet\n  at lab.ts'), status: 'passed' };
    const assertionResults = [steady, unsteady, failed('stays', 'Error: no')];
    const report = { testResults: [{ name: '/here/a.test.ts', status: 'failed', assertionResults }] };
    expect(unsteadyOf('lab', report, '/here/')).toEqual([
      ' ~ lab: a.test.ts > the link > when it is lost > comes back: Error: not yet',
    ]);
    expect(failuresOf('lab', report, 1, '/here/')).toHaveLength(1);
    expect(unsteadyOf('lab', undefined)).toEqual([]);
  });

  it('for a file that could not be loaded, for what was thrown outside of tests, and for no report at all', () => {
    const broken = {
      testResults: [{ name: 'c.test.ts', status: 'failed', message: 'SyntaxError: no\nmore' }],
    };
    expect(failuresOf('lab', broken, 1)).toEqual([' ✗ lab: c.test.ts: SyntaxError: no']);
    const outside = failuresOf('lab', { testResults: [] }, 1);
    expect(outside).toHaveLength(1);
    expect(outside[0]).toContain('outside of tests');
    expect(failuresOf('lab', undefined, 137)[0]).toContain('code 137');
    expect(failuresOf('lab', { testResults: [] }, 0)).toEqual([]);
  });

  it('briefly, however much there is', () => {
    const long = line('lab', 'x'.repeat(1_000), 'why');
    expect(long.length).toBeLessThanOrEqual(240);
    expect(atTheEnd(Array(40).fill(long))).toHaveLength(40);
    const cut = atTheEnd(Array(41).fill(long));
    expect(cut).toHaveLength(41);
    expect(cut.at(-1)).toBe(' ✗ and 1 more');
  });
});
