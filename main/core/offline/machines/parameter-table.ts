import type { Protocol } from '../../status.ts';

/** What a form offers for a value. */
export type ParameterKind = 'text' | 'lines' | 'number' | 'yes-no' | 'choice';

export const PARAMETER_GROUPS = [
  'login',
  'display',
  'session',
  'clipboard',
  'files',
  'sound',
  'speed',
  'network',
] as const;

export interface ParameterInfo {
  readonly name: string;
  readonly protocols: readonly Protocol[];
  readonly group: (typeof PARAMETER_GROUPS)[number];
  readonly kind: ParameterKind;
  /** The words that Guacamole's manual lists, for a `choice`; a newer guacd may know more. */
  readonly choices: readonly string[];
  /** What guacd does without it; null where that is nothing. */
  readonly default: string | null;
  readonly meaning: string;
}

const ALL: readonly Protocol[] = ['ssh', 'rdp', 'vnc', 'telnet', 'kubernetes'];
const TERMINALS: readonly Protocol[] = ['ssh', 'telnet', 'kubernetes'];
const DESKTOPS: readonly Protocol[] = ['rdp', 'vnc'];
const RDP: readonly Protocol[] = ['rdp'];
const SSH: readonly Protocol[] = ['ssh'];
const VNC: readonly Protocol[] = ['vnc'];
const KUBERNETES: readonly Protocol[] = ['kubernetes'];

const KEYBOARDS = [
  'en-us-qwerty',
  'en-gb-qwerty',
  'de-de-qwertz',
  'de-ch-qwertz',
  'fr-fr-azerty',
  'fr-be-azerty',
  'fr-ch-qwertz',
  'it-it-qwerty',
  'es-es-qwerty',
  'es-latam-qwerty',
  'pt-br-qwerty',
  'sv-se-qwerty',
  'da-dk-qwerty',
  'no-no-qwerty',
  'hu-hu-qwertz',
  'pl-pl-qwerty',
  'cs-cz-qwertz',
  'tr-tr-qwerty',
  'ja-jp-qwerty',
  'failsafe',
];

type Group = ParameterInfo['group'];

function one(
  group: Group,
  kind: ParameterKind,
  protocols: readonly Protocol[],
  name: string,
  meaning: string,
  fallback: string | null = null,
  choices: readonly string[] = [],
): ParameterInfo {
  return { name, protocols, group, kind, choices, default: fallback, meaning };
}

/** On or off; guacd's own answer is `false` unless told. */
function onOff(
  group: Group,
  protocols: readonly Protocol[],
  name: string,
  meaning: string,
  fallback = 'false',
): ParameterInfo {
  return one(group, 'yes-no', protocols, name, meaning, fallback);
}

/**
 * The parameters that people set, by what they do; secrets and what has a field of its own are not among them.
 * Source: Guacamole's manual, “Configuring connections”; the words are ours.
 */
