import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SallyportError } from '../errors.ts';

export interface AtomicWriteOptions {
  /** Permissions of the file; default 0600. */
  readonly mode?: number;
  /** Resolves `false` and leaves the file as it is where there is one already; default: it is replaced. */
  readonly onlyNew?: boolean;
}

/** What `writeFileAtomic` calls its file until the data is safe: `.name.pid.random.tmp`. */
const TEMPORARY = /^\..+\.(\d{1,10})\.[0-9a-f]{12}\.tmp$/;
const ABANDONED_AFTER_MS = 60_000;

/**
 * Writes a file so that whoever reads it, also after a crash at any moment, finds all of the old content or
 * all of the new. Resolves when the data is on the disk, with whether it was written. Rejects with
 * `disk-full` or `file-unwritable`; then the old file is as it was.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = 0o600, onlyNew = false }: AtomicWriteOptions = {},
): Promise<boolean> {
  const directory = dirname(path);
  const temporary = join(
    directory,
    `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    await writeNew(temporary, data, mode);
    const written = onlyNew ? await linkNew(temporary, path) : await replace(temporary, path);
    await syncDirectory(directory);
    return written;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw unwritable(error, path);
  }
}

/**
 * Removes what a killed process left of its atomic writes in `directory`. Files of a process that is alive
 * stay, unless they are older than a minute. Never rejects: a leftover harms nobody. Resolves with how many went.
 */
export async function removeTemporaries(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || !(await isAbandoned(join(directory, name), Number(pid)))) continue;
    if (await unlink(join(directory, name)).then(yes, no)) removed += 1;
  }
  return removed;
}

async function writeNew(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(data);
    // The mode given to `open` is narrowed by the umask, and the file may have to be wider.
    if (process.platform !== 'win32') await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function replace(temporary: string, path: string): Promise<true> {
  await rename(temporary, path);
  return true;
}

/** A link, not `O_EXCL` on the name itself: that would show a file that is not written yet. */
async function linkNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

/** Makes the new name itself survive a power cut. Not every system and file system can; then it is skipped. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch (error) {
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'ENOTSUP') && !hasCode(error, 'EACCES')) throw error;
  } finally {
    await handle?.close();
  }
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  const file = await stat(path).catch(() => null);
  if (!file?.isFile()) return false;
  // In a container every start has the same pid: what is older than this process is not its own.
  if (pid === process.pid) return file.mtimeMs < Date.now() - process.uptime() * 1000;
  return !isAlive(pid) || file.mtimeMs < Date.now() - ABANDONED_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** Why something could not be written: `errno.ts` speaks of reading where writing and reading fail alike. */
export function unwritable(error: unknown, path: string): SallyportError {
  const known = SallyportError.from(error, path, 'file-unwritable');
  if (known.code !== 'file-unreadable') return known;
  return new SallyportError('file-unwritable', known.message, { advice: known.advice, cause: error });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

const yes = () => true;
const no = () => false;
