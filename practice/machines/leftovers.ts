import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OWNER_VARIABLE } from '../../main/core/guacd/environment.ts';
import { removePamFolders } from './pam-folders.ts';

/** Carried in the environment of everything that practice starts; its value is the folder it belongs to. */
export const MARKER = 'SALLYPORT_PRACTICE_MACHINE';

/** The owner's pid and its moment of start are in the folder's name, so that a folder is never without them. */
const FOLDER = /^(?:machines|outpost)-(\d+)-(\d*)-/;

/** The variables whose value tells the folder that a process belongs to; guacd's outpost hands ours not on. */
const MARKERS = [MARKER, OWNER_VARIABLE];

/** A new private folder in `base` that says whose it is, so that a later run can tell whether it is abandoned. */
export async function claimFolder(base: string, what: 'machines' | 'outpost' = 'machines'): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  return mkdtemp(join(base, `${what}-${process.pid}-${(await startMoment(process.pid)) ?? ''}-`));
}

/** Ends what runs of machines whose owner is gone and removes their folders. Returns how many folders. */
export async function clearAbandoned(base: string): Promise<number> {
  let cleared = 0;
  for (const name of await readdir(base).catch(() => [])) {
    const [, pid, moment] = FOLDER.exec(name) ?? [];
    if (pid === undefined || (await isAlive(Number(pid), moment ?? ''))) continue;
    const dir = join(base, name);
    await endMarked(dir);
    await rm(dir, { recursive: true, force: true });
    cleared += 1;
  }
  return cleared;
}

/**
 * Ends every process that carries the marker of `dir` or of a folder in it, such as a shell whose sshd is gone, and removes
 * what they have in the system's temporary folder. Resolves when they are gone, or after 2 s.
 */
export async function endMarked(dir: string): Promise<void> {
  await killMarked(dir);
  await removePamFolders(dir);
}

async function killMarked(dir: string): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const found = await marked(dir);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went by itself.
      }
    }
    await delay(50);
  }
}

/** The processes that carry the marker of `dir` or of a folder in it, its guacd included; none where the system has no `/proc`. */
export async function marked(dir: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const ours = environment.split('\0').some((line) => {
        const [name = '', value = ''] = line.split(/=(.*)/s);
        return MARKERS.includes(name) && (value === dir || value.startsWith(`${dir}/`));
      });
      return ours && pid !== process.pid ? [pid] : [];
    }),
  );
  return found.flat();
}

async function isAlive(pid: number, moment: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return moment === '' || (await startMoment(pid)) === moment;
}

/** When a process began, in the kernel's ticks: pids come round again, these do not. */
async function startMoment(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
