import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { Packing, writeAll } from '../../../main/core/sessions/recording/packing.ts';

const BLOCK = 256 * 1024;
/** What a second brings at these rates, as milliseconds between two blocks. */
const SLOW_MS = 500;
const FAST_MS = 5;

function filled(instruction: () => string): Buffer[] {
  const pieces: Buffer[] = [];
  for (let bytes = 0; bytes < BLOCK; bytes += pieces[pieces.length - 1]?.length ?? 0)
    pieces.push(Buffer.from(instruction()));
  return pieces;
}
const pictures = () => filled(() => encode('blob', '1', randomBytes(6048).toString('base64')));
const drawing = () => filled(() => encode('rect', '0', '190', '12', '8', '16').repeat(100));

/** Packs block after block at one rate, and checks that each is the same when it is unpacked. */
class Stream {
  readonly #packing = new Packing();
  #at = 0;

  async left(pieces: Buffer[], everyMs: number, waiting = 0): Promise<number> {
    const plain = Buffer.concat(pieces);
    this.#at += everyMs;
    const packed = await this.#packing.pack(pieces, plain.length, this.#at, waiting);
    const payload = Buffer.concat(packed.pieces);
    expect(payload.length).toBe(packed.length);
    expect(plain.equals(packed.isDeflated ? inflateRawSync(payload) : payload)).toBe(true);
    return packed.length / plain.length;
  }
}

describe('blocks of a recording', () => {
  it('of what draws become small, at any rate', async () => {
    const stream = new Stream();
    for (const everyMs of [SLOW_MS, FAST_MS, FAST_MS])
      expect(await stream.left(drawing(), everyMs)).toBeLessThan(0.1);
  });

  it('of pictures lose what base64 added, and are left as they are where they come fast', async () => {
    const stream = new Stream();
    await stream.left(pictures(), SLOW_MS);
    const slow = await stream.left(pictures(), SLOW_MS);
    expect(slow).toBeGreaterThan(0.7);
    expect(slow).toBeLessThan(0.8);
    expect(await stream.left(pictures(), FAST_MS)).toBe(1);
  });

  it('are looked at anew when pictures are over', async () => {
    const stream = new Stream();
    await stream.left(pictures(), SLOW_MS);
    await stream.left(drawing(), SLOW_MS);
    expect(await stream.left(drawing(), SLOW_MS)).toBeLessThan(0.1);
    await stream.left(pictures(), FAST_MS);
    const left: number[] = [];
    for (let block = 0; block < 40; block += 1) left.push(await stream.left(drawing(), FAST_MS));
    expect(left[0]).toBe(1);
    expect(left.filter((one) => one < 0.1).length).toBeGreaterThan(5);
  });

  it('are left as they are while the disk is behind', async () => {
    expect(await new Stream().left(drawing(), SLOW_MS, 4 * 1024 * 1024)).toBe(1);
  });

  it('are written to their end where the disk takes a part at first', async () => {
    const written: Buffer[] = [];
    const file = {
      writev: async (pieces: Buffer[]) => {
        written.push(Buffer.concat(pieces).subarray(0, 5));
        return { bytesWritten: 5 };
      },
      writeFile: async (rest: Buffer) => {
        written.push(rest);
      },
    };
    await writeAll(file, [Buffer.from('head'), Buffer.from('payload')], 11);
    expect(Buffer.concat(written).toString()).toBe('headpayload');
  });
});
