// The desktop app: Electron's main process, the preload of the console, the console itself, what lies beside them.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { appFolder, dist, forNode, isThere, manifest, root } from './shared.mjs';

const ENTRIES = [
  { entry: 'main/index.ts', result: 'main.cjs' },
  // A sandboxed preload can load nothing but itself: one file.
  { entry: 'preload/console.ts', result: 'console-preload.cjs' },
  { entry: 'preload/viewer.ts', result: 'viewer-preload.cjs' },
];

/** What of `dist/` the app starts as children of its own. */
const CHILDREN = ['outpost.cjs', 'practice.cjs', 'practice-page'];

export async function buildApp() {
  mkdirSync(appFolder, { recursive: true });
  writeFileSync(join(appFolder, 'package.json'), `${JSON.stringify(appManifest(), null, 2)}\n`);
  rmSync(join(appFolder, 'resources'), { recursive: true, force: true });
  if (isThere('resources'))
    cpSync(join(root, 'resources'), join(appFolder, 'resources'), { recursive: true });
  await Promise.all(
    ENTRIES.filter(({ entry }) => isThere(entry)).map(({ entry, result }) =>
      build({ ...forNode, entryPoints: [entry], outfile: join(appFolder, result) }),
    ),
  );
}

/** After the programs are built. Their maps stay behind: Node says a line of the bundle without them, too. */
export function copyChildren() {
  for (const name of CHILDREN) {
    if (!existsSync(join(dist, name))) continue;
    cpSync(join(dist, name), join(appFolder, name), {
      recursive: true,
      filter: (source) => !source.endsWith('.map'),
    });
  }
}

/** The pages, by vite: one for each kind of window. */
export async function buildRenderer() {
  const configs = ['vite.config.ts', 'vite.viewer.config.ts'].map((name) => `renderer/${name}`);
  for (const config of configs.filter(isThere)) {
    const vite = await import('vite');
    await vite.build({ configFile: join(root, config), logLevel: 'warn' });
  }
}

function appManifest() {
  const { name, version, description, license } = manifest;
  return {
    name,
    productName: 'Sallyport',
    version,
    description,
    license,
    main: 'main.cjs',
    desktopName: 'sallyport.desktop',
  };
}
