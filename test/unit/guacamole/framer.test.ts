import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { Framer, splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { byteByByte, frame } from './streams.ts';

const texts = (messages: readonly Buffer[]) => messages.map((message) => message.toString());

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(';', ',', '.', '3', 'a', 'é', '€', '😀'), maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', 'B', '/'), minLength: 100, maxLength: 500 }),
);
const opcode = fc.oneof(fc.constantFrom('', 'error', 'errors', 'sync', 'img', 'disconnect'), value);
const instruction = fc
  .tuple(opcode, fc.array(value, { maxLength: 4 }))
  .map(([name, args]) => encode(name, ...args));
const stream = fc.array(instruction, { maxLength: 12 });

/** Bytes in pieces that may lie anywhere: inside a length, an emoji, a terminator. */
function pieces(bytes: Buffer): fc.Arbitrary<Buffer[]> {
  return fc.array(fc.nat({ max: bytes.length }), { maxLength: 30 }).map((cuts) => {
    const sorted = cuts.sort((a, b) => a - b);
    return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
  });
}

describe('whatever the cuts', () => {
  test('the same bytes come out, and every message ends where an instruction ends', () => {
    const cases = stream.chain((instructions) => {
      const bytes = Buffer.from(instructions.join(''));
      return fc.tuple(fc.constant(instructions), fc.constant(bytes), pieces(bytes));
    });
    fc.assert(
      fc.property(cases, ([instructions, bytes, chunks]) => {
        const { messages, bytes: out, framer } = frame(chunks);
        expect(out.equals(bytes)).toBe(true);
        expect(framer.pendingBytes).toBe(0);
        expect(messages.flatMap((message) => texts(splitInstructions(message)))).toEqual(
          instructions.map((text) => Buffer.from(text).toString()),
        );
      }),
    );
  });

  test('what is complete is forwarded at once, and the rest waits', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (instructions, where) => {
        const all = Buffer.from(instructions.join(''));
        const at = where % (all.length + 1);
        const { bytes, framer } = frame([all.subarray(0, at)]);
        let border = 0;
        for (const text of instructions) {
          const next = border + Buffer.byteLength(text);
          if (next > at) break;
          border = next;
        }
        expect(bytes.length).toBe(border);
        expect(framer.pendingBytes).toBe(at - border);
        expect(framer.takePending().equals(all.subarray(border, at))).toBe(true);
      }),
    );
  });

  test('no message is longer than the bound unless it is one instruction', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 2000 }), fc.boolean(), (instructions, bound, whole) => {
        const bytes = Buffer.from(instructions.join(''));
        const { messages } = frame(whole ? [bytes] : byteByByte(bytes), { maxMessageBytes: bound });
        for (const message of messages) {
          if (message.length > bound) expect(splitInstructions(message)).toHaveLength(1);
        }
        expect(Buffer.concat(messages).equals(bytes)).toBe(true);
      }),
    );
  });

  test('exactly the instructions that are asked for are shown, and exactly those refused are missing', () => {
    const cases = stream.chain((instructions) => {
      const bytes = Buffer.from(instructions.join(''));
      return fc.tuple(fc.constant(instructions), pieces(bytes), fc.array(fc.boolean(), { minLength: 1 }));
    });
    fc.assert(
      fc.property(cases, ([instructions, chunks, verdicts]) => {
        const asked = instructions.filter((text) => /^(0\.|5\.error|10\.disconnect)[,;]/.test(text));
        const shown: string[] = [];
        const kept: string[] = [];
        let turn = 0;
        const { bytes } = frame(chunks, {
          inspect: {
            opcodes: ['', 'error', 'disconnect'],
            keep: (found) => {
              const keep = verdicts[turn++ % verdicts.length] === true;
              shown.push(found.toString());
              if (keep) kept.push(found.toString());
              return keep;
            },
          },
        });
        expect(shown).toEqual(asked.map((text) => Buffer.from(text).toString()));
        let index = 0;
        const left = instructions.filter(
          (text) => !asked.includes(text) || verdicts[index++ % verdicts.length] === true,
        );
        expect(bytes.toString()).toBe(Buffer.from(left.join('')).toString());
        expect(kept).toHaveLength(left.length - (instructions.length - asked.length));
      }),
    );
  });

  test('bytes that are no UTF-8 read the same', () => {
    const odd = fc.uint8Array({ minLength: 120, maxLength: 140 }).map((bytes) => {
      const body = Buffer.from(bytes.map((byte) => (byte % 3 === 0 ? byte : byte & 0x7f)));
      const points = body.filter((byte) => (byte & 0xc0) !== 0x80).length;
      return Buffer.concat([Buffer.from(`${points}.`), body, Buffer.from(';')]);
    });
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), (instructions) => {
        const bytes = Buffer.concat([...instructions, Buffer.from(`130.${'a'.repeat(130)}\u0301;4.sync;`)]);
        const outcome = (chunks: Iterable<Buffer>) => {
          const forwarded: Buffer[] = [];
          try {
            frame(chunks, { forward: (complete) => forwarded.push(complete) });
            return `${Buffer.concat(forwarded).toString('hex')} whole`;
          } catch {
            return `${Buffer.concat(forwarded).toString('hex')} broken`;
          }
        };
        expect(outcome([bytes])).toBe(outcome(byteByByte(bytes)));
      }),
    );
  });

  test('a long ASCII value followed by stray continuation bytes reads the same in one piece and byte by byte', () => {
    const bytes = Buffer.concat([
      Buffer.from(`200.${'a'.repeat(200)}`),
      Buffer.from([0x80]),
      Buffer.from(';'),
    ]);
    expect(frame([bytes]).bytes.equals(bytes)).toBe(true);
    expect(frame(byteByByte(bytes)).bytes.equals(bytes)).toBe(true);
  });
});

