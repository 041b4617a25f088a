import { describe, expect, it } from 'vitest';
import { isDuring, wallClockIn, wallClockOf } from '../../../main/core/sessions/guardrails/clock.ts';
import { isLike } from '../../../main/core/sessions/guardrails/name.ts';
import { readGuardrails } from '../../../main/core/sessions/guardrails/rule.ts';
import { decodeTarget } from '../../../main/core/sessions/guardrails/target.ts';

const text = (rules: unknown[], rest: object = {}) => JSON.stringify({ version: 1, ...rest, rules });

describe('a guardrails file', () => {
  it('is read with everything that a rule can say', () => {
    const read = readGuardrails(
      text(
        [
          {
            name: 'Databases by day',
            action: 'allow',
            because: 'At night they are backed up',
            sources: ['local'],
            users: ['alice', 'ops-*'],
            protocols: ['SSH'],
            targets: ['10.0.0.0/8', '*.db.example.org:22', '[fd00::/8]:22-23', '*:3389'],
            times: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:30' }],
            parameters: { force: { 'disable-copy': 'true' }, forbid: ['recording-*'] },
            record: 'always',
            endWithoutRecording: true,
            longestMinutes: 60,
            idleMinutes: 10,
            holdSeconds: 0,
            files: { upload: false, download: true, maxBytes: 1024, names: ['*.exe'] },
            most: { inAll: 3, perMachine: 1, perUser: 2 },
          },
        ],
        { otherwise: 'deny', most: { inAll: 10 } },
      ),
    );
    expect(read.kind).toBe('guardrails');
    if (read.kind !== 'guardrails') return;
    expect(read.guardrails.otherwise).toBe('deny');
    expect(read.guardrails.rules[0]?.protocols).toEqual(['ssh']);
    expect(read.guardrails.rules[0]?.targets?.map(({ ports }) => ports)).toEqual([
      null,
      [22, 22],
      [22, 23],
      [3389, 3389],
    ]);
  });

  it('allows what no rule forbids, unless it says otherwise', () => {
    const read = readGuardrails(text([]));
    expect(read).toMatchObject({ kind: 'guardrails', guardrails: { otherwise: 'allow', most: {} } });
  });

  it.each([
    ['no JSON', '{', 'not valid JSON'],
    ['another version', '{"version":2,"rules":[]}', 'another version than 1'],
    [
      'a word that nobody knows',
      text([{ name: 'a', action: 'allow', target: ['*'] }]),
      'rule 1, “a”, “target”: is not known here',
    ],
    ['a rule without a name', text([{ action: 'allow' }]), 'rule 1, “name”: is missing'],
    ['a rule that is none', text(['deny']), 'rule 1: has no fields'],
    ['no object', '7', 'the text has no fields'],
    ['a word for yes', text([{ name: 'a', action: 'yes' }]), '“action”: is neither allow nor deny'],
    [
      'a number that is none',
      text([{ name: 'a', action: 'deny', idleMinutes: 'ten' }]),
      '“idleMinutes”: is no whole number from 1 to 10080',
    ],
    [
      'a bound that cannot be',
      text([], { most: { inAll: -1 } }),
      'used: “most.inAll” is no whole number from 0 to 100000',
    ],
    [
      'a range that is none',
      text([{ name: 'a', action: 'deny', targets: ['10.0.0.0/33'] }]),
      'no address or range',
    ],
    [
      'octal digits',
      text([{ name: 'a', action: 'deny', targets: ['010.0.0.7'] }]),
      '“010.0.0.7” is no address',
    ],
    [
      'an address with “*”',
      text([{ name: 'a', action: 'deny', targets: ['10.0.0.*'] }]),
      'no address or range',
    ],
    [
      'an address in other digits',
      text([{ name: 'a', action: 'deny', targets: ['１０.0.0.7'] }]),
      'no name, address or range',
    ],
    ['“*” in another script', text([{ name: 'a', action: 'deny', targets: ['mün*.example'] }]), 'no name'],
    ['a number for an address', text([{ name: 'a', action: 'deny', targets: ['0x0a000007'] }]), 'no address'],
    ['ports the wrong way round', text([{ name: 'a', action: 'deny', targets: ['*:30-20'] }]), 'no ports'],
    [
      'a time that is none',
      text([{ name: 'a', action: 'deny', times: [{ from: '8', to: '9' }] }]),
      'no time of day',
    ],
    ['an empty list', text([{ name: 'a', action: 'deny', users: [] }]), 'rule 1, “a”, “users”: is empty'],
    [
      'a forced way',
      text([{ name: 'a', action: 'allow', parameters: { force: { Hostname: 'x' } } }]),
      'where a session goes',
    ],
    ['a name with a line break', text([{ name: 'a\nb', action: 'allow' }]), 'control characters'],
  ])('with %s is refused with a sentence', (_, file, sentence) => {
    const read = readGuardrails(file);
    expect(read.kind).toBe('damaged');
    expect(read.kind === 'damaged' && read.reason).toContain(sentence);
  });
});

