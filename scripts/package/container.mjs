// The folder that a container's image is built in: nothing in it but what goes into the image.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../setup/system.mjs';

/**
 * @param {{ licences: string, folder?: string }} options - The notices of everything inside, and where it goes.
 * @returns {string} Where it is, relative to the repository.
 */
export function layOutContainer({ licences, folder = join(ROOT, 'dist', 'package', 'container') }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['Containerfile', 'rac'])
    copyFileSync(join(ROOT, 'packaging', 'container', name), join(folder, name));
  copyFileSync(join(ROOT, 'dist', 'sallyport.cjs'), join(folder, 'sallyport.cjs'));
  writeFileSync(join(folder, 'licences.txt'), licences);
  return relative(ROOT, folder);
}
