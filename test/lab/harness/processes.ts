import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { marked } from '../../../practice/machines/leftovers.ts';
import { eventually, type Lab } from './lab.ts';

/** The managed guacd's first process, as the outpost has noted it for a start after a crash. */
export async function guacdPid({ outpost }: Lab): Promise<number> {
  const note: { pid: number } = JSON.parse(await readFile(join(outpost.stateDir, 'guacd.pid.json'), 'utf8'));
  return note.pid;
}

/** Every process of the outpost but itself: guacd and its processes for connections. */
export async function guacdPids({ outpost }: Lab): Promise<number[]> {
  return (await marked(outpost.stateDir)).filter((pid) => pid !== outpost.pid);
}

/** Resolves when none of `pids` runs any more. */
export function untilGone(pids: readonly number[]): Promise<void> {
  return eventually(async () => (await Promise.all(pids.map(runs))).every((found) => !found));
}

/** Dead ones that nobody has buried do not run. */
export async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/^.*\) [ZX]/s.test(stat);
}

/** How the outpost's process ended, in words: `it ended with code 0`. */
export async function endOf({ ended }: Lab['outpost']): Promise<string> {
  return ended.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}

/** The folders of sessions with a drive. */
export function drives({ outpost }: Lab): Promise<string[]> {
  return readdir(join(outpost.stateDir, 'drives')).catch(() => []);
}
