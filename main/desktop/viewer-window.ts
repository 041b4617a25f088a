import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  MessageChannelMain,
  nativeTheme,
  screen,
  type WebContents,
} from 'electron';
import { PORT_CHANNEL } from '../../preload/contract/channels.ts';
import type { WindowKind } from '../../preload/contract/types.ts';
import {
  MAX_SAVES,
  type ViewerAbout,
  type ViewerBegun,
  type ViewerDisplay,
  type ViewerLogin,
  type ViewerNeed,
} from '../../preload/contract/viewer.ts';
import { type ErrorCode, SallyportError } from '../core/errors.ts';
import type { OutpostStatus } from '../core/status.ts';
import { pageAddress } from './own-page.ts';
import type { WindowBounds } from './preferences.ts';
import type { VaultOpener } from './vault-opener.ts';
import { aboutNothing, aboutSession } from './viewer-about.ts';
import type { DisplayWish, OpenDisplay, OpenedDisplay, ViewerTarget } from './viewer-display.ts';
import { FileFromPort } from './viewer-file.ts';
import { suggestedName } from './viewer-names.ts';
import { DisplayPump } from './viewer-pump.ts';
import { webPreferences } from './web-preferences.ts';
import { boundsOf, visibleBounds } from './window-bounds.ts';
import type { Words } from './words/words.ts';

export interface ViewerWindowOptions {
  readonly target: ViewerTarget;
  readonly preload: string;
  readonly icon: string;
  readonly devTools: boolean;
  /** Where such a window was, and where it is when it closes; by what stands for its machine. */
  readonly place: (of: string) => WindowBounds | null;
  readonly rememberPlace: (of: string, bounds: WindowBounds) => void;
  /** Before the page is loaded. */
  readonly admit: (contents: WebContents, kind: WindowKind) => void;
  readonly display: OpenDisplay;
  readonly vault: Pick<VaultOpener, 'state' | 'unlock'>;
  readonly words: () => Words;
  readonly onClosed: () => void;
}

const KIND = 'viewer';
const USUAL = { width: 1280, height: 840 } as const;
const SMALLEST = { minWidth: 480, minHeight: 360 } as const;

/** One window that shows a session, and the streams that belong to it. */
export class ViewerWindow {
  /** Names this window to the outpost, which holds a session for it and nobody else. */
  readonly #id = randomUUID();
  readonly #options: ViewerWindowOptions;
  readonly #window: BrowserWindow;
  #pump: DisplayPump | null = null;
  #session: string | null = null;
  #reason: string | null;
  /** Typed for an opening that something else is asked for first; forgotten with that. */
  #login: ViewerLogin | null = null;
  #needs: ViewerNeed | null = null;
  #about: ViewerAbout;
  #ports = 0;
  #saves = 0;
  #asking = false;
  #leaving = false;

  constructor(options: ViewerWindowOptions) {
    this.#options = options;
    const { target } = options;
    this.#reason = target.kind === 'machine' ? target.reason : null;
    this.#about = aboutNothing(target);
    this.#window = this.#create();
  }

  get contents(): WebContents {
    return this.#window.webContents;
  }

  get target(): ViewerTarget {
    return this.#options.target;
  }

  /** Whether a window there would lie exactly on it. */
  isAt({ x, y }: Pick<WindowBounds, 'x' | 'y'>): boolean {
    const here = this.#window.getNormalBounds();
    return here.x === x && here.y === y;
  }

  get about(): ViewerAbout {
    return this.#about;
  }

  show(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /**
   * Opens the session, and hands its stream to the page; or tells what the person has to do first. Rejects with what the
   * outpost says.
   */
  async begin(
    display: ViewerDisplay,
    { reason, login }: { readonly reason?: string; readonly login?: ViewerLogin },
  ): Promise<ViewerBegun> {
    this.#pump?.cut();
    this.#pump = null;
    this.#reason = reason ?? this.#reason;
    this.#about = { ...this.#about, ended: null };
    const typed = login ?? this.#login;
    this.#login = null;
    this.#needs = null;
    const opened = await this.#open({ display, window: this.#id, reason: this.#reason, login: typed });
    if ('needs' in opened) {
      this.#needs = opened.needs;
      this.#login = typed;
      return opened;
    }
    const { session, socket } = opened;
    if (this.#window.isDestroyed()) {
      socket.destroy();
      throw new SallyportError('aborted', 'The window was closed.');
    }
    this.#session = session;
    const port = this.#handOver((side) => {
      const pump = new DisplayPump(socket, side, () => {
        if (this.#pump === pump) this.#pump = null;
      });
      this.#pump = pump;
    });
    return { port };
  }

