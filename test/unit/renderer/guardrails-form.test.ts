import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentOf,
  moved,
  type RawRule,
  textOf,
  withRules,
  withValue,
} from '../../../renderer/console/guardrails/document.ts';
import { placeOf } from '../../../renderer/console/guardrails/place.ts';
import { draftOf, FIELDS, fieldOfPath, ruleOf } from '../../../renderer/console/guardrails/rule-draft.ts';

const FULL: RawRule = {
  'x-ticket': 'OPS-12',
  name: 'Databases by day',
  action: 'allow',
  because: 'Ask the database team',
  sources: ['local', 'authentik'],
  users: ['dba-*', ' spaced '],
  protocols: ['ssh'],
  targets: ['10.20.0.0/16:22', '[fd00::1]:22'],
  times: [
    { days: [1, 2], from: '08:00', to: '18:00' },
    { from: '20:00', to: '21:00' },
  ],
  parameters: { force: { 'disable-copy': 'true', motd: 'two\nlines' }, forbid: ['recording-*'], later: 1 },
  record: 'always',
  endWithoutRecording: false,
  longestMinutes: 240,
  idleMinutes: 15,
  holdSeconds: 0,
  files: { upload: false, download: true, maxBytes: 1e9, names: ['*.exe'], later: { deep: [1] } },
  most: { inAll: 4, perMachine: 1, perUser: 2 },
};
const text = JSON.stringify(
  { later: 'kept', version: 1, rules: [FULL, { name: 'No', action: 'deny' }] },
  null,
  2,
);

describe('the form of the guardrails', () => {
  it('gives back every text that it can show as it was, fields that it does not know included', () => {
    const document = documentOf(text);
    expect(document && textOf(document)).toBe(`${text}\n`);
  });

  it('changes nothing of a rule that was only looked at', () => {
    expect(JSON.stringify(ruleOf(FULL, draftOf(FULL)))).toBe(JSON.stringify(FULL));
  });

  it('changes what was changed, and leaves all else as it is', () => {
    const changed = ruleOf(FULL, {
      ...draftOf(FULL),
      targets: '10.0.0.7\n\n  db.example.org ',
      upload: '',
      maxBytes: '12',
      idleMinutes: '',
      inAll: '',
      perMachine: '',
      perUser: '',
    });
    const { idleMinutes: _, most: __, ...others } = FULL;
    expect(changed).toEqual({
      ...others,
      targets: ['10.0.0.7', 'db.example.org'],
      files: { download: true, maxBytes: 12, names: ['*.exe'], later: { deep: [1] } },
    });
  });

  it('writes each field so that it is read as it was typed', () => {
    const line = fc.stringMatching(/^[a-z0-9.*-]{1,12}$/);
    const draft = fc.record({
      name: line,
      action: fc.constantFrom('allow', 'deny'),
      because: fc.oneof(fc.constant(''), line),
      sources: fc.constantFrom('', 'authentik', 'local', 'authentik,local'),
      users: fc.array(line).map((lines) => lines.join('\n')),
      protocols: fc.array(line).map((lines) => lines.join('\n')),
      targets: fc.array(line).map((lines) => lines.join('\n')),
      times: fc.array(
        fc.record({
          days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
          from: fc.constant('08:00'),
          to: fc.constant('18:00'),
        }),
        { maxLength: 3 },
      ),
      // Names that are numbers would be put in another order.
      force: fc.uniqueArray(
        fc.record({ name: fc.stringMatching(/^[a-z][a-z-]{0,8}$/), value: fc.string() }),
        { selector: ({ name }) => name },
      ),
      forbid: fc.array(line).map((lines) => lines.join('\n')),
      record: fc.constantFrom('', 'always', 'never'),
      endWithoutRecording: fc.boolean(),
      longestMinutes: fc.oneof(fc.constant(''), fc.nat().map(String)),
      idleMinutes: fc.oneof(fc.constant(''), fc.nat().map(String)),
      holdSeconds: fc.oneof(fc.constant(''), fc.nat().map(String)),
      upload: fc.constantFrom('', 'yes', 'no'),
      download: fc.constantFrom('', 'yes', 'no'),
      maxBytes: fc.oneof(fc.constant(''), fc.nat().map(String)),
      names: fc.array(line).map((lines) => lines.join('\n')),
      inAll: fc.oneof(fc.constant(''), fc.nat().map(String)),
      perMachine: fc.oneof(fc.constant(''), fc.nat().map(String)),
      perUser: fc.oneof(fc.constant(''), fc.nat().map(String)),
    });
    fc.assert(
      fc.property(draft, (typed) => {
        const rule = ruleOf({ name: 'old', action: 'deny' }, typed);
        expect(draftOf(rule)).toEqual(typed);
        expect(documentOf(textOf({ version: 1, rules: [rule] }))?.rules).toEqual([rule]);
      }),
    );
  });

  it('shows as text alone what a form would lose', () => {
    const kept = (part: object) =>
      documentOf(JSON.stringify({ version: 1, rules: [{ name: 'a', ...part }] }));
    expect(kept({})).not.toBeNull();
    for (const part of [
      { users: 'alice' },
      { targets: [1] },
      { times: [{ from: 8 }] },
      { parameters: { force: ['a'] } },
      { files: true },
      { most: { inAll: 'ten' } },
      { longestMinutes: '5' },
    ])
      expect(kept(part), JSON.stringify(part)).toBeNull();
    for (const other of ['', '[]', '{', '{"rules":{}}', '{"rules":[1]}', '{"rules":[],"most":3}'])
      expect(documentOf(other), other).toBeNull();
  });

  it('moves rules, and keeps the place of a value that is replaced', () => {
    const document = documentOf(text);
    const rules = document?.rules ?? [];
    expect(moved(rules, 1, 0).map(({ name }) => name)).toEqual(['No', 'Databases by day']);
    expect(moved(rules, 0, 1).map(({ name }) => name)).toEqual(['No', 'Databases by day']);
    expect(moved(rules, 7, 0)).toBe(rules);
    expect(document && withRules(document, [])).toMatchObject({ later: 'kept', rules: [] });
    expect(Object.keys(withValue({ a: 1, b: 2, c: 3 }, 'b', 9))).toEqual(['a', 'b', 'c']);
  });

  it('finds the field that the outpost complains of', () => {
    for (const [name, { path }] of Object.entries(FIELDS)) {
      expect(fieldOfPath(path)).toBe(name);
      expect(fieldOfPath(`${path}.0`)).toBe(name);
    }
    expect(fieldOfPath('unknown')).toBeNull();
    expect(fieldOfPath('')).toBeNull();
  });

  it('reads where somebody wants to go', () => {
    expect(placeOf('10.0.0.7:22')).toEqual({ host: '10.0.0.7', port: 22 });
    expect(placeOf(' web-01 ')).toEqual({ host: 'web-01', port: null });
    expect(placeOf('[fd00::1]:22')).toEqual({ host: 'fd00::1', port: 22 });
    expect(placeOf('fd00::1')).toEqual({ host: 'fd00::1', port: null });
    for (const wrong of ['', ':22', 'a:0', 'a:70000', 'a b', '[x', `${'a'.repeat(254)}`])
      expect(placeOf(wrong), wrong).toBeNull();
  });
});
