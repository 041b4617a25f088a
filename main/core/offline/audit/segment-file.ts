import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../../base/atomic-file.ts';
import { isMissing } from '../../base/missing.ts';

/** What has become of a file since it was last written. */
export type Condition = 'as-left' | 'gone' | 'changed';

/** The file of the journal that is written to, by this process alone: what shows that somebody else does is told. */
export class SegmentFile {
  readonly path: string;
  #bytes: number;
  /** Whether it has been made; an old one that nobody knows of is never written to. */
  #isMade: boolean;
  #file: FileHandle | null = null;

  /** `bytes`: how much of it there is already; null for a new file. */
  constructor(path: string, bytes: number | null) {
    this.path = path;
    this.#bytes = bytes ?? 0;
    this.#isMade = bytes !== null;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is written to a file that has no name any more is lost, and what is put behind others’ lines breaks the chain. */
  async condition(): Promise<Condition> {
    if (!this.#isMade) return 'as-left';
    try {
      const named = await stat(this.path);
      const ours = await this.#file?.stat();
      const isOurs = ours === undefined || (ours.ino === named.ino && ours.dev === named.dev);
      return isOurs && named.size === this.#bytes ? 'as-left' : 'changed';
    } catch (error) {
      if (isMissing(error)) return 'gone';
      throw error;
    }
  }

  /** Resolves when the text is on the disk. Rejects as files do; then the file is as it was. */
  async append(text: string): Promise<void> {
    this.#file ??= await this.#open();
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      // Half a batch would be torn lines in the middle of the file.
      await this.#file.truncate(this.#bytes).catch(() => {});
      throw error;
    }
  }

  /** Never rejects; it is opened again by whoever appends. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(() => {});
  }

  async #open(): Promise<FileHandle> {
    const file = await open(this.path, this.#isMade ? 'a' : 'ax', 0o600);
    if (this.#isMade) return file;
    this.#isMade = true;
    try {
      // The name too has to survive a power cut, before anything else depends on what is in it.
      await syncDirectory(dirname(this.path));
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}
