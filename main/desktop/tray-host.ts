import { execFile } from 'node:child_process';
import type { AppState } from '../../preload/contract/types.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';
const TIMEOUT_MS = 3_000;

/** Programs that ask the session bus who owns a name; one of them is on every desktop. */
const ASKERS: readonly (readonly [program: string, ...args: string[]])[] = [
  [
    'dbus-send',
    '--session',
    '--print-reply=literal',
    `--dest=${BUS}`,
    '/org/freedesktop/DBus',
    `${BUS}.NameHasOwner`,
    `string:${WATCHER}`,
  ],
  [
    'gdbus',
    'call',
    '--session',
    '--dest',
    BUS,
    '--object-path',
    '/org/freedesktop/DBus',
    '--method',
    `${BUS}.NameHasOwner`,
    WATCHER,
  ],
  ['busctl', '--user', 'call', BUS, '/org/freedesktop/DBus', BUS, 'NameHasOwner', 's', WATCHER],
];

/** Whether this desktop shows tray icons. `unknown` where nothing tells; only Linux has desktops without. */
export async function findTrayHost(platform: NodeJS.Platform = process.platform): Promise<AppState['tray']> {
  if (platform !== 'linux') return 'there';
  for (const [program, ...args] of ASKERS) {
    const answer = await ask(program, args);
    if (answer === undefined) continue;
    if (/\btrue\b/.test(answer)) return 'there';
    if (/\bfalse\b/.test(answer)) return 'missing';
  }
  return 'unknown';
}

/** What it printed; undefined where it is not there or could not ask. */
function ask(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: TIMEOUT_MS }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
