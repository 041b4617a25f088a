// Runs one of our own programs in the foreground, as if the person had started it themselves.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { ROOT } from './system.mjs';

/**
 * Runs Node on a script with our terminal, passes signals on, and resolves with its exit code (128 + signal where
 * a signal ended it).
 * @param {readonly string[]} args - The script and what it gets.
 */
export function runNode(args, options) {
  return runProgram(process.execPath, args, options);
}

/**
 * The same for any program.
 * @param {{ env?: NodeJS.ProcessEnv, output?: number, priority?: number }} options - `output`: a file's descriptor for all
 * that it says, where two of them would talk at once. `priority`: as `nice` has it.
 */
export function runProgram(program, args, { env = {}, output, priority } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: output === undefined ? 'inherit' : ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
    const pass = (signal) => {
      // A terminal sends Ctrl-C to everyone in front of it: passed on, it would be the second and end at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    const orphaned = whenOrphaned(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(orphaned);
      for (const passed of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(passed, pass);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * npm runs us in a shell and ends only that shell when it is told to end: we notice that our parent is another one.
 */
function whenOrphaned(end) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 500);
  return timer.unref();
}

/** Builds into `dist/`. @returns {Promise<number>} Its exit code. */
export function buildAll() {
  return runNode(['scripts/build.mjs'], { env: { SALLYPORT_QUIET: '1' } });
}
