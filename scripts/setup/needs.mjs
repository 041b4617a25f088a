// The table of everything that does not come from npm: what it is for, how it is found, which package has it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findLibrary, findProgram } from './system.mjs';

/**
 * @typedef {object} Need
 * @property {string} name
 * @property {string} purpose - Why it is needed, in few words.
 * @property {string} package - The Debian package that has it.
 * @property {readonly Group[]} groups - Which commands need it.
 * @property {() => string | undefined} find - Its path, where it is installed.
 * @property {readonly string[]} [versionArgs] - What makes the program say its version.
 *
 * @typedef {'start' | 'desktop' | 'screen' | 'test' | 'bench' | 'package'} Group
 *
 * `desktop` is a start with a display: what `start` needs, and what a window needs. `screen` is that, and a display.
 */

const STARTING = ['start', 'test'];
const WINDOWS = ['desktop', 'test'];
const SCREENS = ['screen', 'test'];
const TESTING = ['test'];

/** @type {readonly Need[]} */
export const NEEDS = [
  program('guacd', 'guacd', 'speaks to the machines', STARTING, ['-v']),
  plugin('ssh'),
  plugin('vnc'),
  plugin('rdp'),
  program('sshd', 'openssh-server', 'practice SSH', STARTING, ['-V']),
  program('ssh-keygen', 'openssh-client', 'keys of practice SSH', STARTING),
  file('pam_wrapper', 'libpam-wrapper', 'password of practice SSH', STARTING, () =>
    findLibrary('pam_wrapper/pam_matrix'),
  ),
  program('Xvnc', 'tigervnc-standalone-server', 'practice VNC', STARTING, ['-version']),
  program('vncpasswd', 'tigervnc-tools', 'password of practice VNC', STARTING),
  program('xterm', 'xterm', 'terminal of practice VNC and RDP', STARTING, ['-version']),
  font('/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf', 'fonts-dejavu-core'),
  program('xrdp', 'xrdp', 'practice RDP', STARTING, ['--version']),
  program('openssl', 'openssl', 'certificate of practice RDP', STARTING, ['version']),
  library('libgtk-3.so.0', 'libgtk-3-0', 'windows of the app'),
  library('libX11-xcb.so.1', 'libx11-xcb1', 'windows of Electron'),
  library('libnss3.so', 'libnss3', 'certificates of Electron'),
  library('libgbm.so.1', 'libgbm1', 'pictures of Electron'),
  library('libasound.so.2', 'libasound2', 'sound of Electron'),
  library('libnotify.so.4', 'libnotify4', 'notifications of the app'),
  program('chromium', 'chromium', 'tests of the practice page', TESTING, ['--version']),
  program('Xvfb', 'xvfb', 'checks with a display', SCREENS),
  program('dbus-run-session', 'dbus', 'checks with a session bus', SCREENS, ['--version']),
  program('debootstrap', 'debootstrap', 'fresh system for the package', TESTING),
  program('podman', 'podman', 'tests in containers', TESTING, ['--version']),
  program('runc', 'runc', 'runs the containers', TESTING, ['--version']),
  file('netavark', 'netavark', 'networks of the containers', TESTING, () => findHelper('netavark')),
  file('aardvark-dns', 'aardvark-dns', 'names in those networks', TESTING, () => findHelper('aardvark-dns')),
  program('iptables', 'iptables', 'walls of those networks', TESTING, ['--version']),
  program('prometheus', 'prometheus', 'tests of the metrics', TESTING, ['--version']),
  program('promtool', 'prometheus', 'tests of the metrics', TESTING, ['--version']),
  program('nginx', 'nginx-light', 'tests behind a reverse proxy', TESTING, ['-v']),
];

/** What some need beside what is theirs alone. */
const INCLUDED = { desktop: ['start', 'desktop'], screen: ['start', 'desktop', 'screen'] };

/** What a command needs. */
export function needsOf(group, needs = NEEDS) {
  const groups = INCLUDED[group] ?? [group];
  return needs.filter((need) => need.groups.some((name) => groups.includes(name)));
}

/** Whether a command runs, tests or packs the desktop app. */
export function needsElectron(group) {
  return ['desktop', 'screen', 'test', 'package'].includes(group);
}

/** The Debian packages that have what is missing, each once. */
export function missingPackages(group, needs = NEEDS) {
  const missing = needsOf(group, needs).filter((need) => need.find() === undefined);
  return [...new Set(missing.map((need) => need.package))];
}

function program(name, fromPackage, purpose, groups, versionArgs) {
  return { name, package: fromPackage, purpose, groups, find: () => findProgram(name), versionArgs };
}

function file(name, fromPackage, purpose, groups, find) {
  return { name, package: fromPackage, purpose, groups, find };
}

function library(name, fromPackage, purpose) {
  return file(name, fromPackage, purpose, WINDOWS, () => findLibrary(name));
}

/** A program that only podman starts. */
function findHelper(name) {
  return ['/usr/lib/podman', '/usr/libexec/podman'].map((folder) => join(folder, name)).find(existsSync);
}

function plugin(protocol) {
  const library = `libguac-client-${protocol}`;
  return file(library, `${library}0`, `guacd's ${protocol.toUpperCase()}`, STARTING, () =>
    findLibrary(`${library}.so`),
  );
}

function font(path, fromPackage) {
  return file('DejaVu Sans Mono', fromPackage, 'letters', STARTING, () =>
    existsSync(path) ? path : undefined,
  );
}
