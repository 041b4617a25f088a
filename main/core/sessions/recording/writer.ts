import { type FileHandle, open } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { type Failure, SallyportError } from '../../errors.ts';
import {
  type BlockKind,
  encodeHead,
  encodeHeader,
  headerHash,
  placeOf,
  type RecordingHeader,
} from './format.ts';
import { type Packed, Packing, writeAll } from './packing.ts';
import type { BlockSeal } from './seal.ts';

export interface WriterOptions {
  readonly path: string;
  readonly header: RecordingHeader;
  readonly seal: BlockSeal | null;
  /** Most bytes of the file; the recording stops there, loudly. */
  readonly maxBytes: number;
  /** Whether the disk still has room; asked before each block is written. Rejects with why not. */
  readonly checkRoom: () => Promise<void>;
  /** So many bytes more are in the file. */
  readonly onWritten?: (bytes: number) => void;
  /** Called once, when it can go on no more. */
  readonly onFailed: (failure: Failure) => void;
}

/** A block is written when it has grown so far, in bytes … */
const BLOCK_BYTES = 256 * 1024;
/** … or is so old, in milliseconds: that much a crash may cost. */
const BLOCK_MS = 1_000;
/** What may wait for the disk before the recording is given up, in bytes. */
const WAITING_BYTES = 64 * 1024 * 1024;

/** Writes one recording, block by block, while the session goes on; it never makes the session wait. */
export class RecordingWriter {
  readonly #options: WriterOptions;
  readonly #begunAt = performance.now();
  readonly #packing = new Packing();
  #file: FileHandle | null = null;
  #pieces: Buffer[] = [];
  #pending = 0;
  /** Handed over to be written and not on the disk yet, in bytes. */
  #waiting = 0;
  #written = 0;
  #recorded = 0;
  #index = 0;
  #header: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #failed: Failure | null = null;
  #over = false;

  private constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Makes the file; rejects with `disk-full` or `file-unwritable`. */
  static async open(options: WriterOptions): Promise<RecordingWriter> {
    const writer = new RecordingWriter(options);
    try {
      await options.checkRoom();
      writer.#file = await open(options.path, 'wx', 0o600);
      const header = encodeHeader(options.header);
      await writer.#file.write(header);
      writer.#written = header.length;
      writer.#header = headerHash(header);
    } catch (error) {
      await writer.#file?.close();
      throw SallyportError.from(error, 'The recording', 'file-unwritable');
    }
    return writer;
  }

  get failed(): Failure | null {
    return this.#failed;
  }

  /** Takes complete instructions; they must not be changed any more. */
  write(complete: Buffer): void {
    if (this.#over || this.#failed) return;
    this.#pieces.push(complete);
    this.#pending += complete.length;
    if (this.#pending >= BLOCK_BYTES) this.#flush('instructions');
    else this.#timer ??= setTimeout(() => this.#flush('instructions'), BLOCK_MS);
  }

  /** Writes what waits and how it ended; resolves when all of it is on the disk. Never rejects. */
  async end(reason: string): Promise<void> {
    if (this.#over) return this.#turn;
    this.#flush('instructions');
    this.#over = true;
    if (this.#failed === null) {
      this.#pieces = [Buffer.from(JSON.stringify({ reason, bytes: this.#recorded }))];
      this.#flush('end');
    }
    return this.#close();
  }

  #close(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const file = this.#file;
      this.#file = null;
      await file?.sync().catch(() => {});
      await file?.close().catch(() => {});
    });
    return this.#turn;
  }

  #flush(kind: BlockKind): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pieces;
    if (pieces.length === 0) return;
    const at = performance.now() - this.#begunAt;
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#pieces = [];
    this.#pending = 0;
    this.#recorded += bytes;
    this.#waiting += bytes;
    if (this.#waiting > WAITING_BYTES) return this.#fail(tooSlow());
    this.#turn = this.#turn
      .then(() => this.#writeBlock(kind, pieces, bytes, at))
      .catch((error: unknown) => this.#fail(SallyportError.from(error, 'The recording', 'file-unwritable')));
  }

  async #writeBlock(kind: BlockKind, pieces: readonly Buffer[], bytes: number, at: number): Promise<void> {
    const { seal, maxBytes, checkRoom } = this.#options;
    const file = this.#file;
    if (file === null || (this.#failed && kind !== 'end')) return;
    const packed = await this.#packing.pack(pieces, bytes, at, this.#waiting - bytes);
    const { isDeflated } = packed;
    const payload =
      seal === null
        ? packed
        : sealed(seal, packed, placeOf(this.#header, this.#index, { kind, isDeflated, at }));
    const head = encodeHead({ kind, isDeflated, isSealed: seal !== null, at, length: payload.length });
    const length = head.length + payload.length;
    if (this.#written + length > maxBytes && kind !== 'end') throw full(maxBytes);
    await checkRoom();
    await this.#append(file, [head, ...payload.pieces], length);
    this.#index += 1;
    this.#waiting -= bytes;
  }

  async #append(file: FileHandle, pieces: readonly Buffer[], length: number): Promise<void> {
    try {
      await writeAll(file, pieces, length);
      this.#written += length;
      this.#options.onWritten?.(length);
    } catch (error) {
      // Half a block is what a crash leaves as well; what follows it would not be found.
      await file.truncate(this.#written).catch(() => {});
      throw error;
    }
  }

  #fail(error: SallyportError): void {
    if (this.#failed) return;
    this.#failed = error.toFailure();
    this.#pieces = [];
    this.#pending = 0;
    clearTimeout(this.#timer);
    // Not only when the session ends: a file that is removed keeps its room on the disk for as long as it is open.
    void this.#close();
    this.#options.onFailed(this.#failed);
  }
}

function sealed(
  seal: BlockSeal,
  { pieces, length }: Packed,
  place: Buffer,
): Pick<Packed, 'pieces' | 'length'> {
  const payload = seal.seal(Buffer.concat(pieces, length), place);
  return { pieces: [payload], length: payload.length };
}

function tooSlow(): SallyportError {
  return new SallyportError(
    'recording-failed',
    'The disk is too slow for the recording, so it was stopped.',
    { advice: 'Keep recordings on a faster disk: see recording.dir.' },
  );
}

function full(maxBytes: number): SallyportError {
  return new SallyportError(
    'recording-failed',
    `The recording has reached its largest size of ${Math.round(maxBytes / 1024 ** 2)} MiB, so it was stopped.`,
    { advice: 'Raise recording.sessionBytes for longer ones.' },
  );
}
