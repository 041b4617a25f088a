import { randomBytes } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SallyportError } from '../errors.ts';

const MARK = '.damaged-';

/** Names of the files that `keepAside` moved from `path` and that are still there, newest first. Never rejects. */
export async function keptAside(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const begin = `${basename(path)}${MARK}`;
  return names
    .filter((name) => name.startsWith(begin))
    .sort()
    .reverse();
}

/**
 * Moves a damaged file to `<path>.damaged-<moment>` beside it, for whoever wants to repair it. Resolves with the
 * new path, or null where another process was quicker. Rejects with `file-unwritable` or `disk-full`.
 */
export async function keepAside(path: string, now: Date): Promise<string | null> {
  const moment = now.toISOString().replace(/[-:.]/g, '');
  // The random end keeps two files of the same moment apart: rename would overwrite the first.
  const aside = `${path}${MARK}${moment}-${randomBytes(2).toString('hex')}`;
  try {
    await rename(path, aside);
    return aside;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new SallyportError('file-unwritable', `${path} is damaged and could not be moved aside.`, {
      advice: 'Move it away yourself, or check the permissions of its directory.',
      cause: error,
    });
  }
}
