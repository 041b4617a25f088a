import { existsSync } from 'node:fs';
import { mkdir, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { app } from 'electron';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import { desktopEntry } from './desktop-entry.ts';

/** Says at a start that no window should be shown. */
export const MINIMISED_FLAG = '--minimised';

export interface AutostartWish {
  readonly on: boolean;
  readonly minimised: boolean;
}

/** Whether Sallyport is started at login, as the system has it. */
export function startsAtLogin(): boolean {
  return process.platform === 'linux'
    ? existsSync(entryPath())
    : app.getLoginItemSettings({ args: [MINIMISED_FLAG] }).openAtLogin;
}

/** An autostart file of the desktop on Linux, a login item elsewhere. Rejects with `file-unwritable`. */
export async function setAutostart({ on, minimised }: AutostartWish): Promise<void> {
  const args = minimised ? [MINIMISED_FLAG] : [];
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: on, args });
    return;
  }
  const path = entryPath();
  if (!on) {
    if (existsSync(path)) await unlink(path);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, desktopEntry([...command(), ...args]));
}

function command(): string[] {
  // An AppImage runs from a place that is another each time.
  const program = process.env['APPIMAGE'] ?? process.execPath;
  return app.isPackaged || process.env['APPIMAGE'] ? [program] : [program, app.getAppPath()];
}

function entryPath(): string {
  const config = process.env['XDG_CONFIG_HOME'];
  const base = config !== undefined && isAbsolute(config) ? config : join(homedir(), '.config');
  return join(base, 'autostart', 'sallyport.desktop');
}
