import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders with servers that an ordinary user's PATH leaves out. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program on this machine; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''),
    ...SERVER_FOLDERS,
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The paths of several programs, or the names of those that are missing. */
export function findPrograms<Name extends string>(
  ...names: readonly Name[]
): { readonly found: Readonly<Record<Name, string>> } | { readonly missing: readonly Name[] } {
  const missing: Name[] = [];
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const path = findProgram(name);
    if (path === undefined) missing.push(name);
    else found[name] = path;
  }
  return isComplete(found, names) ? { found } : { missing };
}

function isComplete<Name extends string>(
  found: Partial<Record<Name, string>>,
  names: readonly Name[],
): found is Record<Name, string> {
  return names.every((name) => found[name] !== undefined);
}

/** The path of OpenSSH's server for files, which lies in no folder for commands. */
export function findSftpServer(): string | undefined {
  const folders = ['/usr/lib/openssh', '/usr/libexec/openssh', '/usr/lib/ssh', '/usr/libexec', '/usr/lib'];
  return folders.map((folder) => join(folder, 'sftp-server')).find(isExecutable);
}

/** The path of pam_wrapper's `pam_matrix.so`, which lets sshd check a password made for the run. */
export function findPamMatrix(libraries: readonly string[] = ['/usr/lib', '/usr/lib64']): string | undefined {
  for (const root of libraries) {
    const folders = [root, ...entries(root).map((entry) => join(root, entry))];
    const found = folders.map((folder) => join(folder, 'pam_wrapper', 'pam_matrix.so')).find(isReadable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  return isAccessible(path, constants.X_OK);
}

function isReadable(path: string): boolean {
  return isAccessible(path, constants.R_OK);
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
