import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';
import { isAscii } from '../../../renderer/viewer/guacamole/ascii.ts';
import { encodeInstruction } from '../../../renderer/viewer/guacamole/encode.ts';
import { BrokenStream, InstructionParser } from '../../../renderer/viewer/guacamole/parser.ts';

/** Text as it may stand in a stream: every character of Unicode, long runs of base64, no lone surrogates. */
const element = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.stringMatching(/^[A-Za-z0-9+/]{0,300}$/),
  fc.constantFrom(
    '',
    '😀',
    '👩‍👩‍👧',
    'e\u0301',
    '\ufeff',
    '\u202e',
    ';,.',
    '5.error',
    '\u{10ffff}',
    'ü'.repeat(200),
  ),
);
const instruction = fc
  .tuple(fc.constantFrom('blob', 'name', 'sync', '😀'), fc.array(element, { maxLength: 6 }))
  .map(([opcode, args]): Instruction => [opcode, ...args]);

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  return [0, ...at].map((from, index) => bytes.slice(from, at[index] ?? bytes.length));
}

function read(chunks: readonly Uint8Array[], limits = {}): string[][] {
  const told: string[][] = [];
  const parser = new InstructionParser((opcode, args) => told.push([opcode, ...args]), limits);
  for (const chunk of chunks) parser.push(chunk);
  return told;
}

describe('the viewer’s parser', () => {
  it('reads what the core’s encoder writes, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(instruction, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (said, cuts) => {
          const bytes = new Uint8Array(Buffer.from(said.map((one) => encode(...one)).join('')));
          expect(read(pieces(bytes, cuts))).toEqual(said);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads the same byte by byte', () => {
    const said = [
      ['name', 'Ω😀.txt', ''],
      ['blob', '7', 'QUJD'.repeat(100)],
      ['sync', '12', '\ufeffx'],
    ];
    const bytes = Buffer.from(said.map(([opcode = '', ...args]) => encode(opcode, ...args)).join(''));
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(said);
  });

  it('counts bytes that are no UTF-8 as the outpost does, and goes on', () => {
    const bytes = Uint8Array.from([...Buffer.from('4.name,2.'), 0xff, 0x41, ...Buffer.from(';4.sync,1.1;')]);
    expect(read([bytes])).toEqual([
      ['name', '\ufffdA'],
      ['sync', '1'],
    ]);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(read([bytes]));
  });

  it.each([
    ['a length without digits', '.sync;'],
    ['a value longer than it says', '3.sync,1.1;'],
    ['letters for a length', '4x.sync;'],
    ['a length of nine digits', '123456789.x;'],
  ])('refuses %s', (_, text) => {
    expect(() => read([new Uint8Array(Buffer.from(text))])).toThrow(BrokenStream);
  });

  it('tells what was complete before a fault', () => {
    const told: string[] = [];
    const parser = new InstructionParser((opcode) => told.push(opcode));
    expect(() => parser.push(new Uint8Array(Buffer.from('3.nop;4.sync,1.1;x')))).toThrow(BrokenStream);
    expect(told).toEqual(['nop', 'sync']);
  });

  it('takes an instruction at its bound and refuses one beyond it, before it has come', () => {
    const limits = { instructionBytes: 100 };
    expect(read([new Uint8Array(Buffer.from(encode('blob', 'x'.repeat(89))))], limits)).toHaveLength(1);
    expect(() => read([new Uint8Array(Buffer.from('4.blob,95.'))], limits)).toThrow(BrokenStream);
    const many = { elements: 3 };
    expect(read([new Uint8Array(Buffer.from(encode('a', 'b', 'c')))], many)).toHaveLength(1);
    expect(() => read([new Uint8Array(Buffer.from(encode('a', 'b', 'c', 'd')))], many)).toThrow(BrokenStream);
  });

  it('encodes as the core does', () => {
    fc.assert(
      fc.property(instruction, (said) => {
        expect(Buffer.from(encodeInstruction(said)).toString()).toBe(encode(...said));
      }),
    );
    expect(Buffer.from(encodeInstruction(['key', 65, true])).toString()).toBe('3.key,2.65,4.true;');
    expect(Buffer.from(encodeInstruction(['a\ud800'])).toString()).toBe('2.a\ufffd;');
  });

  it('knows ASCII at every offset and length', () => {
    const all = new Uint8Array(40).fill(0x41);
    for (let from = 0; from < 9; from += 1)
      for (let to = from; to < 40; to += 1) {
        expect(isAscii(all.subarray(from, to))).toBe(true);
        for (let at = from; at < to; at += 1) {
          const one = all.slice();
          one[at] = 0x80;
          expect(isAscii(one.subarray(from, to)), `${from} ${to} ${at}`).toBe(false);
        }
      }
  });
});
