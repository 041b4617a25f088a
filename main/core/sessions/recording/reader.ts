import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import * as v from 'valibot';
import { SallyportError } from '../../errors.ts';
import {
  type Block,
  decodeHead,
  decodeHeader,
  endSchema,
  HEAD_BYTES,
  headerHash,
  MAX_HEADER_BYTES,
  MAX_PAYLOAD_BYTES,
  placeOf,
  type RecordingEnd,
  type RecordingHeader,
} from './format.ts';
import type { BlockSeal } from './seal.ts';

const inflate = promisify(inflateRaw);

/** What a list shows of a recording without reading what is in it. */
export interface RecordingSummary {
  readonly header: RecordingHeader;
  /** Of the file. */
  readonly bytes: number;
  /** From the first to the last block, in milliseconds. */
  readonly durationMs: number;
  /** Whether its last block is there: it is not still written, and has not broken off. */
  readonly isWhole: boolean;
  /** Null where it is not whole, or its seal is not at hand. */
  readonly end: RecordingEnd | null;
}

/** Reads a recording from its file; rejects with `recording-unreadable` for what is none. */
export class RecordingReader {
  readonly header: RecordingHeader;
  readonly #file: FileHandle;
  /** Where the first block begins. */
  readonly #first: number;
  readonly #headerHash: Buffer;

  private constructor(file: FileHandle, header: RecordingHeader, line: Buffer) {
    this.#file = file;
    this.header = header;
    this.#first = line.length;
    this.#headerHash = headerHash(line);
  }

  static async open(path: string): Promise<RecordingReader> {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw SallyportError.from(error, 'The recording', 'recording-unreadable');
    });
    try {
      const start = Buffer.alloc(MAX_HEADER_BYTES);
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      const end = start.subarray(0, bytesRead).indexOf(0x0a);
      const header = end < 0 ? null : decodeHeader(start.toString('utf8', 0, end));
      if (header === null) throw notOne();
      return new RecordingReader(file, header, start.subarray(0, end + 1));
    } catch (error) {
      await file.close();
      throw SallyportError.from(error, 'The recording', 'recording-unreadable');
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Jumps from head to head; `seal` is needed for the end's words alone. */
  async summary(seal: BlockSeal | null): Promise<RecordingSummary> {
    const { size } = await this.#file.stat();
    let durationMs = 0;
    let end: RecordingEnd | null = null;
    let isWhole = false;
    let index = 0;
    for await (const { position, head } of this.#heads()) {
      durationMs = head.at;
      if (head.kind === 'end') {
        isWhole = true;
        end = await this.#end(position, head, index, seal);
      }
      index += 1;
    }
    return { header: this.header, bytes: size, durationMs, isWhole, end };
  }

  /**
   * The instructions as guacd sent them, block by block. Ends quietly where the file was torn; throws
   * `recording-unreadable` for a block that was changed, the last one as well, or whose key is missing.
   */
  async *instructions(
    seal: BlockSeal | null,
  ): AsyncGenerator<{ readonly at: number; readonly bytes: Buffer }> {
    let index = 0;
    for await (const { position, head } of this.#heads()) {
      // Also of an end: what a block says of itself is known to be true only when it was opened.
      const bytes = await this.#payload(position, head, index, seal);
      if (head.kind === 'instructions') yield { at: head.at, bytes };
      index += 1;
    }
  }

  /** Every whole block's head, and where its payload begins. */
  async *#heads(): AsyncGenerator<{ position: number; head: Block }> {
    const { size } = await this.#file.stat();
    let position = this.#first;
    const bytes = Buffer.alloc(HEAD_BYTES);
    while (position + HEAD_BYTES <= size) {
      await this.#file.read(bytes, 0, HEAD_BYTES, position);
      const head = decodeHead(bytes);
      if (head === null || position + HEAD_BYTES + head.length > size) return;
      yield { position: position + HEAD_BYTES, head };
      position += HEAD_BYTES + head.length;
    }
  }

  async #payload(position: number, head: Block, index: number, seal: BlockSeal | null): Promise<Buffer> {
    const { isDeflated, isSealed, length } = head;
    const bytes = Buffer.alloc(length);
    await this.#file.read(bytes, 0, length, position);
    if (isSealed && seal === null) throw locked();
    try {
      // One that is sealed is so from the first block to the last.
      if (isSealed !== (this.header.seal !== null))
        throw new Error('A block is sealed, or not, unlike the others.');
      const place = placeOf(this.#headerHash, index, head);
      const packed = isSealed && seal !== null ? seal.open(bytes, place) : bytes;
      return isDeflated ? await inflate(packed, { maxOutputLength: MAX_PAYLOAD_BYTES }) : packed;
    } catch (error) {
      throw new SallyportError('recording-unreadable', 'The recording was changed after it was written.', {
        advice: 'What comes before the change can be played.',
        cause: error,
      });
    }
  }

  /** Null where it cannot be read: whoever plays it gets as far, and hears why. */
  async #end(
    position: number,
    head: Block,
    index: number,
    seal: BlockSeal | null,
  ): Promise<RecordingEnd | null> {
    if (head.isSealed && seal === null) return null;
    try {
      const payload = await this.#payload(position, head, index, seal);
      return v.parse(endSchema, JSON.parse(payload.toString('utf8')));
    } catch {
      return null;
    }
  }
}

function notOne(): SallyportError {
  return new SallyportError('recording-unreadable', 'That is no recording, or one of a newer Sallyport.');
}

function locked(): SallyportError {
  return new SallyportError(
    'recording-unreadable',
    'The recording is sealed, and the vault that opens it is locked.',
    {
      advice: 'Unlock the vault first.',
    },
  );
}
