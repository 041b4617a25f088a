import type { BrowserWindow } from 'electron';
import type { AppState, PageName } from '../../preload/contract/types.ts';
import type { DiagnosticsSources } from './diagnostics.ts';
import type { IpcDoor } from './ipc.ts';
import type { MenuMachines } from './machine-menu.ts';
import type { OutpostDesk } from './outpost-desk.ts';
import type { PastedTokens } from './pasted-tokens.ts';
import type { AppSecrets } from './secrets.ts';
import type { UnsavedWork } from './unsaved-work.ts';
import type { VaultOpener } from './vault-opener.ts';
import type { ViewerWindows } from './viewer-windows.ts';
import type { WindowStore } from './window-store.ts';
import type { Words } from './words/words.ts';

/** What the app's parts share; made once, in `app.ts`. */
export interface AppContext {
  readonly desk: OutpostDesk;
  readonly store: WindowStore;
  readonly secrets: AppSecrets;
  readonly tokens: PastedTokens;
  /** The vault of the outpost at hand. */
  readonly vault: VaultOpener;
  /** The door is made of the handlers, which tell by it. */
  readonly ipc: () => IpcDoor;
  readonly state: () => AppState;
  readonly words: () => Words;
  readonly window: () => BrowserWindow | null;
  /** What is not saved on the console's page. */
  readonly unsaved: () => UnsavedWork;
  /** Windows that show sessions. */
  readonly viewers: () => ViewerWindows;
  /** The address book, as far as a menu shows it. */
  readonly machines: () => MenuMachines;
  readonly openConsole: (page?: PageName) => void;
  readonly diagnostics: () => DiagnosticsSources;
  readonly logDir: () => string;
  /** Address or token may be another: whether this is still the first run is asked anew. */
  readonly settingsChanged: () => void;
}
