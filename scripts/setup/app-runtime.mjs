// How the built desktop app is started from a checkout: by an Electron with the app inside, as a package has it.
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { ROOT } from './system.mjs';

/**
 * The command that starts the app.
 * @param {string} electron - Its executable.
 * @returns {string[]} Program and arguments.
 */
export function appCommand(electron, root = ROOT) {
  const app = join(root, 'dist', 'app');
  // Electron as it is downloaded starts what is named; one out of a package starts only what is inside.
  if (process.platform === 'darwin' || existsSync(join(dirname(electron), 'resources', 'default_app.asar')))
    return [electron, app];
  return [layRuntime(electron, app, join(root, 'dist', 'runtime'))];
}

/**
 * A folder of links to the runtime, with the app in its `resources`. It is kept for the next start.
 * @returns {string} The executable inside.
 */
function layRuntime(electron, app, folder) {
  const source = dirname(electron);
  const executable = join(folder, basename(electron));
  const note = join(folder, 'made-from.txt');
  if (existsSync(executable) && readOrEmpty(note) === source) return executable;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'resources'), { recursive: true });
  for (const name of readdirSync(source)) {
    if (name === 'resources') continue;
    // The executable looks for its neighbours where it really is: no link for that one.
    if (name === basename(electron)) take(electron, executable);
    else symlinkSync(join(source, name), join(folder, name));
  }
  symlinkSync(app, join(folder, 'resources', 'app'));
  writeFileSync(note, source);
  return executable;
}

function take(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
