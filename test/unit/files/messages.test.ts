import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWord } from '../../../main/core/sessions/drive/frames.ts';
import { decodeFileRequest, isFileRequest } from '../../../main/core/sessions/drive/messages.ts';

const KINDS = ['list', 'prepare', 'finish', 'cancel', 'refused', 'unreadable'];
/** A request with any of its fields missing, or of any type. */
const anyRequest = fc.record(
  {
    request: fc.oneof(fc.constant('r'.repeat(32)), fc.jsonValue()),
    action: fc.oneof(fc.constantFrom('prepare', 'finish', 'cancel'), fc.jsonValue()),
    id: fc.oneof(fc.constant('i'.repeat(36)), fc.jsonValue()),
    path: fc.oneof(fc.string(), fc.jsonValue()),
    direction: fc.oneof(fc.constantFrom('upload', 'download'), fc.jsonValue()),
    size: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
    tenant: fc.oneof(fc.string(), fc.jsonValue()),
    cursor: fc.oneof(fc.string(), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(
  anyRequest.map((request) => JSON.stringify(request)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

describe('a request for files', () => {
  it('is always read as one thing or the other, whatever it is, and what is taken is whole', () => {
    fc.assert(
      fc.property(fc.constantFrom('list', 'bulk'), anyBody, (on, body) => {
        const frame = Buffer.from(`0.authentik.${on}.${body}`);
        expect(isFileRequest(frame)).toBe(true);
        const asked = decodeFileRequest(frame);
        expect(KINDS).toContain(asked.kind);
        if (asked.kind !== 'unreadable') expect(asked.request).toHaveLength(32);
        if (asked.kind !== 'prepare') return;
        expect(Number.isSafeInteger(asked.size) && asked.size >= 0).toBe(true);
        expect(['upload', 'download']).toContain(asked.direction);
        expect(asked.tenant).toMatch(/^[\x21-\x7e]*$/);
        expect(asked.id).toMatch(/^[\x21-\x7e]{36}$/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is told from everything else', () => {
    for (const other of [
      '',
      '0',
      '0.',
      '0.authentik.disconnect',
      '0.authentik.lists.{}',
      '4.sync,1.1;',
      ' 0.authentik.list.{}',
    ])
      expect(isFileRequest(Buffer.from(other))).toBe(false);
  });
});

describe('a word on a transfer’s websocket', () => {
  it('is known or not, whatever it is, and its numbers can be counted with', () => {
    const anyWord = fc.record(
      {
        type: fc.oneof(fc.constantFrom('start', 'credit', 'complete'), fc.jsonValue()),
        offset: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
        length: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
        bytes: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const any = fc.oneof(
      anyWord.map((word) => JSON.stringify(word)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const word = decodeWord(Buffer.from(text));
        if (!word) return;
        for (const [name, value] of Object.entries(word))
          if (name !== 'type') expect(Number.isSafeInteger(value) && Number(value) >= 0).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes what authentik leaves out for zero', () => {
    expect(decodeWord(Buffer.from('{"type":"start"}'))).toEqual({ type: 'start', offset: 0, length: 0 });
  });
});
