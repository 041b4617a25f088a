// The Debian package, made of the packed folder with dpkg-deb alone.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { findProgram, lastLines, ROOT, run } from '../setup/system.mjs';
import { controlFile, debianArchitecture, unitFile } from './debian-control.mjs';
import { packedFolder } from './pack.mjs';

const HOME = 'usr/lib/sallyport';
const SCRIPTS = ['postinst', 'prerm', 'postrm'];

/**
 * @param {{ quick?: boolean }} options - `quick`: hardly squeezed, in a tenth of the time.
 * @returns {Promise<string>} The package, relative to the repository.
 */
export async function buildDebian({ quick = false } = {}) {
  const packed = packedFolder('linux');
  if (!existsSync(packed)) throw new Error('there is no packed app to make it of.');
  const program = findProgram('dpkg-deb');
  if (program === undefined) throw new Error('dpkg-deb is needed for it.');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const root = mkdtempSync(join(tmpdir(), 'sallyport-deb-'));
  try {
    fill(root, packed);
    const kibibytes = normalise(root);
    addControl(root, controlFile({ version, arch: process.arch, kibibytes }));
    const file = join(dirname(packed), `sallyport_${version}_${debianArchitecture(process.arch)}.deb`);
    const squeeze = quick ? ['-Zgzip', '-z1'] : ['-Zxz'];
    const { code, output } = await run(program, ['--root-owner-group', ...squeeze, '--build', root, file], {
      timeoutMs: 900_000,
    });
    if (code !== 0) throw new Error(`dpkg-deb failed with code ${code}: ${lastLines(output)}`);
    return relative(ROOT, file);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Everything that is installed, at its place below `root`. */
function fill(root, packed) {
  const put = (name, content) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  const copy = (from, name) => put(name, readFileSync(join(ROOT, from)));
  const link = (target, name) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    symlinkSync(relative(dirname(join('/', name)), join('/', target)), join(root, name));
  };
  mkdirSync(join(root, 'usr/lib'), { recursive: true });
  cpSync(packed, join(root, HOME), { recursive: true, verbatimSymlinks: true });
  link(`${HOME}/sallyport-desktop`, 'usr/bin/sallyport-desktop');
  link(`${HOME}/resources/cli/sallyport.cjs`, 'usr/bin/sallyport');
  copy('packaging/linux/sallyport.desktop', 'usr/share/applications/sallyport.desktop');
  for (const name of readdirSync(join(ROOT, 'resources', 'icons'))) {
    const size = /^(\d+)\.png$/.exec(name)?.[1];
    if (size) copy(`resources/icons/${name}`, `usr/share/icons/hicolor/${size}x${size}/apps/sallyport.png`);
  }
  copy('resources/icons/sallyport.svg', 'usr/share/icons/hicolor/scalable/apps/sallyport.svg');
  put(
    'usr/lib/systemd/system/sallyport.service',
    unitFile(readFileSync(join(ROOT, 'docs/sallyport.service'), 'utf8')),
  );
  put('usr/share/doc/sallyport/copyright', copyright());
  put(
    'usr/share/doc/sallyport/changelog.gz',
    gzipSync(readFileSync(join(ROOT, 'CHANGELOG.md')), { level: 9 }),
  );
}

function copyright() {
  const others =
    'What is inside beside it has licences of its own: /usr/lib/sallyport/resources/licences.txt,\n' +
    '/usr/lib/sallyport/LICENSE.electron.txt and /usr/lib/sallyport/LICENSES.chromium.html.\n';
  return `${readFileSync(join(ROOT, 'LICENSE'), 'utf8')}\n${others}`;
}

function addControl(root, control) {
  mkdirSync(join(root, 'DEBIAN'));
  chmodSync(join(root, 'DEBIAN'), 0o755);
  writeFileSync(join(root, 'DEBIAN', 'control'), control, { mode: 0o644 });
  for (const name of SCRIPTS) {
    cpSync(join(ROOT, 'packaging', 'linux', name), join(root, 'DEBIAN', name));
    chmodSync(join(root, 'DEBIAN', name), 0o755);
  }
}

/**
 * Whatever this machine's umask is: folders and programs 755, files 644. Chromium's sandbox is root's helper where
 * the system lets nobody else make namespaces, and must be setuid then.
 * @returns {number} The size of all of it in KiB.
 */
function normalise(path) {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return 1;
  if (stats.isDirectory()) {
    chmodSync(path, 0o755);
    return readdirSync(path).reduce((sum, name) => sum + normalise(join(path, name)), 4);
  }
  const helper = path.endsWith('/chrome-sandbox');
  chmodSync(path, helper ? 0o4755 : (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
  return Math.ceil(stats.size / 1024);
}