describe('a target', () => {
  it.each([
    ['10.0.0.7', 'range'],
    ['10.0.0.7:22', 'range'],
    ['fd00::1', 'range'],
    ['[fd00::1]:22', 'range'],
    ['::ffff:10.0.0.0/104', 'range'],
    ['*', 'any'],
    ['*:22', 'any'],
    ['DB-01.Example.org.', 'name'],
    ['*.example.org:8000-8080', 'name'],
    ['münchen.example', 'name'],
    ['7.*.münchen.example', 'name'],
  ])('%s is understood as %s', (given, kind) => {
    const target = decodeTarget(given);
    expect(typeof target === 'string' ? target : target.host.kind).toBe(kind);
  });

  it('is one machine in all spellings of its name', () => {
    const names = ['DB.example.org', 'db.EXAMPLE.org.', ' db.example.org ', 'ｄｂ。example.org'].map(
      decodeTarget,
    );
    expect(
      new Set(names.map((target) => typeof target !== 'string' && JSON.stringify(target.host))).size,
    ).toBe(1);
  });
});

describe('a pattern', () => {
  it.each([
    ['alice', 'alice', true],
    ['alice', 'al*', true],
    ['alice', '*ice', true],
    ['alice', 'a*c*', true],
    ['alice', '*', true],
    ['', '*', true],
    ['ab', 'ab*b', false],
    ['alice', 'a*x*', false],
    ['aba', 'ab*ba', false],
    ['a.b', 'a?b', false],
  ])('%s is like %s: %s', (given, pattern, expected) => {
    expect(isLike(given, pattern)).toBe(expected);
  });

  it('takes no longer for what is made to be slow', () => {
    expect(isLike('a'.repeat(20_000), `${'*a'.repeat(2_000)}b`)).toBe(false);
  });
});

describe('times of day', () => {
  const clock = wallClockIn('Europe/Berlin');
  const at = (moment: string) => clock(Date.parse(moment));

  it('are those of the time zone, also in summer', () => {
    expect(at('2026-01-05T07:30:00Z')).toEqual({ day: 1, minute: 8 * 60 + 30 });
    expect(at('2026-07-05T22:30:00Z')).toEqual({ day: 1, minute: 30 });
  });

  it('are read as a clock on the wall shows them, whatever the time zone', () => {
    expect(wallClockOf('2026-11-29T03:00')).toEqual({ day: 7, minute: 180 });
    expect(wallClockOf('2024-02-29T23:59')).toEqual({ day: 4, minute: 1439 });
    for (const none of [
      '2026-02-29T03:00',
      '2026-13-01T03:00',
      '2026-11-29T24:00',
      '2026-11-29 03:00',
      'now',
    ])
      expect(wallClockOf(none)).toBeNull();
  });

  it('begin with the first minute and end before the last', () => {
    const span = { days: [1], from: '08:00', to: '18:00' };
    expect(isDuring(span, { day: 1, minute: 480 })).toBe(true);
    expect(isDuring(span, { day: 1, minute: 1079 })).toBe(true);
    expect(isDuring(span, { day: 1, minute: 1080 })).toBe(false);
    expect(isDuring(span, { day: 2, minute: 600 })).toBe(false);
  });

  it('that go over midnight belong to the day on which they began', () => {
    const span = { days: [7], from: '22:00', to: '06:00' };
    expect(isDuring(span, { day: 7, minute: 1380 })).toBe(true);
    expect(isDuring(span, { day: 1, minute: 300 })).toBe(true);
    expect(isDuring(span, { day: 7, minute: 300 })).toBe(false);
    expect(isDuring(span, { day: 1, minute: 1380 })).toBe(false);
  });
});
