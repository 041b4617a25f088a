import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { codePoints, decode, encode, MAX_ELEMENTS } from '../../../main/core/guacamole/instruction.ts';

test('lengths count code points, not bytes and not UTF-16 units', () => {
  expect(encode('name', 'ä€😀')).toBe('4.name,3.ä€😀;');
  expect(encode('')).toBe('0.;');
  expect(encode('', 'ping', '1')).toBe('0.,4.ping,1.1;');
});

test('a code point is what a string iterates over', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(codePoints(text)).toBe([...text].length);
    }),
  );
});

test.each(['\ud83d', '\ude00', 'a\ud83d', '\ud83d\ud83d\ude00', '\ude00\ud83d'])(
  'half a surrogate pair counts as the one code point that it becomes in UTF-8: %j',
  (text) => {
    const bytes = Buffer.from(encode('x', text));
    expect(decode(bytes)).toEqual(['x', Buffer.from(text).toString()]);
    expect(splitInstructions(bytes)).toEqual([bytes]);
  },
);

test('what is encoded decodes to the same parts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(';', ',', '.', '1', '😀') }),
  );
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 10 }), (opcode, args) => {
      const bytes = Buffer.from(encode(opcode, ...args));
      expect(decode(bytes)).toEqual([opcode, ...args].map((part) => Buffer.from(part).toString()));
    }),
  );
});

test.each([
  '',
  ';',
  '4',
  '4.',
  '4.nam',
  '4.name',
  '4.name,',
  '4.name;x',
  '4.name;4.name;',
  '3.name;',
  '5.name;',
  '-1.name;',
  'x.name;',
  '.name;',
  ' 4.name;',
  '4.name,3;',
  '999999999.name;',
  '1e2.name;',
])('%j is not one instruction', (text) => {
  expect(() => decode(Buffer.from(text))).toThrow(
    expect.objectContaining({ code: 'instruction-malformed', name: 'SallyportError' }),
  );
});

test('as many elements as allowed are read, one more is refused', () => {
  const [first = '', ...rest] = Array.from({ length: MAX_ELEMENTS }, (_, index) => String(index));
  expect(decode(Buffer.from(encode(first, ...rest)))).toHaveLength(MAX_ELEMENTS);
  expect(() => decode(Buffer.from(encode(first, ...rest, 'more')))).toThrow(SallyportError);
});

test('random bytes are decoded or refused with an error of ours', () => {
  const nearly = fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '.', ',', ';', 'a', 'é', '😀') });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        nearly.map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        try {
          decode(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(SallyportError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
