import { join } from 'node:path';

/** Where the app's own files lie, in the folder of its bundle; the same inside a package. */
export interface Layout {
  readonly outpost: string;
  readonly practice: string;
  readonly consolePreload: string;
  readonly consolePage: string;
  readonly viewerPreload: string;
  readonly viewerPage: string;
  readonly trayIcons: string;
  readonly appIcon: string;
}

export function layoutFrom(bundleFolder: string): Layout {
  return {
    outpost: join(bundleFolder, 'outpost.cjs'),
    practice: join(bundleFolder, 'practice.cjs'),
    consolePreload: join(bundleFolder, 'console-preload.cjs'),
    consolePage: join(bundleFolder, 'renderer', 'console'),
    viewerPreload: join(bundleFolder, 'viewer-preload.cjs'),
    viewerPage: join(bundleFolder, 'renderer', 'viewer'),
    trayIcons: join(bundleFolder, 'resources', 'tray'),
    appIcon: join(bundleFolder, 'resources', 'icons', '256.png'),
  };
}
