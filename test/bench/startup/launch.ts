import { type ChildProcess, spawn } from 'node:child_process';
import { connectControl } from '../../../main/control/client.ts';
import { statePaths, thisHost } from '../../../main/core/settings/paths.ts';
import { makePlace, removePlace } from '../../../practice/desktop/desktop-app.ts';
import { startSession } from '../../../practice/desktop/session.ts';
import { TrayReader } from '../../../practice/desktop/tray-reader.ts';
import type { Practice } from '../../../practice/run/practice.ts';
import { type Family, familyOf } from './processes.ts';

export interface Launched {
  /** Milliseconds from the start of the process to its icon in the tray. */
  readonly trayMs: number;
  /** Milliseconds to the outpost's websocket at authentik. */
  readonly onlineMs: number;
  readonly families: () => Families;
  stop(): Promise<void>;
}

export interface Families {
  /** Electron's processes. */
  readonly app: Family;
  readonly outpost: Family;
}

const LIMIT_MS = 60_000;

/**
 * Starts the app as a login does, minimised and set up for practice, in a home of its own on a screen of its own;
 * resolves when it is in the tray and online. One after the other: practice knows one outpost.
 */
export async function launch(command: readonly string[], practice: Practice): Promise<Launched> {
  const session = await startSession();
  const { dir, host, token } = practice.outpost;
  const place = await makePlace(session, {
    AUTHENTIK_HOST: host,
    AUTHENTIK_TOKEN: token,
    SALLYPORT_GUACD: 'managed',
    SALLYPORT_PROXY: 'none',
    SALLYPORT_STATE_DIR: dir,
  });
  const tray = await TrayReader.start(session.bus);
  const { environment } = place;
  const [program = '', ...args] = command;
  const began = performance.now();
  const child = spawn(program, [...args, '--minimised', '--disable-gpu', '--disable-dev-shm-usage'], {
    env: environment,
    stdio: 'ignore',
  });
  const since = () => performance.now() - began;
  const stop = async () => {
    await ended(child);
    tray.end();
    await removePlace(place);
    await session.end();
  };
  try {
    const [trayMs, onlineMs] = await Promise.all([
      tray.registered(undefined, LIMIT_MS).then(since),
      practice.authentik
        .until(() => practice.authentik.online, { timeoutMs: LIMIT_MS, what: 'the app comes online' })
        .then(since),
    ]);
    const control = await connectControl(statePaths(dir, thisHost(environment)).control.path);
    const { pid: outpost } = await control.request('status', {});
    control.close();
    const pid = child.pid ?? 0;
    return {
      trayMs,
      onlineMs,
      families: () => ({ app: familyOf(pid, [outpost]), outpost: familyOf(outpost) }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}
