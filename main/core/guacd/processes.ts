import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { OWNER_VARIABLE } from './environment.ts';

/** A running process, as far as telling families apart needs it. Dead ones that nobody has buried are left out. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not tell. */
  readonly session: number;
  /** When it started, in words of the system's own; with the pid it names one process for ever. */
  readonly started: string;
}

const onLinux = process.platform === 'linux';

/** Every process that can be seen; none on Windows, where guacd does not run. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  if (process.platform === 'win32') return [];
  if (!onLinux) return listWithPs();
  const found: ProcessInfo[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const info = await readStat(Number(name));
    if (info) found.push(info);
  }
  return found;
}

/**
 * `leader`, its descendants, and those of its group and session. Group alone is not enough: guacd gives each
 * connection's process a group of its own, and they outlive a guacd that was killed. The session stays the same.
 */
export function familyOf(leader: number, all: readonly ProcessInfo[]): ProcessInfo[] {
  const family = new Set<number>([leader]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent, group, session } of all) {
      if (family.has(parent) || group === leader || session === leader) family.add(pid);
    }
  }
  return all.filter(({ pid }) => family.has(pid) && pid !== process.pid);
}

/** What tells `pid` from any other process that had or will have its number; null where there is none. */
export async function identityOf(pid: number): Promise<string | null> {
  if (!onLinux) {
    const found = (await listProcesses()).find((info) => info.pid === pid);
    return found?.started || null;
  }
  const info = await readStat(pid);
  if (!info) return null;
  // Ticks are counted from boot, so the boot belongs to it.
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()} ${info.started}`;
}

/** Whether `pid` was started for `owner`; null where the system does not tell. */
export async function belongsTo(owner: string, pid: number): Promise<boolean | null> {
  if (!onLinux) return null;
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').includes(`${OWNER_VARIABLE}=${owner}`);
  } catch {
    return null;
  }
}

/** The same at once, for a process that has no time left; none where the system gives no such view. */
export function listProcessesNow(): ProcessInfo[] {
  if (!onLinux) return [];
  const found: ProcessInfo[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const info = decodeStat(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'));
      if (info) found.push(info);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

async function readStat(pid: number): Promise<ProcessInfo | null> {
  try {
    return decodeStat(pid, await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

function decodeStat(pid: number, text: string): ProcessInfo | null {
  // The name in parentheses may hold anything, spaces and parentheses too: what follows the last one counts.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent, group, session] = fields;
  if (state === 'Z' || state === 'X') return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: fields[19] ?? '',
  };
}

function listWithPs(): Promise<ProcessInfo[]> {
  return new Promise((resolve) => {
    const limits = {
      maxBuffer: 4 * 1024 * 1024,
      timeout: 5_000,
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    };
    execFile('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], limits, (_error, stdout) => {
      const found: ProcessInfo[] = [];
      for (const line of stdout.split('\n')) {
        const [pid, parent, group, state, ...started] = line.trim().split(/\s+/);
        if (!pid || !state || state.startsWith('Z')) continue;
        found.push({
          pid: Number(pid),
          parent: Number(parent),
          group: Number(group),
          session: 0,
          started: started.join(' '),
        });
      }
      resolve(found);
    });
  });
}
