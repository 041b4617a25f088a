import { rm, rmdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { makeGuardedDirectory } from '../../main/core/settings/private-directory.ts';

/**
 * Where runs of practice have their folders: the same place each time, so that a run can clear what a killed one
 * left. Rejects with `file-unwritable` where somebody else was there first.
 */
export async function practiceBase(): Promise<string> {
  const base = join(tmpdir(), `sallyport-practice-${process.getuid?.() ?? userInfo().username}`);
  await makeGuardedDirectory(base);
  return base;
}

/** Removes the place itself when no other run is in it. */
export async function leaveBase(base: string): Promise<void> {
  await rmdir(base).catch(() => undefined);
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
