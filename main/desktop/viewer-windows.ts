import type { WebContents } from 'electron';
import type { ViewerAbout } from '../../preload/contract/viewer.ts';
import { SallyportError } from '../core/errors.ts';
import type { OutpostStatus } from '../core/status.ts';
import type { WindowBounds } from './preferences.ts';
import type { ViewerTarget } from './viewer-display.ts';
import { ViewerWindow, type ViewerWindowOptions } from './viewer-window.ts';

/** Each holds a page and a picture in memory. */
const MAX_WINDOWS = 24;
/** Between two windows of the same machine, in pixels. */
const STEP = 32;

export interface ViewerWindowsOptions extends Omit<ViewerWindowOptions, 'target' | 'onClosed'> {
  readonly status: () => OutpostStatus | null;
  readonly tell: (contents: WebContents, about: ViewerAbout) => void;
}

/** Every window that shows a session. */
export class ViewerWindows {
  readonly #options: ViewerWindowsOptions;
  readonly #windows = new Set<ViewerWindow>();

  constructor(options: ViewerWindowsOptions) {
    this.#options = options;
  }

  /** Opens a window, or shows the one that watches this session already. Throws where too many are open. */
  open(target: ViewerTarget): void {
    for (const window of this.#windows) {
      if (target.kind !== 'watch' || window.target.kind !== 'watch') continue;
      if (window.target.session === target.session) return window.show();
    }
    if (this.#windows.size >= MAX_WINDOWS)
      throw new SallyportError('session-limit', `${MAX_WINDOWS} session windows are open already.`, {
        advice: 'Close one of them first.',
      });
    const { status, tell: _, ...options } = this.#options;
    const window = new ViewerWindow({
      ...options,
      place: (of) => this.#besideOthers(options.place(of)),
      target,
      onClosed: () => this.#windows.delete(window),
    });
    this.#windows.add(window);
    window.update(status());
  }

  /** The window that a page is in. Throws where it is in none. */
  of(contents: WebContents): ViewerWindow {
    for (const window of this.#windows) if (window.contents === contents) return window;
    throw new SallyportError('control-protocol', 'Only a session’s window may ask for that.');
  }

  /** The outpost tells something new. */
  refresh(): void {
    const { status, tell } = this.#options;
    for (const window of this.#windows) if (window.update(status())) tell(window.contents, window.about);
  }

  /** A second window of a machine would hide the first. */
  #besideOthers(place: WindowBounds | null): WindowBounds | null {
    if (place === null) return null;
    let { x, y } = place;
    while ([...this.#windows].some((window) => window.isAt({ x, y }))) {
      x += STEP;
      y += STEP;
    }
    return { ...place, x, y };
  }

  closeAll(): void {
    for (const window of this.#windows) window.close();
  }
}
