import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const LOOKUP_MS = 5_000;

/**
 * The fields of an entry among this system's users or groups, by its name or its number; null where there is none. It
 * asks the system, which knows those of directories as well, and reads the file where that cannot be done.
 */
export async function systemEntry(
  database: 'group' | 'passwd',
  key: string | number,
): Promise<readonly string[] | null> {
  if (process.platform === 'win32') return null;
  // Both have the number third.
  const at = typeof key === 'number' ? 2 : 0;
  const find = (text: string) =>
    text
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields.length > 2 && fields[at] === String(key)) ?? null;
  const asked = await outputOf('getent', [database, '--', String(key)]);
  return find(asked ?? '') ?? find(await readFile(`/etc/${database}`, 'utf8').catch(() => ''));
}

/** Numbers of all groups that the system counts a user to; null where it cannot be asked. */
export async function groupsOf(user: string): Promise<readonly number[] | null> {
  const numbers = await outputOf('id', ['-G', '--', user]);
  return numbers === null ? null : numbers.trim().split(/\s+/).map(Number);
}

/** Whose containers have this number too, as far as `/etc/subuid` (or `path`) says; null where nobody’s have. */
export async function subordinateTo(uid: number, path = '/etc/subuid'): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, first, count]) => Number(first) <= uid && uid < Number(first) + Number(count));
  return found?.[0] ?? null;
}

/** The number by which the kernel shows users that this process’s namespace has none for. */
export async function overflowUser(): Promise<number> {
  const text = await readFile('/proc/sys/kernel/overflowuid', 'utf8').catch(() => '');
  return Number(text.trim() || 65_534);
}

/** Null where there is no such command, or it says that there is nothing. */
async function outputOf(command: string, words: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(command, words, { timeout: LOOKUP_MS });
    return stdout;
  } catch {
    return null;
  }
}
