// electron-builder, told what this machine has.
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { parse } from 'yaml';
import { ROOT } from '../setup/system.mjs';

const OUTPUT = join(ROOT, 'dist', 'package');
/** Where the app lies after `dir`, by system. */
const FOLDERS = { linux: 'linux-unpacked', darwin: 'mac', win32: 'win-unpacked' };

export function packedFolder(platform = process.platform) {
  return join(OUTPUT, FOLDERS[platform] ?? FOLDERS.linux);
}

/**
 * @param {readonly string[]} targets - As electron-builder names them.
 * @param {{ folder: string, version: string } | undefined} runtime - An Electron that is here already.
 * @returns {Promise<string>} What was built, relative to the repository.
 */
export async function packApp(targets, runtime) {
  const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'));
  if (targets.includes('dir')) rmSync(packedFolder(), { recursive: true, force: true });
  const builder = await loadBuilder();
  const built = await builder.build({
    targets: builder.Platform.current().createTarget([...targets]),
    projectDir: ROOT,
    publish: 'never',
    config: {
      ...config,
      ...(runtime && { electronDist: runtime.folder, electronVersion: runtime.version }),
    },
  });
  const results = targets.includes('dir') ? [packedFolder()] : built;
  return results.map((path) => relative(ROOT, path)).join(', ');
}

/** It would make hard links instead of copies, and then set the switches of the runtime that others use too. */
async function loadBuilder() {
  for (const name of ['USE_HARD_LINKS', 'VITEST']) delete process.env[name];
  return (await import('electron-builder')).default;
}