const TABLE: readonly ParameterInfo[] = [
  one('login', 'text', RDP, 'domain', 'Domain of the user'),
  one(
    'login',
    'lines',
    SSH,
    'host-key',
    'Line of known_hosts for the server; any other key ends the connection, without it any key is taken',
  ),
  one(
    'login',
    'choice',
    RDP,
    'security',
    'How the server wants to be talked to before the login; any tries them in turn',
    'any',
    ['any', 'nla', 'nla-ext', 'tls', 'vmconnect', 'rdp'],
  ),
  onOff(
    'login',
    RDP,
    'ignore-cert',
    'Take any certificate of the server; without a check anybody on the way can pose as it',
  ),
  onOff('login', RDP, 'cert-tofu', 'Take the certificate seen first and no other after that'),
  one(
    'login',
    'text',
    RDP,
    'cert-fingerprints',
    'Fingerprints of the certificates that the server may show, separated by commas',
  ),
  onOff('login', RDP, 'disable-auth', 'Ask for no login before the session; the server then shows its own'),
  one('login', 'text', RDP, 'gateway-hostname', 'Remote desktop gateway on the way to the machine'),
  one('login', 'number', RDP, 'gateway-port', 'Port of the gateway', '443'),
  one('login', 'text', RDP, 'gateway-username', 'User name at the gateway'),
  one('login', 'text', RDP, 'gateway-domain', 'Domain of the user at the gateway'),
  one('login', 'text', RDP, 'load-balance-info', 'What a broker of several servers needs to choose one'),
  one(
    'login',
    'number',
    RDP,
    'preconnection-id',
    'Number of the session source, for servers that have several',
  ),
  one(
    'login',
    'text',
    RDP,
    'preconnection-blob',
    'Name of the session source; for Hyper-V the id of the virtual machine',
  ),
  one(
    'login',
    'text',
    ['telnet'],
    'username-regex',
    'Pattern of the question that the user name is the answer to',
  ),
  one(
    'login',
    'text',
    ['telnet'],
    'password-regex',
    'Pattern of the question that the password is the answer to',
  ),
  one(
    'login',
    'text',
    ['telnet'],
    'login-success-regex',
    'Pattern of what the machine says after a login that worked',
  ),
  one(
    'login',
    'text',
    ['telnet'],
    'login-failure-regex',
    'Pattern of what the machine says after a login that did not work',
  ),
  onOff('login', KUBERNETES, 'use-ssl', 'Speak TLS with the Kubernetes server'),
  one('login', 'lines', KUBERNETES, 'client-cert', 'Certificate to show to the Kubernetes server, as PEM'),
  one(
    'login',
    'lines',
    KUBERNETES,
    'ca-cert',
    'Authority that signed the certificate of the Kubernetes server, as PEM',
  ),

  one('session', 'text', KUBERNETES, 'namespace', 'Namespace of the pod', 'default'),
  one('session', 'text', KUBERNETES, 'pod', 'Name of the pod to attach to'),
  one('session', 'text', KUBERNETES, 'container', 'Name of the container in the pod; without it the first'),
  one(
    'session',
    'text',
    KUBERNETES,
    'exec-command',
    'Command to run in the container; without it its main process is attached to',
  ),
  one('session', 'text', SSH, 'command', 'Command to run in place of a shell'),
  one('session', 'text', SSH, 'locale', 'Language and encoding of the session, such as de_DE.UTF-8'),
  one('session', 'text', ['ssh', 'rdp'], 'timezone', 'Time zone of the session, such as Europe/Berlin'),
  one(
    'session',
    'number',
    SSH,
    'server-alive-interval',
    'Seconds between two signs of life, for firewalls that forget silent connections; 0 sends none',
    '0',
  ),
  onOff('session', RDP, 'console', 'Join the session at the machine’s own screen'),
  one('session', 'text', RDP, 'initial-program', 'Program to start right after the login'),
  one(
    'session',
    'text',
    RDP,
    'remote-app',
    'Single published program to show, written with || before its name',
  ),
  one('session', 'text', RDP, 'remote-app-dir', 'Folder that the published program starts in'),
  one('session', 'text', RDP, 'remote-app-args', 'What the published program is told at its start'),
  one('session', 'choice', RDP, 'server-layout', 'Keyboard layout of the machine', 'en-us-qwerty', KEYBOARDS),
  one('session', 'number', DESKTOPS, 'retries', 'How often a failed connection is tried again'),
  one('session', 'text', VNC, 'dest-host', 'Machine that a VNC repeater is to lead to'),
  one('session', 'number', VNC, 'dest-port', 'Port at the machine behind a VNC repeater'),
  onOff('session', VNC, 'reverse-connect', 'Wait for the server to call, in place of calling it'),
  one('session', 'number', VNC, 'listen-timeout', 'Milliseconds to wait for a server that calls', '5000'),
  one('session', 'number', TERMINALS, 'scrollback', 'Lines that can be scrolled back to', '1000'),
  one('session', 'choice', TERMINALS, 'backspace', 'Code that the Backspace key sends: 127 or 8', '127', [
    '127',
    '8',
  ]),
  one(
    'session',
    'choice',
    ['ssh', 'telnet'],
    'terminal-type',
    'Kind of terminal that programs are told',
    'linux',
    ['linux', 'xterm', 'xterm-256color', 'vt100', 'vt220', 'ansi'],
  ),

  one('display', 'choice', TERMINALS, 'color-scheme', 'Colours of the terminal', 'gray-black', [
    'gray-black',
    'black-white',
    'green-black',
    'white-black',
  ]),
  one('display', 'text', TERMINALS, 'font-name', 'Font of the terminal; guacd’s host must have it'),
  one('display', 'number', TERMINALS, 'font-size', 'Size of the terminal’s font in points', '12'),
  one(
    'display',
    'choice',
    DESKTOPS,
    'color-depth',
    'Bits for each dot’s colour; fewer are quicker and look worse',
    null,
    ['8', '16', '24', '32'],
  ),
  one('display', 'number', RDP, 'width', 'Width of the screen in dots; without it as wide as the window'),
  one('display', 'number', RDP, 'height', 'Height of the screen in dots; without it as high as the window'),
  one('display', 'number', RDP, 'dpi', 'Dots in an inch; without it those of the window'),
  one(
    'display',
    'choice',
    RDP,
    'resize-method',
    'What happens when the window changes its size: the screen follows, or the session is opened anew',
    null,
    ['display-update', 'reconnect'],
  ),
  one(
    'display',
    'choice',
    VNC,
    'cursor',
    'Who draws the pointer; remote is slower and shows what the machine shows',
    'local',
    ['local', 'remote'],
  ),
  onOff('display', VNC, 'swap-red-blue', 'Swap red and blue, for servers that mix them up'),
  onOff('display', DESKTOPS, 'force-lossless', 'Send pictures without loss; sharper and slower'),
  one('display', 'text', VNC, 'encodings', 'Encodings of pictures that may be used, separated by blanks'),

  onOff('clipboard', ALL, 'disable-copy', 'Nothing copied at the machine comes out of the session'),
  onOff('clipboard', ALL, 'disable-paste', 'Nothing can be pasted into the session'),
  one(
    'clipboard',
    'choice',
    RDP,
    'normalize-clipboard',
    'Line ends of copied text: as they are, as Unix writes them, or as Windows does',
    'preserve',
    ['preserve', 'unix', 'windows'],
  ),
  one(
    'clipboard',
    'choice',
    VNC,
    'clipboard-encoding',
    'Encoding of copied text at the VNC server',
    'ISO8859-1',
    ['ISO8859-1', 'UTF-8', 'UTF-16', 'CP1252'],
  ),

  onOff('files', ['ssh', 'rdp', 'vnc'], 'enable-sftp', 'Move files over SFTP'),
  one(
    'files',
    'text',
    ['ssh', 'rdp', 'vnc'],
    'sftp-root-directory',
    'Folder that is the top of what SFTP shows',
    '/',
  ),
  onOff(
    'files',
    ['ssh', 'rdp', 'vnc'],
    'sftp-disable-download',
    'No file comes out of the session over SFTP',
  ),
  onOff('files', ['ssh', 'rdp', 'vnc'], 'sftp-disable-upload', 'No file goes into the session over SFTP'),
  one('files', 'text', DESKTOPS, 'sftp-hostname', 'SSH server for files, where it is not the machine itself'),
  one('files', 'number', DESKTOPS, 'sftp-port', 'Port of the SSH server for files', '22'),
  one('files', 'text', DESKTOPS, 'sftp-username', 'User name at the SSH server for files'),
  one('files', 'text', DESKTOPS, 'sftp-host-key', 'Line of known_hosts for the SSH server for files'),
  one('files', 'text', DESKTOPS, 'sftp-directory', 'Folder that dropped files go to'),
  onOff('files', RDP, 'enable-drive', 'A drive of the session’s own in the machine’s file manager'),
  one('files', 'text', RDP, 'drive-name', 'Name that the drive is shown under', 'Guacamole Filesystem'),
  onOff('files', RDP, 'disable-download', 'No file comes out of the session over the drive'),
  onOff('files', RDP, 'disable-upload', 'No file goes into the session over the drive'),
  onOff('files', RDP, 'enable-printing', 'A printer that gives a PDF to the person'),
  one('files', 'text', RDP, 'printer-name', 'Name that the printer is shown under', 'Guacamole Printer'),

  onOff('sound', RDP, 'disable-audio', 'No sound from the machine'),
  onOff('sound', RDP, 'enable-audio-input', 'The person’s microphone at the machine'),
  onOff('sound', VNC, 'enable-audio', 'Sound from the machine’s PulseAudio server'),
  one('sound', 'text', VNC, 'audio-servername', 'PulseAudio server, where it is not the machine itself'),
  onOff('sound', RDP, 'console-audio', 'Sound at the machine itself, where its own screen is joined'),
  onOff('session', RDP, 'enable-touch', 'Touches as touches, in place of a mouse'),

  onOff('speed', RDP, 'enable-wallpaper', 'Show the desktop’s picture'),
  onOff('speed', RDP, 'enable-theming', 'Show windows in the system’s theme'),
  onOff('speed', RDP, 'enable-font-smoothing', 'Show letters with smooth edges'),
  onOff('speed', RDP, 'enable-full-window-drag', 'Show what is in a window while it is moved'),
  onOff('speed', RDP, 'enable-desktop-composition', 'Show transparency and shadows'),
  onOff('speed', RDP, 'enable-menu-animations', 'Show menus move'),
  onOff(
    'speed',
    RDP,
    'disable-bitmap-caching',
    'Keep no pictures for the next time, for servers that get it wrong',
  ),
  onOff(
    'speed',
    RDP,
    'disable-offscreen-caching',
    'Keep no pictures of what is not seen, for servers that get it wrong',
  ),
  onOff('speed', RDP, 'disable-glyph-caching', 'Keep no pictures of letters, for servers that get it wrong'),
  onOff('speed', RDP, 'disable-gfx', 'Use the older way of drawing, for servers that get the newer wrong'),
  one('speed', 'choice', VNC, 'compress-level', 'How hard pictures are compressed, from 0 to 9', null, [
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
  ]),
  one('speed', 'choice', VNC, 'quality-level', 'How good pictures are, from 0 to 9', null, [
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
  ]),

  one(
    'network',
    'number',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'timeout',
    'Seconds until a machine that does not answer is given up',
  ),
  onOff(
    'network',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'wol-send-packet',
    'Let guacd wake the machine before it connects',
  ),
  one(
    'network',
    'text',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'wol-mac-addr',
    'Address of the network card that guacd wakes',
  ),
  one(
    'network',
    'text',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'wol-broadcast-addr',
    'Where guacd sends the packet that wakes',
    '255.255.255.255',
  ),
  one(
    'network',
    'number',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'wol-udp-port',
    'Port that guacd sends the packet to',
    '9',
  ),
  one(
    'network',
    'number',
    ['ssh', 'rdp', 'vnc', 'telnet'],
    'wol-wait-time',
    'Seconds that guacd gives the machine to wake',
    '0',
  ),
];

/** The table by name; one name means the same wherever it is known. */
export const PARAMETERS: ReadonlyMap<string, ParameterInfo> = new Map(TABLE.map((info) => [info.name, info]));
