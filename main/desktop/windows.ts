import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { PageName, WindowKind } from '../../preload/contract/types.ts';
import { pageAddress } from './own-page.ts';
import type { WindowBounds } from './preferences.ts';
import { UnsavedWork } from './unsaved-work.ts';
import { webPreferences } from './web-preferences.ts';
import { boundsOf, visibleBounds } from './window-bounds.ts';

export interface ConsoleWindowOptions {
  readonly preload: string;
  readonly icon: string;
  /** Developer tools, in builds that are not released. */
  readonly devTools: boolean;
  readonly bounds: () => WindowBounds | null;
  readonly rememberBounds: (bounds: WindowBounds) => void;
  /** Before the page is loaded. */
  readonly admit: (window: BrowserWindow, kind: WindowKind) => void;
  /** The page is there and listens. */
  readonly onReady: () => void;
  readonly onClosed: () => void;
  readonly tellPage: (page: PageName) => void;
  /** Has the page ask whether it may be left. */
  readonly tellLeave: () => void;
}

const KIND = 'console';
const USUAL = { width: 1120, height: 760 } as const;
const SMALLEST = { width: 720, height: 480 } as const;

/** The console's window: made when it is asked for, gone when it is closed. */
export class ConsoleWindow {
  readonly #options: ConsoleWindowOptions;
  #window: BrowserWindow | null = null;
  #loaded = false;
  #page: PageName | null = null;
  #closing = false;
  /** What is not saved on its page. */
  readonly work = new UnsavedWork(() => {
    this.open();
    this.#options.tellLeave();
  });

  constructor(options: ConsoleWindowOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#window !== null;
  }

  /** For dialogs that belong to it. */
  get window(): BrowserWindow | null {
    return this.#window;
  }

  /** Shows it, in front of everything, at `page` where one is named. */
  open(page: PageName | null = null): void {
    this.#page = page;
    if (this.#window === null) {
      this.#create();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    this.#turn();
  }

  /** Without a question. */
  close(): void {
    this.#closing = true;
    this.#window?.close();
  }

  #create(): void {
    const { preload, icon, devTools, admit, onReady, onClosed, rememberBounds } = this.#options;
    const remembered = this.#options.bounds();
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = new BrowserWindow({
      ...visibleBounds(remembered, areas, USUAL),
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      title: 'Sallyport',
      icon,
      // Shown when it is painted: no white flash in the dark.
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#f7f8fa',
      autoHideMenuBar: true,
      webPreferences: webPreferences(preload, devTools),
    });
    this.#window = window;
    this.#loaded = false;
    this.#closing = false;
    window.removeMenu();
    admit(window, KIND);
    if (remembered?.maximised) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (this.work.isThere && !this.#closing) {
        event.preventDefault();
        void this.work.mayGo().then((may) => may && this.close());
        return;
      }
      rememberBounds(boundsOf(window));
    });
    window.once('closed', () => {
      this.#window = null;
      this.work.forget();
      onClosed();
    });
    // Whoever cannot be asked keeps nobody.
    window.on('unresponsive', () => this.work.forget());
    window.on('page-title-updated', (event) => event.preventDefault());
    window.webContents.on('did-finish-load', () => {
      this.#loaded = true;
      onReady();
      this.#turn();
    });
    // A page that died is loaded anew: a blank window helps nobody.
    window.webContents.on('render-process-gone', (_, { reason }) => {
      this.#loaded = false;
      this.work.forget();
      if (reason !== 'clean-exit')
        setTimeout(() => this.#window === window && window.loadURL(pageAddress(KIND)), 1_000);
    });
    void window.loadURL(pageAddress(KIND));
  }

  #turn(): void {
    if (!this.#loaded || this.#page === null) return;
    this.#options.tellPage(this.#page);
    this.#page = null;
  }
}