  /** Unlocks the vault. Rejects where the session does not wait for that, and as the vault does. */
  async unlock(passphrase: string | undefined): Promise<void> {
    if (this.#needs?.kind !== 'vault')
      throw new SallyportError('control-protocol', 'This session does not wait for the vault.');
    await this.#options.vault.unlock(passphrase);
  }

  async #open(wish: DisplayWish): Promise<OpenedDisplay | { readonly needs: ViewerNeed }> {
    try {
      return await this.#options.display(this.target, wish);
    } catch (error) {
      const needs = await this.#needOf(SallyportError.from(error).code).catch(() => null);
      if (needs === null) throw error;
      return { needs };
    }
  }

  /** What the person can do about a session that was not opened; null where that is not here. */
  async #needOf(code: ErrorCode): Promise<ViewerNeed | null> {
    if (code === 'reason-missing') return { kind: 'reason' };
    if (code !== 'vault-locked') return null;
    const state = await this.#options.vault.state();
    if (state.kind === 'none') return null;
    return { kind: 'vault', protection: state.protection, always: state.kind === 'unlocked' };
  }

  /** Asks the person where to, and takes the file on a port; null where the person cancelled. */
  async save(what: 'file' | 'screenshot', name: string): Promise<number | null> {
    if (this.#saves >= MAX_SAVES)
      throw new SallyportError('request-invalid', `This window is saving ${MAX_SAVES} files already.`, {
        advice: 'Wait until one of them is done.',
      });
    this.#saves += 1;
    const done = () => {
      this.#saves -= 1;
    };
    try {
      const { canceled, filePath } = await dialog.showSaveDialog(this.#window, {
        title: this.#options.words().dialog[what === 'file' ? 'saveFile' : 'saveScreenshot'],
        defaultPath: join(app.getPath('downloads'), suggestedName(name)),
      });
      if (canceled || filePath === undefined || filePath === '' || this.#window.isDestroyed()) {
        done();
        return null;
      }
      return this.#handOver((port) => new FileFromPort(filePath, port, done));
    } catch (error) {
      done();
      throw error;
    }
  }

  /** The session as the outpost tells it. True where something is new. */
  update(status: OutpostStatus | null): boolean {
    const { target } = this;
    const session = target.kind === 'watch' ? target.session : this.#session;
    const about = aboutSession(target, session, status);
    if (about === null) return false;
    if (JSON.stringify(about) === JSON.stringify(this.#about)) return false;
    this.#about = about;
    this.#window.setTitle(this.#title());
    return true;
  }

  /** Closes it without a question: the session is ended where it is this window's own. */
  close(): void {
    this.#leaving = true;
    this.#pump?.leave();
    if (!this.#window.isDestroyed()) this.#window.close();
  }

  #create(): BrowserWindow {
    const { preload, icon, devTools, place, rememberPlace, admit, onClosed } = this.#options;
    const of = this.target.kind === 'machine' ? this.target.id : 'watch';
    const remembered = place(of);
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = new BrowserWindow({
      ...visibleBounds(remembered, areas, USUAL),
      ...SMALLEST,
      title: this.#title(),
      icon,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0d1214' : '#f5f7f8',
      autoHideMenuBar: true,
      // A window behind others answers guacd all the same, which would else end the session.
      webPreferences: { ...webPreferences(preload, devTools), backgroundThrottling: false },
    });
    window.removeMenu();
    admit(window.webContents, KIND);
    if (remembered?.maximised) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', (event) => {
      rememberPlace(of, boundsOf(window));
      if (this.#leaving || this.#pump === null || this.target.kind === 'watch') {
        this.#pump?.leave();
        return;
      }
      event.preventDefault();
      void this.#ask();
    });
    window.once('closed', () => {
      this.#pump?.cut();
      onClosed();
    });
    // The session is held meanwhile, and the new page joins it.
    window.webContents.on('render-process-gone', (_, { reason }) => {
      this.#pump?.cut();
      if (reason !== 'clean-exit')
        setTimeout(() => window.isDestroyed() || window.loadURL(pageAddress(KIND)), 1_000);
    });
    void window.loadURL(pageAddress(KIND));
    return window;
  }

  #title(): string {
    const { kind, user, machine, protocol } = this.#about;
    const whose = [user, machine, protocol?.toUpperCase()].filter((part) => part).join(' · ');
    return kind === 'watch' ? this.#options.words().viewer.watching(whose) : whose || 'Sallyport';
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { endSession, cancel } = this.#options.words().dialog;
    const { message, detail } = this.#options.words().viewer.close(this.#about.machine);
    const { response } = await dialog.showMessageBox(this.#window, {
      type: 'question',
      message,
      detail,
      buttons: [endSession, cancel],
      defaultId: 1,
      cancelId: 1,
    });
    this.#asking = false;
    if (response === 0) this.close();
  }

  #handOver(take: (port: Electron.MessagePortMain) => void): number {
    const { port1, port2 } = new MessageChannelMain();
    this.#ports += 1;
    take(port1);
    // To the main frame, and to no other.
    this.#window.webContents.mainFrame.postMessage(PORT_CHANNEL, this.#ports, [port2]);
    return this.#ports;
  }
}
