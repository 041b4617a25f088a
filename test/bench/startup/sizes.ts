import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Sizes {
  /** Bytes of all files of the installed app. */
  readonly folder: number;
  /** Bytes of Debian's package; undefined where none was built. */
  readonly debian: number | undefined;
}

/** Of what `npm run package` has left; undefined where it has not been run. */
export function packageSizes(output: string): Sizes | undefined {
  const unpacked = join(output, 'linux-unpacked');
  if (!existsSync(unpacked)) return undefined;
  const debian = readdirSync(output).find((name) => name.endsWith('.deb'));
  return {
    folder: sizeOf(unpacked),
    debian: debian === undefined ? undefined : statSync(join(output, debian)).size,
  };
}

function sizeOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
