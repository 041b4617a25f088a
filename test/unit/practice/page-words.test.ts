import { describe, expect, it } from 'vitest';
import type { PageState } from '../../../practice/authentik/page-state.ts';
import { brokenOff, endedWith } from '../../../practice/page/ending.ts';
import { LIST_LINK, machineLink, readRoute } from '../../../practice/page/route.ts';
import { presenceAdvice, presenceOf, presenceWords, sessionCount } from '../../../practice/page/words.ts';

const OUTPOST = { uuid: 'u', hostname: 'h', version: '1', activeConnections: 0, ageMs: 5, connected: true };
const STATE: PageState = {
  generation: 'newest',
  machines: [],
  missing: [],
  outposts: [OUTPOST],
  events: [],
  sessions: [
    { id: '1', machine: 'a', state: 'paired' },
    { id: '2', machine: 'b', state: 'waiting' },
    { id: '3', machine: 'b', state: 'paired' },
  ],
};

describe('the address of a machine on the page', () => {
  it.each(['Practice SSH', 'a/b', '50 % 😀', '#?&'])('leads back to “%s”', (name) => {
    expect(readRoute(machineLink(name))).toEqual({ kind: 'machine', name });
  });

  it.each(['', '#', LIST_LINK, '#/machine/', '#/machine/%E0%A4%A', '#/elsewhere'])(
    'is the list where it is %j',
    (hash) => {
      expect(readRoute(hash)).toEqual({ kind: 'list' });
    },
  );
});

describe('the presence of an outpost on the page', () => {
  it.each([
    ['nothing is known yet', null, true, 'unknown'],
    ['one is connected', STATE, true, 'online'],
    [
      'one was there and has gone',
      { ...STATE, outposts: [{ ...OUTPOST, connected: false }] },
      true,
      'waiting',
    ],
    ['none was there', { ...STATE, outposts: [] }, true, 'waiting'],
    ['practice does not answer any more', STATE, false, 'lost'],
  ] as const)('%s', (_, state, reachable, presence) => {
    expect(presenceOf(state, reachable)).toBe(presence);
    expect(presenceWords(presence)).not.toBe('');
    // Whoever cannot open a machine is told what to do.
    if (presence === 'waiting' || presence === 'lost') expect(presenceAdvice(presence)).not.toBeNull();
  });

  it('counts the sessions of a machine', () => {
    expect(['a', 'b', 'c'].map((name) => sessionCount(STATE, name))).toEqual([
      '1 session open',
      '2 sessions open',
      '',
    ]);
  });
});

describe('the end of a session on the page', () => {
  it('is told in the other side’s own words', () => {
    expect(endedWith('guacd could not reach 10.0.0.7.', 0x207).sentence).toBe(
      'guacd could not reach 10.0.0.7.',
    );
  });

  it('is told by its number where there are no words', () => {
    expect(endedWith(' ', 0x207).sentence).toBe('No reason was given (status 0x0207).');
    expect(endedWith(undefined, 0x301).sentence).toContain('0x0301');
  });

  it('says how long the page has waited in vain', () => {
    expect(brokenOff(0x202, 10_000).sentence).toContain('10 s');
    expect(brokenOff(0x207, 10_000).sentence).toContain('does not answer');
    expect(brokenOff(0x200, 10_000).sentence).toContain('without a word');
  });
});
