import { existsSync, readdirSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findElectron } from '../../../scripts/setup/electron.mjs';

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');

/** An Electron on this machine with the built app inside, as a package has it. */
export interface Runtime {
  readonly executable: string;
  remove(): Promise<void>;
}

/**
 * Lays the built app into a private copy of the runtime, of which almost everything is a link: an Electron without
 * `default_app.asar` starts what lies at `resources/app`, and nothing named on its command line.
 */
export async function prepareRuntime(): Promise<Runtime> {
  const electron = findElectron();
  if (electron === undefined) throw new Error('There is no Electron on this machine: npm run setup');
  if (!existsSync(join(DIST, 'app', 'main.cjs'))) throw new Error('The app is not built: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-runtime-'));
  const source = dirname(electron);
  for (const name of readdirSync(source)) {
    if (name === 'resources') continue;
    // The executable looks for its neighbours where it really is: no link for that one.
    if (name === basename(electron)) await take(electron, join(folder, name));
    else await symlink(join(source, name), join(folder, name));
  }
  await mkdir(join(folder, 'resources'));
  await symlink(join(DIST, 'app'), join(folder, 'resources', 'app'));
  return {
    executable: join(folder, basename(electron)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function take(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
