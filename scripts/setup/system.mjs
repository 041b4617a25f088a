// What setup asks of the machine: programs, files, commands, root.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/guacamole/sbin'];

/** @returns {string | undefined} The program's path, also where it lies in a folder for servers. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @returns {string | undefined} The first file in the library folders whose name starts with `start`. */
export function findLibrary(start) {
  const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/opt/guacamole/lib'].filter((root) =>
    existsSync(root),
  );
  const [folder, name] = start.includes('/') ? start.split('/') : ['', start];
  for (const root of roots) {
    const architectures = readdirSync(root).filter((entry) => entry.endsWith('-linux-gnu'));
    for (const place of [root, ...architectures.map((entry) => join(root, entry))]) {
      const where = join(place, folder);
      const found = existsSync(where) && readdirSync(where).find((entry) => entry.startsWith(name));
      if (found) return join(where, found);
    }
  }
  return undefined;
}

/** @returns {{ id: string, codename: string, name: string }} What the system calls itself. */
export function systemName(read = readOsRelease) {
  let text = '';
  try {
    text = read();
  } catch {
    // Not every system has it; then its name is Node's word for it.
  }
  const value = (key) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return {
    id: value('ID'),
    codename: value('VERSION_CODENAME'),
    name: value('PRETTY_NAME') || process.platform,
  };
}

function readOsRelease() {
  return readFileSync('/etc/os-release', 'utf8');
}

/** The folder for what is fetched once for every checkout. */
export function cacheFolder(environment = process.env) {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport');
}

/**
 * Runs a command to its end, never asking anything.
 * @returns {Promise<{ code: number, output: string }>} `code` 127 where it could not be started, 124 after `timeoutMs`.
 */
export function run(command, args, { timeoutMs = 60_000, input = '', env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: 'pipe',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const hear = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? (signal === 'SIGKILL' ? 124 : 1), output }),
    );
  });
}

/**
 * How to run commands as root: directly, through sudo where it asks for no password, or not at all.
 * @returns {Promise<((args: string[], options?: object) => ReturnType<typeof run>) | undefined>}
 */
export async function rootRunner() {
  if (process.getuid?.() === 0) return ([command, ...args], options) => run(command, args, options);
  const sudo = findProgram('sudo');
  if (sudo === undefined || (await run(sudo, ['-n', 'true'], { timeoutMs: 10_000 })).code !== 0)
    return undefined;
  // sudo drops the environment, so what the command needs is handed over as words.
  return (args, { env = {}, ...options } = {}) =>
    run(
      sudo,
      ['-n', 'env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...args],
      options,
    );
}

/** The last lines of a command's output, for the sentence about its failure. */
export function lastLines(output, count = 3) {
  return output.trim().split('\n').slice(-count).join(' | ');
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
