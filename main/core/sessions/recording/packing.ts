import { promisify } from 'node:util';
import { constants, deflateRaw, type ZlibOptions } from 'node:zlib';

const deflate = promisify(deflateRaw);

type Way = 'thorough' | 'quick' | 'plain';

/**
 * What each way costs, measured for a megabyte: for instructions that draw 0.8 ms and 6 % of the size are left. For
 * pictures, which are packed already, 16 ms for 75 % (only what base64 added goes), and 4 ms for as much without
 * looking for anything that comes again.
 */
const OPTIONS: Readonly<Record<Exclude<Way, 'plain'>, ZlibOptions>> = {
  thorough: { level: constants.Z_BEST_SPEED },
  quick: { level: constants.Z_BEST_SPEED, strategy: constants.Z_HUFFMAN_ONLY },
};
/** A block of which more than this is left holds mostly pictures … */
const MOSTLY_PICTURES = 0.6;
/** … and so, probably, do this many that follow. */
const BLOCKS_AHEAD = 32;
/** Pictures that come faster are written as they are, in bytes a second: the session's time is worth more than the disk. */
const TOO_FAST_TO_PACK = 8 * 1024 * 1024;
/** With this many bytes waiting for the disk nothing is packed at all: it has to keep up first. */
const NO_TIME_TO_PACK = 2 * 1024 * 1024;
/**
 * A block that hardly gets smaller has room for itself and this many bytes more: where zlib runs out of room it comes
 * back for more, on the thread that relays, by default every 16 KiB.
 */
const SPARE = 1024;
/** More pieces than this are joined before they are written. */
const MAX_PIECES = 64;

export interface Packed {
  readonly isDeflated: boolean;
  /** In order, one payload. */
  readonly pieces: readonly Buffer[];
  /** Of all pieces. */
  readonly length: number;
}

/** Makes blocks smaller as far as that is worth its time, by what the blocks before were like. */
export class Packing {
  #picturesAhead = 0;
  #lastAt = 0;

  /** `at` is the block's time in milliseconds, `waiting` the bytes behind it that are not on the disk yet. */
  async pack(pieces: readonly Buffer[], bytes: number, at: number, waiting: number): Promise<Packed> {
    const way = this.#way(bytes, at, waiting);
    if (way === 'plain')
      return {
        isDeflated: false,
        pieces: pieces.length > MAX_PIECES ? [Buffer.concat(pieces, bytes)] : pieces,
        length: bytes,
      };
    const packed = await deflate(Buffer.concat(pieces, bytes), { ...OPTIONS[way], chunkSize: bytes + SPARE });
    this.#learn(way, packed.length / bytes);
    return { isDeflated: true, pieces: [packed], length: packed.length };
  }

  #way(bytes: number, at: number, waiting: number): Way {
    const isFast = bytes * 1000 > TOO_FAST_TO_PACK * (at - this.#lastAt);
    this.#lastAt = at;
    if (waiting >= NO_TIME_TO_PACK) return 'plain';
    if (this.#picturesAhead === 0) return 'thorough';
    this.#picturesAhead -= 1;
    return isFast ? 'plain' : 'quick';
  }

  #learn(way: Way, left: number): void {
    if (left <= MOSTLY_PICTURES) this.#picturesAhead = 0;
    else if (way === 'thorough') this.#picturesAhead = BLOCKS_AHEAD;
  }
}

/** The part of a `FileHandle` that writing needs. */
export interface Writable {
  writev(pieces: Buffer[]): Promise<{ readonly bytesWritten: number }>;
  writeFile(bytes: Buffer): Promise<void>;
}

/** Writes all of it: a disk that is nearly full takes a part without a word, and refuses the rest. */
export async function writeAll(file: Writable, pieces: readonly Buffer[], length: number): Promise<void> {
  const { bytesWritten } = await file.writev([...pieces]);
  if (bytesWritten < length) await file.writeFile(Buffer.concat(pieces, length).subarray(bytesWritten));
}
