// What Debian's package says of itself. Pure.

/** Debian's words for the processors that an Electron for Linux is made for. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' };

/** What Electron and the app need; the second names are those of systems with 64-bit time. */
const DEPENDS = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libgbm1',
  // Loaded when the window is made, so no list of libraries shows it; without it the app dies without a word.
  'libx11-xcb1',
  'libasound2 | libasound2t64',
  'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
  'xdg-utils',
  // For the service and the `sallyport` command.
  'nodejs (>= 16.17)',
  'adduser',
];
/** For notices and the keychain; without them the app says what it does in their place. */
const RECOMMENDS = ['libnotify4', 'libsecret-1-0'];
const SUGGESTS = ['guacd (>= 1.6.0)', 'podman | docker.io'];

export function debianArchitecture(arch) {
  const name = ARCHITECTURES[arch];
  if (name === undefined) throw new Error(`Debian has no name for the processor ${arch}.`);
  return name;
}

/**
 * The file `control`.
 * @param {{ version: string, arch: string, kibibytes: number }} facts - `kibibytes`: size when installed.
 */
export function controlFile({ version, arch, kibibytes }) {
  return [
    'Package: sallyport',
    // A hyphen would begin Debian's own revision: 1.0.0-beta.1 comes before 1.0.0.
    `Version: ${version.replace('-', '~')}`,
    `Architecture: ${debianArchitecture(arch)}`,
    'Maintainer: Sallyport maintainers <maintainers@sallyport.invalid>',
    `Installed-Size: ${kibibytes}`,
    'Section: net',
    'Priority: optional',
    `Depends: ${DEPENDS.join(', ')}`,
    `Recommends: ${RECOMMENDS.join(', ')}`,
    `Suggests: ${SUGGESTS.join(', ')}`,
    'Description: authentik RAC outpost in the tray',
    ' Runs an authentik RAC outpost on a jump host: it dials out to authentik, brokers',
    ' RDP, SSH and VNC sessions to the private network through guacd, and shows in the',
    ' tray and a console window what is going on.',
    ' .',
    ' The package has a systemd service too, which is neither enabled nor started: see',
    ' sallyport.service and the command `sallyport`.',
    '',
  ].join('\n');
}

/** docs/sallyport.service with the outpost where the package has it. */
export function unitFile(text) {
  const unit = text.replace(
    /^ExecStart=.*$/m,
    'ExecStart=/usr/bin/node /usr/lib/sallyport/resources/cli/outpost.cjs',
  );
  return unit.replace(/ How to install it is in operations\.md\./, '');
}
