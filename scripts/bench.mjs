// `npm run bench [-- recording | startup | window]`: prepares, builds, measures. What is measured, and how, is in test/bench.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { appCommand } from './setup/app-runtime.mjs';
import { buildAll, runNode } from './setup/child.mjs';
import { sandboxArguments } from './setup/display.mjs';
import { findElectron } from './setup/electron.mjs';
import { setUp } from './setup/run.mjs';
import { ROOT } from './setup/system.mjs';

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const ofApp = ['startup', 'window'].find((name) => name === args[0]);
  if (!(await setUp(ofApp ? 'screen' : 'bench'))) return 1;
  const built = await buildAll();
  if (built !== 0) return built;
  if (ofApp) return benchApp(ofApp);
  return runNode(['--expose-gc', join(ROOT, 'dist', 'bench.cjs'), ...args]);
}

/** The app of the package where one was built, else that of the checkout. */
async function benchApp(name) {
  const packaged = join(ROOT, 'dist', 'package', 'linux-unpacked', 'sallyport-desktop');
  const electron = findElectron();
  if (!existsSync(packaged) && electron === undefined) {
    console.error('There is no Electron on this machine, so the app cannot be started.');
    return 1;
  }
  const app = existsSync(packaged) ? [packaged] : appCommand(electron);
  return runNode([join(ROOT, 'dist', `bench-${name}.cjs`), ...app, ...sandboxArguments().args]);
}
