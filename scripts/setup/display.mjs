// Whether a window can be shown here, and what Electron needs to be told for it. Pure but for what is handed in.
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Whether there is a screen for this person: a desktop's, or Xvfb. */
export function hasDisplay(environment = process.env, platform = process.platform) {
  if (platform !== 'linux') return platform === 'darwin' || platform === 'win32';
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/**
 * Arguments without which Chromium does not start here, and why.
 * @param {{ platform?: string, uid?: number, read?: (path: string) => string }} [machine]
 * @returns {{ args: string[], said?: string }}
 */
export function sandboxArguments({
  platform = process.platform,
  uid = process.getuid?.(),
  read = readSystemFile,
} = {}) {
  if (platform !== 'linux') return { args: [] };
  if (uid === 0)
    return {
      args: ['--no-sandbox'],
      said: 'You are root, as whom Chromium has no sandbox: the app runs without one. Better start it as yourself.',
    };
  const forbidden =
    read('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0' ||
    read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1';
  if (!forbidden) return { args: [] };
  return {
    args: ['--no-sandbox'],
    said: 'This system lets no checkout have a sandbox (user namespaces are off): the app runs without one. The installed package has it.',
  };
}

function readSystemFile(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
