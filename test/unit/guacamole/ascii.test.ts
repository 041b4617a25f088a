import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAscii, isAsciiByLoop } from '../../../main/core/guacamole/ascii.ts';

test('the loop says the same as the native function', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100, max: 0x80 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      const truth = bytes.every((byte) => byte < 0x80);
      expect(isAscii(buffer)).toBe(truth);
      expect(isAsciiByLoop(buffer)).toBe(truth);
    }),
  );
});

test('one byte above 0x7f is found wherever it lies', () => {
  for (let length = 1; length <= 33; length += 1) {
    for (let at = 0; at < length; at += 1) {
      const bytes = Buffer.alloc(length, 0x7f);
      expect(isAsciiByLoop(bytes)).toBe(true);
      bytes[at] = 0x80;
      expect(isAsciiByLoop(bytes)).toBe(false);
    }
  }
});
