// What every step of the build shares.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const dist = join(root, 'dist');
/** The desktop app's own folder: the same files, at the same places, as inside the package. */
export const appFolder = join(dist, 'app');
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  define: { SALLYPORT_VERSION: JSON.stringify(manifest.version) },
};

/** For the oldest Node that has to run it: the one inside Electron 22. */
export const forNode = {
  ...shared,
  platform: 'node',
  target: 'node16.17',
  format: 'cjs',
  // ws asks for these two and does without them.
  external: ['bufferutil', 'utf-8-validate', 'electron'],
};

export function isThere(path) {
  return existsSync(join(root, path));
}
