// `npm run pictures [-- folder]`: takes a picture of every page of the app in both themes, and renews those in docs/images.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { appCommand } from './setup/app-runtime.mjs';
import { buildAll, runNode } from './setup/child.mjs';
import { sandboxArguments } from './setup/display.mjs';
import { findElectron } from './setup/electron.mjs';
import { setUp } from './setup/run.mjs';
import { ROOT } from './setup/system.mjs';

/** What the README shows. */
const SHOWN = ['overview-light', 'sessions-dark', 'first-run-light'];

process.exitCode = await main(process.argv.slice(2));

async function main([given]) {
  if (!(await setUp('screen'))) return 1;
  const built = await buildAll();
  if (built !== 0) return built;
  const electron = findElectron();
  if (electron === undefined) {
    console.error('There is no Electron on this machine, so the app cannot be started.');
    return 1;
  }
  const folder = resolve(given ?? join(ROOT, 'dist', 'pictures'));
  const app = [...appCommand(electron), ...sandboxArguments().args];
  const code = await runNode([join(ROOT, 'dist', 'pictures.cjs'), folder, ...app]);
  if (code !== 0) return code;
  const images = join(ROOT, 'docs', 'images');
  mkdirSync(images, { recursive: true });
  for (const name of SHOWN) copyFileSync(join(folder, `${name}.png`), join(images, `${name}.png`));
  console.log(`pictures: in ${folder}; those of the README in docs/images.`);
  return 0;
}
