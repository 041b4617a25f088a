import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, opendir, rename, unlink } from 'node:fs/promises';

const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Without `O_NONBLOCK` opening a FIFO would wait for a writer, in one of Node's few threads. */
const OPEN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const NAMES_AT_ONCE = 256;

/** Whether this system has what directories are held open with. */
export function hasHeldDirectories(): boolean {
  return process.platform === 'linux';
}

/**
 * A directory that is held open, so that whoever renames, replaces or links anything above it changes nothing.
 *
 * Node has no `openat`. On Linux `/proc/self/fd/<fd>` is the open directory itself and not its name, so a path of
 * that and one name is looked up by the kernel as `openat` would: only the name can be a link, and `O_NOFOLLOW`
 * refuses it. Names must have been checked with `isName`.
 */
export class Directory {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The directory that `names` lead to from `root`, each step without a link. Rejects with the system's error. */
  static async open(root: string, names: readonly string[]): Promise<Directory> {
    let directory = new Directory(await open(root, OPEN_DIRECTORY));
    for (const name of names) {
      const above = directory;
      try {
        directory = new Directory(await open(above.#entry(name), OPEN_DIRECTORY));
      } finally {
        await above.close();
      }
    }
    return directory;
  }

  /** What a name stands for, links not followed; undefined where there is nothing. */
  async look(name: string): Promise<BigIntStats | undefined> {
    try {
      return await lstat(this.#entry(name), { bigint: true });
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** All names but those of links, devices and the like, as the bytes that they are, in no order. */
  async *names(): AsyncGenerator<Buffer> {
    // A name on Linux is any bytes; only this encoding gives them back as they are.
    const entries = await opendir(this.path, { bufferSize: NAMES_AT_ONCE, encoding: 'latin1' });
    for await (const entry of entries) {
      const isOther =
        entry.isSymbolicLink() ||
        entry.isFIFO() ||
        entry.isSocket() ||
        entry.isCharacterDevice() ||
        entry.isBlockDevice();
      if (!isOther) yield Buffer.from(entry.name, 'latin1');
    }
  }

  /** Opens what there is for reading: no link, and without waiting for anybody; it may be anything else. */
  openFile(name: string): Promise<FileHandle> {
    return open(this.#entry(name), OPEN_FILE);
  }

  /** Opens a file that was not there, for its owner only. */
  createFile(name: string): Promise<FileHandle> {
    return open(this.#entry(name), NEW_FILE, 0o600);
  }

  /** Gives a file another name in this directory; one that has it already, or a link, is replaced. */
  rename(name: string, to: string): Promise<void> {
    return rename(this.#entry(name), this.#entry(to));
  }

  /** Removes a file; nothing where it is gone already. */
  async remove(name: string): Promise<void> {
    await unlink(this.#entry(name)).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }

  /** Writes to the disk which names there are. */
  sync(): Promise<void> {
    return this.#handle.sync();
  }

  /** For what asks for a path, such as the free space. It is good only while the directory is open. */
  get path(): string {
    return `/proc/self/fd/${this.#handle.fd}`;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #entry(name: string): string {
    return `${this.path}/${name}`;
  }
}

/** Whether two looks at a file were looks at the same one. */
export function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Errors of a path that leads nowhere, or not to a directory: links are among them. */
const NOWHERE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

export function leadsNowhere(error: unknown): boolean {
  return NOWHERE.some((code) => hasCode(error, code));
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
