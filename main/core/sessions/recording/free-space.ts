import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** How long an answer counts, in milliseconds: asking costs more than a block of a recording. */
const FRESH_MS = 5_000;

/** Bytes that may still be written to the file system of a folder; null where nobody can tell. */
export type FreeSpace = (folder: string) => Promise<number | null>;

/** Asks the system, at most every few seconds for one folder. */
export function systemFreeSpace(): FreeSpace {
  const known = new Map<string, { at: number; bytes: number | null }>();
  return async (folder) => {
    const last = known.get(folder);
    if (last && Date.now() - last.at < FRESH_MS) return last.bytes;
    const bytes = await ask(folder).catch(() => null);
    known.set(folder, { at: Date.now(), bytes });
    return bytes;
  };
}

async function ask(folder: string): Promise<number | null> {
  // Node 18.15 and up; the oldest Electron we run on has 16.
  if ('statfs' in fs) {
    const { bavail, bsize } = await fs.statfs(folder);
    return bavail * bsize;
  }
  if (process.platform === 'win32') return null;
  const { stdout } = await run('df', ['-P', '-k', folder], {
    timeout: 5_000,
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
  });
  const available = stdout.trim().split('\n').pop()?.trim().split(/\s+/)[3];
  return available !== undefined && /^\d+$/.test(available) ? Number(available) * 1024 : null;
}