describe('the bound for one instruction', () => {
  const limit = 1000;
  const ofBytes = (bytes: number) => Buffer.from(`${bytes - 5}.${'x'.repeat(bytes - 5)};`);

  test('lets one of exactly that size through', () => {
    for (const chunks of [[ofBytes(limit)], [...byteByByte(ofBytes(limit))]]) {
      expect(frame(chunks, { maxInstructionBytes: limit }).bytes).toHaveLength(limit);
    }
  });

  test('refuses one byte more as soon as its length is read', () => {
    const announced = Buffer.from(`${limit + 1 - 5}.`);
    const framer = new Framer({ maxInstructionBytes: limit, forward: () => {} });
    framer.push(announced.subarray(0, announced.length - 1));
    expect(() => framer.push(announced.subarray(-1))).toThrow(
      expect.objectContaining({ code: 'instruction-too-long' }),
    );
  });

  test('counts earlier elements, and those that came in earlier pieces', () => {
    const first = Buffer.from(`500.${'x'.repeat(500)},`);
    const fits = Buffer.from(`${limit - first.length - 5}.`);
    const tooLong = Buffer.from(`${limit - first.length - 4}.`);
    for (const chunks of [
      [Buffer.concat([first, tooLong])],
      [first, tooLong],
      [...byteByByte(first), tooLong],
    ]) {
      expect(() => frame(chunks, { maxInstructionBytes: limit })).toThrow(SallyportError);
    }
    expect(() => frame([first, fits], { maxInstructionBytes: limit })).not.toThrow();
  });

  test('is one of bytes: a value of few code points and many bytes is refused before it has filled memory', () => {
    const emoji = Buffer.from(`300.${'😀'.repeat(300)};`);
    expect(() => frame([emoji], { maxInstructionBytes: limit })).toThrow(
      expect.objectContaining({ code: 'instruction-too-long' }),
    );
    const framer = new Framer({ maxInstructionBytes: limit, forward: () => {} });
    let pushed = 0;
    expect(() => {
      for (const byte of byteByByte(emoji)) {
        framer.push(byte);
        pushed += 1;
      }
    }).toThrow(SallyportError);
    expect(pushed).toBe(limit);
  });

  test('holds for elements without end', () => {
    expect(() => frame(byteByByte(Buffer.from('1.a,'.repeat(500))), { maxInstructionBytes: limit })).toThrow(
      expect.objectContaining({ code: 'instruction-too-long' }),
    );
  });

  test.each(['99999999.', '999999999.', '000000000000.', '9'.repeat(10_000)])(
    'refuses a length such as %.12s…',
    (text) => {
      expect(() => frame([Buffer.from(text)])).toThrow(
        expect.objectContaining({ code: 'instruction-too-long' }),
      );
    },
  );
});

