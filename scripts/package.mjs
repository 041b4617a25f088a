// `npm run package [-- dir|deb|container|appimage|rpm|nsis|dmg …] [--quick]`: builds packages into dist/package/. With
// --quick, as the tests do, they are larger and sooner there. See docs/packaging.md.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { layOutContainer } from './package/container.mjs';
import { buildDebian } from './package/debian.mjs';
import { packApp } from './package/pack.mjs';
import { buildAll } from './setup/child.mjs';
import { findElectron } from './setup/electron.mjs';
import { setUp } from './setup/run.mjs';
import { findProgram, ROOT, run } from './setup/system.mjs';

/** What each system can build without another's tools. */
const USUAL = { linux: ['dir', 'deb'], darwin: ['dmg'], win32: ['nsis'] };
const BUILDER_TARGETS = { appimage: 'AppImage', rpm: 'rpm', nsis: 'nsis', dmg: 'dmg' };
const TARGETS = ['dir', 'deb', 'container', ...Object.keys(BUILDER_TARGETS)];

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const quick = args.includes('--quick');
  const named = args.filter((arg) => arg !== '--quick');
  const targets = named.length > 0 ? named : usualTargets();
  const unknown = targets.filter((target) => !TARGETS.includes(target));
  if (unknown.length > 0) {
    console.error(`There is no package named ${unknown.join(', ')}: ${TARGETS.join(', ')}.`);
    return 2;
  }
  if (!(await setUp('package'))) return 1;
  if ((await buildAll()) !== 0) return 1;
  const licences = await writeLicences();
  const runtime = await runtimeOf(findElectron());
  if (runtime !== undefined) console.log(`package: the app gets Electron ${runtime.version}.`);
  for (const step of stepsOf(targets, { runtime, quick, licences })) if (!(await attempt(step))) return 1;
  return 0;
}

/** One after the other; the folder first, for the Debian package is made of it. */
function stepsOf(targets, { runtime, quick, licences }) {
  const folder = targets.includes('dir') || targets.includes('deb');
  const others = targets.filter((target) => Object.hasOwn(BUILDER_TARGETS, target));
  return [
    ...(folder ? [{ name: 'dir', build: () => packApp(['dir'], runtime) }] : []),
    ...(targets.includes('deb') ? [{ name: 'deb', build: () => buildDebian({ quick }) }] : []),
    ...(targets.includes('container')
      ? [{ name: 'container', build: () => layOutContainer({ licences }) }]
      : []),
    ...others.map((name) => ({ name, build: () => packApp([BUILDER_TARGETS[name]], runtime) })),
  ];
}

function usualTargets() {
  const usual = USUAL[process.platform] ?? ['dir'];
  return usual.filter((target) => target !== 'deb' || findProgram('dpkg-deb') !== undefined);
}

async function attempt({ name, build }) {
  try {
    console.log(`package: ${name}: ${await build()}`);
    return true;
  } catch (error) {
    console.error(`package: ${name} could not be built: ${error.message}`);
    return false;
  }
}

/** Collects the notices of everything that is inside, which have to go along with it, and resolves with them. */
async function writeLicences() {
  const { code, output } = await run(process.execPath, [join('scripts', 'licences.mjs'), '--texts']);
  if (code !== 0) throw new Error(`The licences could not be collected: ${output}`);
  writeFileSync(join(ROOT, 'dist', 'licences.txt'), output);
  writeFileSync(join(ROOT, 'dist', 'app', 'licences.txt'), output);
  return output;
}

/** The runtime that setup provided; undefined lets electron-builder fetch its own. */
async function runtimeOf(executable) {
  if (executable === undefined) return undefined;
  const { code, output } = await run(executable, ['-p', 'process.versions.electron'], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  return code === 0 ? { folder: dirname(executable), version: output.trim() } : undefined;
}
