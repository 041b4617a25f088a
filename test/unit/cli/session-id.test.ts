import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findId, shortIds } from '../../../main/cli/session-id.ts';
import { SallyportError } from '../../../main/core/errors.ts';

const IDS = [
  '1f0c2a44-3b1d-4b1c-9a57-000000000001',
  '1f0c2a45-3b1d-4b1c-9a57-000000000002',
  'c0ffee00-3b1d-4b1c-9a57-000000000003',
];

function refusal(ids: readonly string[], given: string): SallyportError {
  try {
    findId(ids, given);
  } catch (error) {
    if (error instanceof SallyportError) return error;
  }
  throw new Error(`${given} was not refused`);
}

describe('the ids of sessions', () => {
  it('are shown by their first eight characters', () => {
    expect(shortIds(IDS)).toEqual(['1f0c2a44', '1f0c2a45', 'c0ffee00']);
    expect(shortIds([])).toEqual([]);
  });

  it('are shown longer where eight characters do not tell them apart', () => {
    expect(shortIds(['12345678-a', '12345678-b', 'x'])).toEqual(['12345678-a', '12345678-b', 'x']);
    expect(shortIds(['same-id-twice', 'same-id-twice'])).toEqual(['same-id-', 'same-id-']);
  });

  it('can be told apart and found again by what is shown of them, whatever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 30 }), (ids) => {
        expect(shortIds(ids).map((shown) => findId(ids, shown))).toEqual(ids);
      }),
    );
    const alike = fc.stringMatching(/^aaaaaaa[ab]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(alike, { maxLength: 20 }), (ids) => {
        expect(shortIds(ids).map((shown) => findId(ids, shown))).toEqual(ids);
      }),
    );
  });

  it('are found by the whole, by an unambiguous beginning, and in capitals', () => {
    expect(findId(IDS, 'c0ffee00-3b1d-4b1c-9a57-000000000003')).toBe(IDS[2]);
    expect(findId(IDS, 'c0f')).toBe(IDS[2]);
    expect(findId(IDS, 'C0FFEE')).toBe(IDS[2]);
    // The whole of one counts though it begins another's.
    expect(findId(['abc', 'abcd'], 'abc')).toBe('abc');
    expect(findId(['x'], 'x')).toBe('x');
  });

  it('are not guessed: several, too little and none are refused in words', () => {
    expect(refusal(IDS, '1f0c2a4')).toMatchObject({
      code: 'request-invalid',
      message: '2 sessions have an id that begins with "1f0c2a4".',
    });
    expect(refusal(IDS, 'c0')).toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('too little'),
    });
    expect(refusal(IDS, '')).toMatchObject({ code: 'request-invalid' });
    expect(refusal(IDS, 'deadbeef')).toMatchObject({
      code: 'session-not-found',
      message: 'There is no session "deadbeef".',
    });
    expect(refusal([], 'c0ffee00')).toMatchObject({ code: 'session-not-found' });
    expect(refusal(IDS, `\u001b[31m${'x'.repeat(500)}`).message.length).toBeLessThan(100);
    expect(refusal(IDS, '\u001b[31mx').message).not.toContain('\u001b');
  });
});
