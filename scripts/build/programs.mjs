// The outpost process, the command line, practice and practice's page.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { dist, forNode, isThere, root, shared } from './shared.mjs';

/** Loaded from `node_modules` by what runs in a checkout only. */
const FROM_A_CHECKOUT = ['playwright-core', 'dbus-next'];

const PROGRAMS = [
  { entry: 'main/outpost.ts', result: 'outpost.cjs' },
  { entry: 'main/cli.ts', result: 'sallyport.cjs', command: true },
  { entry: 'practice/main.ts', result: 'practice.cjs' },
  { entry: 'practice/desktop/main.ts', result: 'desktop-check.cjs', external: FROM_A_CHECKOUT },
  { entry: 'practice/desktop/offline/main.ts', result: 'offline-check.cjs', external: FROM_A_CHECKOUT },
  { entry: 'practice/desktop/pictures.ts', result: 'pictures.cjs', external: FROM_A_CHECKOUT },
  { entry: 'test/bench/main.ts', result: 'bench.cjs' },
  { entry: 'test/bench/startup/main.ts', result: 'bench-startup.cjs', external: FROM_A_CHECKOUT },
  { entry: 'test/bench/window/main.ts', result: 'bench-window.cjs', external: FROM_A_CHECKOUT },
];

export async function buildPrograms() {
  mkdirSync(dist, { recursive: true });
  await Promise.all([...PROGRAMS.map(buildProgram), buildPracticePage()]);
}

async function buildProgram({ entry, result, command = false, external = [] }) {
  if (!isThere(entry)) return;
  await build({
    ...forNode,
    entryPoints: [entry],
    outfile: join(dist, result),
    external: [...forNode.external, ...external],
    ...(command ? { banner: { js: '#!/usr/bin/env node' } } : {}),
  });
  if (command) chmodSync(join(dist, result), 0o755);
}

/** The page's script for the oldest browser that has to show it, and what lies beside it. */
async function buildPracticePage() {
  if (!isThere('practice/page/page.ts')) return;
  const source = join(root, 'practice', 'page');
  const target = join(dist, 'practice-page');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) {
    if (['.html', '.css', '.svg'].includes(extname(name)))
      copyFileSync(join(source, name), join(target, name));
  }
  await build({
    ...shared,
    entryPoints: [join('practice', 'page', 'page.ts')],
    outfile: join(target, 'page.js'),
    platform: 'browser',
    target: 'chrome108',
    format: 'iife',
  });
}
