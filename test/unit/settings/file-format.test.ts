import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument, withSetting, writeDocument } from '../../../main/core/settings/file-format.ts';

describe('the text of the settings file', () => {
  it('is read back as it was written, whatever is in it, names such as __proto__ too', () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'version', 'settings'),
    );
    const table = fc.array(fc.tuple(names, fc.jsonValue())).map((entries) => new Map(entries));
    fc.assert(
      fc.property(table, table, (settings, others) => {
        const rest = new Map([...others].filter(([name]) => name !== 'version' && name !== 'settings'));
        const read = readDocument(writeDocument({ settings, rest }));
        if (read.kind !== 'document') throw new Error(read.kind);
        const plain = (map: ReadonlyMap<string, unknown>) =>
          JSON.stringify([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
        expect(plain(read.document.settings)).toBe(plain(new Map(JSON.parse(JSON.stringify([...settings])))));
        expect(plain(read.document.rest)).toBe(plain(new Map(JSON.parse(JSON.stringify([...rest])))));
      }),
    );
  });

  it('is decided without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['document', 'newer', 'damaged']).toContain(readDocument(text).kind);
      }),
    );
  });

  it('has a version that counts: older is migrated, newer is left alone, none is written by hand', () => {
    expect(readDocument('{"version":1,"settings":{}}').kind).toBe('document');
    expect(readDocument('{"version":2,"settings":{}}')).toEqual({ kind: 'newer', version: 2 });
    for (const version of ['-1', '1.5', 'null', '"1"', 'true', '[]'])
      expect(readDocument(`{"version":${version},"settings":{}}`).kind).toBe('damaged');
    expect(readDocument('{"version":0,"log.level":"debug"}')).toMatchObject({ kind: 'document' });
  });

  it('has one setting put in or taken out, and the rest untouched', () => {
    const document = { settings: new Map<string, unknown>([['a', 1]]), rest: new Map([['note', 'x']]) };
    expect([...withSetting(document, 'b', 2).settings]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect([...withSetting(document, 'a', undefined).settings]).toEqual([]);
    expect([...document.settings]).toEqual([['a', 1]]);
  });
});
