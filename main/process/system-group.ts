import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const GETENT_MS = 5_000;

/** The number of a group of this system; null where there is none of that name, or the system has no groups. */
export async function groupId(name: string): Promise<number | null> {
  if (process.platform === 'win32') return null;
  const line = (await fromSystem(name)) ?? (await fromFile(name));
  const id = Number(line?.split(':')[2]);
  return line !== null && Number.isInteger(id) ? id : null;
}

/** Whether this process, and with it whoever drives it, belongs to the group. To root it makes no difference. */
export async function belongsTo(name: string): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const id = await groupId(name);
  if (id === null) return false;
  return process.getgid?.() === id || (process.getgroups?.().includes(id) ?? false);
}

/** Knows groups of directories as well. Not every system has it. */
async function fromSystem(name: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('getent', ['group', '--', name], { timeout: GETENT_MS });
    return lineOf(stdout, name);
  } catch {
    return null;
  }
}

async function fromFile(name: string): Promise<string | null> {
  return lineOf(await readFile('/etc/group', 'utf8').catch(() => ''), name);
}

function lineOf(text: string, name: string): string | null {
  return text.split('\n').find((line) => line.startsWith(`${name}:`)) ?? null;
}
