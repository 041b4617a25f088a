import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ipcMain } from 'electron';
import Store from 'electron-store';
import type { Preferences } from '../../preload/contract/types.ts';
import { Emitter } from '../core/base/emitter.ts';
import {
  changed,
  type PreferencesChange,
  readMemory,
  type WindowBounds,
  type WindowMemory,
  withPlace,
} from './preferences.ts';

const NAME = 'window';

/**
 * What the window side remembers, in `window.json` of the app's folder. Where that cannot be written (a read-only
 * home, a full disk) it holds as long as the app runs.
 */
export class WindowStore {
  readonly #changed = new Emitter<Preferences>();
  readonly onPreferences = this.#changed.on;
  /** The damaged file that was kept aside, else null. */
  readonly keptAside: string | null;
  readonly #store: Store | null;
  readonly #onError: (error: unknown) => void;
  #memory: WindowMemory;

  constructor(directory: string, onError: (error: unknown) => void) {
    this.#onError = onError;
    this.keptAside = keepAside(join(directory, `${NAME}.json`));
    this.#store = open(directory, onError);
    this.#memory = readMemory(this.#store?.store);
  }

  get preferences(): Preferences {
    return this.#memory.preferences;
  }

  get bounds(): WindowMemory['bounds'] {
    return this.#memory.bounds;
  }

  /** Keeps a change and tells it. */
  change(change: PreferencesChange): Preferences {
    const preferences = changed(this.#memory.preferences, change);
    this.#keep({ preferences });
    this.#changed.emit(preferences);
    return preferences;
  }

  rememberBounds(bounds: WindowMemory['bounds']): void {
    this.#keep({ bounds });
  }

  /** Where the window of `machine`, or the last one that watched, was closed; null where there was none. */
  viewerBounds(of: string): WindowBounds | null {
    return this.#memory.viewers.find((place) => place.of === of) ?? null;
  }

  rememberViewer(of: string, bounds: WindowBounds): void {
    this.#keep({ viewers: withPlace(this.#memory.viewers, { of, ...bounds }) });
  }

  /** True the first time that it is asked for `what`. */
  sayOnce(what: string): boolean {
    if (this.#memory.said.includes(what)) return false;
    this.#keep({ said: [...this.#memory.said, what] });
    return true;
  }

  #keep(part: Partial<WindowMemory>): void {
    this.#memory = { ...this.#memory, ...part };
    try {
      this.#store?.set(part);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function open(cwd: string, onError: (error: unknown) => void): Store | null {
  try {
    const store = new Store({ cwd, name: NAME });
    // The library answers every renderer that asks where the app keeps its files: a door beside ours.
    ipcMain.removeAllListeners('electron-store-get-data');
    return store;
  } catch (error) {
    onError(error);
    return null;
  }
}

/** The library would overwrite what it cannot read. */
function keepAside(file: string): string | null {
  if (!existsSync(file)) return null;
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return null;
  } catch {
    const aside = `${file}.damaged-${Date.now()}`;
    try {
      renameSync(file, aside);
      return aside;
    } catch {
      return null;
    }
  }
}
