import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { SallyportError } from '../../errors.ts';
import { Directory, isSame, leadsNowhere } from './directory.ts';
import { decodeWord, encodeWord, FRAME_BYTES, WINDOW_BYTES } from './frames.ts';
import { FileStatus } from './messages.ts';
import type { Turns } from './turns.ts';
import { brokenRule, type Work, type WorkOutput } from './work.ts';

/** A file on its way out of the drive. It is opened once: whatever its name stands for later is not looked at. */
export class Download implements Work {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #turns: Turns;
  readonly #hash: Hash = createHash('sha256');
  /** One buffer for all of it: it is read into again when the network has taken it. */
  readonly #buffer: Buffer;
  #output: WorkOutput | undefined;
  #sent = 0;
  #credit = 0;
  #started = false;
  #sending = false;
  #over = false;

  private constructor(file: FileHandle, size: number, turns: Turns) {
    this.#file = file;
    this.size = size;
    this.#turns = turns;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(FRAME_BYTES, size));
  }

  /** Opens the file. Resolves with why not as a status: 404 where there is none, 409 for what is not a plain file. */
  static async prepare(root: string, names: readonly string[], turns: Turns): Promise<Download | FileStatus> {
    const name = names.at(-1);
    if (name === undefined) return FileStatus.badRequest;
    let directory: Directory | undefined;
    let file: FileHandle | undefined;
    try {
      directory = await Directory.open(root, names.slice(0, -1));
      const seen = await directory.look(name);
      if (!seen) return FileStatus.notFound;
      if (!seen.isFile()) return FileStatus.conflict;
      file = await directory.openFile(name);
      const opened = await file.stat({ bigint: true });
      // A second name may lie outside the drive: what is in the file is then not the drive's alone.
      if (!isSame(seen, opened) || opened.nlink !== 1n) {
        await file.close();
        return FileStatus.conflict;
      }
      return new Download(file, Number(opened.size), turns);
    } catch (error) {
      await file?.close();
      return leadsNowhere(error) ? FileStatus.notFound : FileStatus.unavailable;
    } finally {
      await directory?.close();
    }
  }

  get done(): number {
    return this.#sent;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  begin(output: WorkOutput): void {
    this.#output = output;
  }

  take(data: Buffer, isBinary: boolean): void {
    if (isBinary) throw brokenRule('it sent bytes for a download');
    const word = decodeWord(data);
    if (word?.type === 'start') this.#start(word.offset);
    else if (word?.type === 'credit') this.#grant(word.bytes);
    else throw brokenRule('it said something that is neither “start” nor “credit”');
    if (!this.#sending) this.#send().catch((error: unknown) => this.#output?.fail(error));
  }

  async finish(): Promise<FileStatus> {
    return FileStatus.conflict;
  }

  async discard(): Promise<void> {
    this.#over = true;
    await this.#file.close().catch(() => {});
  }

  #start(offset: number): void {
    if (this.#started) throw brokenRule('it began twice');
    if (offset !== 0) throw brokenRule(`it began at byte ${offset}`);
    this.#started = true;
  }

  #grant(bytes: number): void {
    if (!this.#started) throw brokenRule('it granted before it had begun');
    if (bytes === 0 || this.#credit + bytes > WINDOW_BYTES)
      throw brokenRule(`it granted ${bytes} bytes beside ${this.#credit}`);
    this.#credit += bytes;
  }

  async #send(): Promise<void> {
    if (!this.#started) return;
    this.#sending = true;
    const buffer = this.#buffer;
    while (!this.#over && this.#sent < this.size) {
      if (this.#credit === 0) {
        this.#sending = false;
        return;
      }
      await this.#turns.next();
      const piece = buffer.subarray(0, Math.min(buffer.length, this.#credit, this.size - this.#sent));
      await this.#read(piece);
      if (this.#over) return;
      this.#hash.update(piece);
      this.#credit -= piece.length;
      await this.#output?.sendBytes(piece);
      this.#sent += piece.length;
    }
    if (this.#over) return;
    await this.#checkSize();
    this.#output?.send(encodeWord({ type: 'complete', offset: this.#sent }));
    this.#output?.complete();
  }

  async #read(piece: Buffer): Promise<void> {
    await this.#checkSize();
    for (let at = 0; at < piece.length; ) {
      const { bytesRead } = await this.#file.read(piece, at, piece.length - at, this.#sent + at);
      if (bytesRead === 0) throw changed();
      at += bytesRead;
    }
  }

  async #checkSize(): Promise<void> {
    if (this.#over) return;
    const { size } = await this.#file.stat();
    if (size !== this.size) throw changed();
  }
}

function changed(): SallyportError {
  return new SallyportError('drive-failed', 'The file was changed while it was sent.', {
    advice: 'Download it again when the machine has finished writing it.',
  });
}