test.each([
  'x',
  '.',
  ';',
  ',',
  '4name;',
  '4.name.',
  '3.name;',
  '5.name;4.sync;',
  '4.name;;',
  '-1.a;',
  ' 1.a;',
  '4.name,;',
])('%j is refused whole and byte by byte, with the same sentence', (text) => {
  const failure = (chunks: Iterable<Buffer>): unknown => {
    try {
      frame(chunks);
      return null;
    } catch (error) {
      return error;
    }
  };
  const whole = failure([Buffer.from(text)]);
  expect(whole).toMatchObject({ name: 'SallyportError', code: 'instruction-malformed' });
  expect(failure(byteByByte(Buffer.from(text)))).toEqual(whole);
});

test('what was complete before the fault is forwarded, however the stream was cut', () => {
  const bytes = Buffer.from('4.sync;5.mouse,1.1;oops');
  for (const chunks of [[bytes], [...byteByByte(bytes)], [bytes.subarray(0, 9), bytes.subarray(9)]]) {
    const forwarded: Buffer[] = [];
    expect(() => frame(chunks, { forward: (complete) => forwarded.push(complete) })).toThrow(SallyportError);
    expect(Buffer.concat(forwarded).toString()).toBe('4.sync;5.mouse,1.1;');
  }
});

test('an opcode cannot hide from inspection behind a zero in its length', () => {
  const inspect = { opcodes: ['error'], keep: () => false };
  for (const text of ['05.error;', '00000005.error,1.a;', '00.;']) {
    const bytes = Buffer.from(`4.sync;${text}`);
    expect(() => frame([bytes], { inspect })).toThrow(SallyportError);
    expect(() => frame(byteByByte(bytes), { inspect })).toThrow(SallyportError);
  }
});

test('an error of whoever inspects reaches whoever pushed', () => {
  const keep = () => {
    throw new SallyportError('instruction-malformed', 'Not this one.');
  };
  expect(() => frame([Buffer.from('5.error;')], { inspect: { opcodes: ['error'], keep } })).toThrow(
    'Not this one.',
  );
});

test('random garbage gives an error of ours or nothing', () => {
  const near = fc.string({
    unit: fc.constantFrom('0', '1', '2', '9', '.', ',', ';', 'a', '😀'),
    maxLength: 200,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        near.map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        try {
          frame([Buffer.from(bytes)], { inspect: { opcodes: ['', 'a'], keep: () => false } });
        } catch (error) {
          expect(error).toBeInstanceOf(SallyportError);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('nothing comes of nothing', () => {
  expect(frame([Buffer.alloc(0), Buffer.alloc(0)]).messages).toEqual([]);
  expect(splitInstructions(Buffer.alloc(0))).toEqual([]);
});

test('splitting takes complete instructions only', () => {
  expect(texts(splitInstructions(Buffer.from('4.sync;0.,4.ping,1.1;')))).toEqual([
    '4.sync;',
    '0.,4.ping,1.1;',
  ]);
  expect(() => splitInstructions(Buffer.from('4.sync;4.sy'))).toThrow(SallyportError);
});

describe('memory', () => {
  test('a long instruction that comes byte by byte takes about its own size', () => {
    const size = 512 * 1024;
    const framer = new Framer({ maxInstructionBytes: 2 * size, forward: () => {} });
    framer.push(Buffer.from(`${size}.`));
    const byte = Buffer.from('x');
    const before = process.memoryUsage();
    for (let index = 0; index < size; index += 1) framer.push(byte);
    const after = process.memoryUsage();
    expect(framer.pendingBytes).toBe(size + String(size).length + 1);
    const grown = after.heapUsed + after.external - before.heapUsed - before.external;
    // Garbage included; a `Buffer` kept for each byte would take a hundred times the size.
    expect(grown).toBeLessThan(64 * size);
  });

  test('a short rest does not keep the large chunk that it came in', () => {
    const framers: Framer[] = [];
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 200; index += 1) {
      const chunk = Buffer.allocUnsafeSlow(256 * 1024).fill('4.sync;'.repeat(1000));
      const framer = new Framer({ maxInstructionBytes: 1000, forward: () => {} });
      framer.push(chunk);
      framers.push(framer);
    }
    globalThis.gc?.();
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(framers.every(({ pendingBytes }) => pendingBytes < 7)).toBe(true);
    // 50 MiB have passed; without `--expose-gc` only this much can be said.
    if (globalThis.gc) expect(grown).toBeLessThan(5 * 1024 * 1024);
  });
});
