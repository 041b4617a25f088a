import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { connectControl } from '../../main/control/client.ts';
import { statePaths, thisHost } from '../../main/core/settings/paths.ts';
import type { DesktopSession } from './session.ts';

export interface AppPlace {
  /** Everything that the app keeps is in here. */
  readonly home: string;
  readonly environment: Record<string, string>;
}

/** For a screen that is not looked at: Chromium draws without a graphics card, and without much shared memory. */
export const UNSEEN = ['--disable-gpu', '--disable-dev-shm-usage'];

/** A home of the app's own, so that nothing of the person's is read or changed. */
export async function makePlace(
  session: Pick<DesktopSession, 'display' | 'bus'>,
  more: Readonly<Record<string, string>> = {},
): Promise<AppPlace> {
  const home = await mkdtemp(join(tmpdir(), 'sp-desktop-'));
  const folders = {
    XDG_CONFIG_HOME: 'config',
    XDG_STATE_HOME: 'state',
    XDG_CACHE_HOME: 'cache',
    XDG_RUNTIME_DIR: 'run',
    TMPDIR: 'tmp',
  };
  for (const name of Object.values(folders)) await mkdir(join(home, name), { mode: 0o700 });
  return {
    home,
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      LANG: 'C.UTF-8',
      DISPLAY: session.display,
      DBUS_SESSION_BUS_ADDRESS: session.bus,
      ...Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(home, folder)])),
      SALLYPORT_STATE_DIR: join(home, 'sp'),
      AUTHENTIK_LISTEN__METRICS: 'off',
      ...more,
    },
  };
}

export async function removePlace({ home }: AppPlace): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly pid: number;
  /** The console's page. */
  window(): Promise<Page>;
  /** Connects to the outpost, which may still be starting. */
  control(): ReturnType<typeof connectControl>;
  /** What the app said on standard error. */
  readonly said: () => string;
  /** Resolves when its process is gone. */
  readonly gone: Promise<void>;
  /** Ends it as a signal of the system does. */
  stop(): Promise<void>;
}

/** Starts the app by a command, which is its executable and arguments. */
export async function launchApp(
  [executablePath, ...args]: readonly [string, ...string[]],
  { environment }: AppPlace,
): Promise<RunningApp> {
  const electron = await _electron.launch({ executablePath, args, env: environment, timeout: 120_000 });
  const child = electron.process();
  let said = '';
  for (const stream of [child.stderr, child.stdout])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  return {
    electron,
    pid: child.pid ?? 0,
    window: () => electron.firstWindow({ timeout: 60_000 }),
    control: () => untilConnected(environment['SALLYPORT_STATE_DIR'] ?? '', environment),
    said: () => said,
    gone,
    stop: async () => {
      child.kill('SIGTERM');
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, 60_000);
      await gone;
      clearTimeout(timer);
      if (late) throw new Error('The app did not end when the system asked it to.');
    },
  };
}

async function untilConnected(stateDir: string, environment: Record<string, string>) {
  const { path } = statePaths(stateDir, thisHost(environment)).control;
  for (let tries = 0; ; tries += 1) {
    try {
      return await connectControl(path);
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
