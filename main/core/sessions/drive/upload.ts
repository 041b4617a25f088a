import { createHash, type Hash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Directory, isSame, leadsNowhere } from './directory.ts';
import { decodeWord, encodeWord, FRAME_BYTES, PART_BYTES, WINDOW_BYTES } from './frames.ts';
import { FileStatus } from './messages.ts';
import { isTemporaryName, temporaryName } from './path.ts';
import type { Turns } from './turns.ts';
import { brokenRule, type Work, type WorkOutput } from './work.ts';

interface Place {
  readonly directory: Directory;
  readonly file: FileHandle;
  readonly temporary: string;
  readonly target: string;
}

/**
 * A file on its way into the drive. Until `finish` it lies beside its target under a name of its own; what was at
 * the target is then replaced at once, or stays as it was.
 */
export class Upload implements Work {
  readonly size: number;
  readonly #place: Place;
  readonly #turns: Turns;
  readonly #hash: Hash = createHash('sha256');
  #output: WorkOutput | undefined;
  /** Bytes that have come, and those of them that are written. */
  #received = 0;
  #written = 0;
  /** Bytes that are still announced, that may still come, and that are written but not granted again. */
  #announced = 0;
  #credit = 0;
  #spent = 0;
  /** The writing, one piece after the other. */
  #writing: Promise<void> = Promise.resolve();
  #state: 'open' | 'finishing' | 'finished' | 'over' = 'open';

  private constructor(place: Place, size: number, turns: Turns) {
    this.#place = place;
    this.size = size;
    this.#turns = turns;
  }

  /** Makes room beside the target. Resolves with why not as a status: 404 without its directory, 409, 503. */
  static async prepare(
    root: string,
    names: readonly string[],
    size: number,
    turns: Turns,
  ): Promise<Upload | FileStatus> {
    const target = names.at(-1);
    if (target === undefined || isTemporaryName(target)) return FileStatus.badRequest;
    let directory: Directory | undefined;
    try {
      directory = await Directory.open(root, names.slice(0, -1));
      const there = await directory.look(target);
      if (there && !there.isFile()) {
        await directory.close();
        return FileStatus.conflict;
      }
      const temporary = temporaryName(randomBytes(16));
      const file = await directory.createFile(temporary);
      return new Upload({ directory, file, temporary, target }, size, turns);
    } catch (error) {
      await directory?.close();
      return leadsNowhere(error) ? FileStatus.notFound : FileStatus.unavailable;
    }
  }

  get done(): number {
    return this.#written;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  begin(output: WorkOutput): void {
    this.#output = output;
  }

  take(data: Buffer, isBinary: boolean): void {
    if (this.#state !== 'open') throw brokenRule('it sent more after the end');
    if (isBinary) this.#takeBytes(data);
    else this.#takeWord(data);
  }

  async finish(): Promise<FileStatus> {
    if (this.#state !== 'open' || this.#written !== this.size || this.#received !== this.size)
      return FileStatus.conflict;
    this.#state = 'finishing';
    const { directory, file, temporary, target } = this.#place;
    try {
      await file.sync();
      const [written, beside, there] = await Promise.all([
        file.stat({ bigint: true }),
        directory.look(temporary),
        directory.look(target),
      ]);
      // Cancelled while the disk was busy; or somebody has put something else there.
      if (this.#isOver()) return FileStatus.conflict;
      if (!beside || !isSame(written, beside) || (there && !there.isFile())) return FileStatus.conflict;
      await directory.rename(temporary, target);
      this.#state = 'finished';
      await directory.sync();
      return FileStatus.ok;
    } catch (error) {
      this.#output?.fail(error);
      return FileStatus.unavailable;
    }
  }

  async discard(): Promise<void> {
    const isFinished = this.#state === 'finished';
    this.#state = 'over';
    await this.#writing.catch(() => {});
    const { directory, file, temporary } = this.#place;
    await file.close().catch(() => {});
    // Its directory may be gone, and it with it.
    if (!isFinished) await directory.remove(temporary).catch(() => {});
    await directory.close().catch(() => {});
  }

  #takeWord(data: Buffer): void {
    const word = decodeWord(data);
    if (word?.type !== 'start') throw brokenRule('it said something that is not “start”');
    const { offset, length } = word;
    if (this.#announced > 0 || this.#written !== this.#received)
      throw brokenRule('it announced a part before the one before was complete');
    if (offset !== this.#received) throw brokenRule(`it announced byte ${offset} after ${this.#received}`);
    if (length === 0 || length > PART_BYTES || length > this.size - offset)
      throw brokenRule(`it announced a part of ${length} bytes`);
    this.#announced = length;
    this.#credit = WINDOW_BYTES;
    this.#spent = 0;
    this.#output?.send(encodeWord({ type: 'credit', bytes: WINDOW_BYTES, offset }));
  }

  #takeBytes(data: Buffer): void {
    const { length } = data;
    if (length === 0 || length > FRAME_BYTES) throw brokenRule(`it sent ${length} bytes in one frame`);
    if (length > this.#announced) throw brokenRule('it sent more than it had announced');
    if (length > this.#credit) throw brokenRule('it sent more than it was granted');
    const position = this.#received;
    this.#received += length;
    this.#announced -= length;
    this.#credit -= length;
    this.#writing = this.#writing.then(() => this.#write(data, position));
    this.#writing.catch((error: unknown) => this.#output?.fail(error));
  }

  async #write(data: Buffer, position: number): Promise<void> {
    await this.#turns.next();
    if (this.#isOver()) return;
    this.#hash.update(data);
    for (let at = 0; at < data.length; ) {
      const { bytesWritten } = await this.#place.file.write(data, at, data.length - at, position + at);
      at += bytesWritten;
    }
    this.#written += data.length;
    this.#spent += data.length;
    const partIsDone = this.#announced === 0 && this.#written === this.#received;
    if (this.#isOver() || (this.#spent < WINDOW_BYTES / 2 && !partIsDone)) return;
    const bytes = this.#spent;
    this.#spent = 0;
    this.#credit += bytes;
    this.#output?.send(encodeWord({ type: 'credit', bytes, offset: this.#written }));
  }

  #isOver(): boolean {
    return this.#state === 'over';
  }
}
