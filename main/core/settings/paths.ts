import { createHash } from 'node:crypto';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, posix, resolve, win32 } from 'node:path';
import type { Environment } from './environment.ts';

/** The machine as far as paths depend on it; a test brings its own. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly home: string;
  readonly temporary: string;
  /** What tells users of this host apart: the uid, or the user's name. */
  readonly user: string;
}

/** Names inside the state directory. */
export interface StatePaths {
  readonly stateDir: string;
  readonly settings: string;
  readonly logDir: string;
  /** Drives of sessions, one folder each, where `drive.dir` is not set. */
  readonly drives: string;
  readonly control: ControlAddress;
}

/** The local address that the outpost is driven by. */
export interface ControlAddress {
  /** Path of a unix socket or name of a named pipe. */
  readonly path: string;
  /** Where the socket lies outside the state directory: the directory to guard it in (0700), else null. */
  readonly guardedDir: string | null;
}

/** The longest path of a unix socket that every system takes, in bytes (macOS: 104 with the closing zero). */
const SOCKET_PATH_BYTES = 103;

/** This machine. */
export function thisHost(env: Environment): Host {
  return { platform: process.platform, env, home: homeDirectory(), temporary: tmpdir(), user: userName() };
}

/**
 * Where state is kept when nobody says: systemd's `STATE_DIRECTORY`, else the place for it that the system has
 * for a person.
 */
export function defaultStateDir({ platform, env, home }: Host): string {
  // systemd lists several with colons between.
  const systemd = env['STATE_DIRECTORY']?.split(':')[0];
  if (platform !== 'win32' && systemd !== undefined && posix.isAbsolute(systemd)) return systemd;
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    return win32.join(
      local !== undefined && win32.isAbsolute(local) ? local : win32.join(home, 'AppData', 'Local'),
      'Sallyport',
    );
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Sallyport');
  const xdg = env['XDG_STATE_HOME'];
  // The specification of these directories has relative ones ignored.
  const base = xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'state');
  return posix.join(base, 'sallyport');
}

export function statePaths(stateDir: string, host: Host): StatePaths {
  return {
    stateDir,
    settings: join(stateDir, 'settings.json'),
    logDir: join(stateDir, 'log'),
    drives: join(stateDir, 'drives'),
    control: controlAddress(stateDir, host),
  };
}

/**
 * `control.sock` in the state directory. Where that path is too long for a unix socket, a name made of the
 * directory's hash in the run-time directory, else in a private directory among the temporary ones.
 */
export function controlAddress(stateDir: string, host: Host): ControlAddress {
  if (host.platform === 'win32')
    return { path: `\\\\.\\pipe\\sallyport-${hash(`${host.user}\0${stateDir}`)}`, guardedDir: null };
  const inside = posix.join(stateDir, 'control.sock');
  if (fits(inside)) return { path: inside, guardedDir: null };
  const runtime = host.env['XDG_RUNTIME_DIR'];
  const places = [
    ...(runtime !== undefined && isAbsolute(runtime) ? [posix.join(runtime, 'sallyport')] : []),
    posix.join(resolve(host.temporary), `sallyport-${host.user}`),
  ];
  const last = posix.join('/tmp', `sallyport-${hash(host.user)}`);
  const name = `${hash(stateDir)}.sock`;
  const guardedDir = places.find((place) => fits(posix.join(place, name))) ?? last;
  return { path: posix.join(guardedDir, name), guardedDir };
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= SOCKET_PATH_BYTES;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A user without an entry and without HOME, as containers have them, has none. */
function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

function userName(): string {
  const uid = process.getuid?.();
  if (uid !== undefined) return String(uid);
  try {
    return userInfo().username;
  } catch {
    return 'user';
  }
}
