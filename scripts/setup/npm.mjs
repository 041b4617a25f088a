// npm packages: whether those that are installed are those of the lock file, and installing them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, ROOT, run } from './system.mjs';

/**
 * Whether what npm has noted as installed is what the lock file asks for. Optional packages may be absent: they
 * are for other systems.
 * @param {{ packages?: Record<string, { version?: string, optional?: boolean }> }} lock
 * @param {typeof lock} installed - npm's note, `node_modules/.package-lock.json`.
 */
export function isInstalled(lock, installed) {
  const wanted = lock.packages ?? {};
  const present = installed.packages ?? {};
  const complete = Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional && !present[path]),
  );
  return complete && Object.keys(present).every((path) => path in wanted);
}

export function npmPackagesInstalled(root = ROOT) {
  const lock = readJson(join(root, 'package-lock.json'));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  return lock !== undefined && installed !== undefined && isInstalled(lock, installed);
}

/** @returns {Promise<string | undefined>} Why it failed; undefined when all is there. */
export async function installNpmPackages(log) {
  if (npmPackagesInstalled()) return undefined;
  let failure;
  for (const attempt of [1, 2]) {
    log(`npm packages: installing${attempt > 1 ? ' again' : ''} …`);
    // No package of ours needs its scripts; what does not run cannot do harm.
    const { code, output } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      timeoutMs: 600_000,
    });
    if (code === 0) return undefined;
    failure = `npm ci failed with code ${code}: ${lastLines(output)}`;
  }
  return failure;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
