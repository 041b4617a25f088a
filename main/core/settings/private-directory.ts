import type { Stats } from 'node:fs';
import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Failure, SallyportError } from '../errors.ts';

const OTHERS = 0o077;

/**
 * Makes a directory that only this user may enter (0700), where it is missing. Resolves with a warning for one
 * that others may enter or that belongs to somebody else, else null. Rejects with `file-unwritable` or
 * `disk-full` where it cannot be made or is no directory.
 */
export async function makePrivateDirectory(path: string): Promise<Failure | null> {
  try {
    await makeWithParents(path);
    return warningOf(path, await stat(path));
  } catch (error) {
    const { code, message, advice } = SallyportError.from(error, path);
    // Reading is not what failed, though the system's error codes are the same.
    throw new SallyportError(code === 'disk-full' ? code : 'file-unwritable', message, {
      advice,
      cause: error,
    });
  }
}

/**
 * As `makePrivateDirectory`, for a directory in a place where others can make one too, such as `/tmp`: rejects
 * with `file-unwritable` where it is a link, somebody else's, or open to others.
 */
export async function makeGuardedDirectory(path: string): Promise<void> {
  const warning = await makePrivateDirectory(path);
  const link = await lstat(path);
  if (warning === null && !link.isSymbolicLink()) return;
  throw new SallyportError(
    'file-unwritable',
    warning?.message ?? `${path} is a link that somebody may have put there.`,
    { advice: 'Remove it, or choose a --state-dir with a shorter path.' },
  );
}

/** Node's own `recursive` says of a read-only file system that the directory does not exist; this says what is so. */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) return;
    const orphan = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!orphan || dirname(path) === path) throw error;
    await makeWithParents(dirname(path));
    await makeWithParents(path);
  }
}

/** Whether others than its owner have any right to a file; false where there is none. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const file = await stat(path).catch(() => null);
  return file !== null && (file.mode & OTHERS) !== 0;
}

function warningOf(path: string, directory: Stats): Failure | null {
  // Windows guards a person's folders by lists, not by modes.
  if (process.platform === 'win32') return null;
  if (directory.uid !== process.getuid?.())
    return {
      code: 'settings-invalid',
      message: `${path} belongs to another user.`,
      advice: 'Run the outpost as that user, or give it a --state-dir of its own.',
    };
  if ((directory.mode & OTHERS) === 0) return null;
  return {
    code: 'settings-invalid',
    message: `${path} can be entered by other users of this host.`,
    advice: `Run \`chmod 700 ${path}\`.`,
  };
}
