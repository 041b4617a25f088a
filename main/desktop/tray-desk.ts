import { clipboard, nativeTheme, shell } from 'electron';
import type { AppState } from '../../preload/contract/types.ts';
import { countSessions } from '../core/describe-session.ts';
import type { AppContext } from './app-context.ts';
import { startsAtLogin } from './autostart.ts';
import type { Leaving } from './leaving.ts';
import { askAboutSessions } from './quit.ts';
import { AppTray } from './tray.ts';
import { findTrayHost } from './tray-host.ts';
import { trayIcon } from './tray-icon.ts';
import { trayVariant } from './tray-icon-plan.ts';
import { nextChange, type TrayAction, type TrayScene, trayState, trayView } from './tray-view.ts';

/** A desktop that is only just coming up has its place for icons in a moment. Milliseconds. */
const LOOK_AGAIN_MS = 15_000;
const LOOKS = 20;
/** A busy outpost changes many times a second. */
const DRAW_EVERY_MS = 250;

/** The tray with what it shows and does. */
export class TrayDesk {
  readonly #context: AppContext;
  readonly #leaving: Leaving;
  readonly #onError: (what: string, error: unknown) => void;
  readonly #tray: AppTray;
  #host: AppState['tray'] = 'unknown';
  #drawTimer: NodeJS.Timeout | undefined;
  #changeTimer: NodeJS.Timeout | undefined;
  #begun = false;

  constructor(
    context: AppContext,
    icons: string,
    leaving: Leaving,
    onError: (what: string, error: unknown) => void,
  ) {
    this.#context = context;
    this.#leaving = leaving;
    this.#onError = onError;
    this.#tray = new AppTray({
      icon: (state) => trayIcon(icons, state, variant()),
      onAction: (action) => void this.#act(action),
    });
  }

  /** Whether there is a place for it. */
  get host(): AppState['tray'] {
    return this.#host;
  }

  /** Shows it. `onHost` hears whenever it is known whether the desktop has a place for it. */
  async begin(onHost: (host: AppState['tray']) => void): Promise<void> {
    this.#begun = true;
    this.#draw();
    nativeTheme.on('updated', () => this.#tray.redraw());
    this.#host = await findTrayHost();
    onHost(this.#host);
    if (this.#host === 'missing') this.#lookAgain(onHost, LOOKS);
  }

  refresh(): void {
    if (!this.#begun || this.#leaving.begun) return;
    this.#drawTimer ??= setTimeout(() => {
      this.#drawTimer = undefined;
      this.#draw();
    }, DRAW_EVERY_MS);
  }

  #lookAgain(onHost: (host: AppState['tray']) => void, left: number): void {
    if (left === 0) return;
    setTimeout(async () => {
      this.#host = await findTrayHost();
      if (this.#host === 'missing') return this.#lookAgain(onHost, left - 1);
      this.#tray.recreate();
      onHost(this.#host);
    }, LOOK_AGAIN_MS);
  }

  #draw(): void {
    if (this.#leaving.begun) return;
    clearTimeout(this.#changeTimer);
    const scene = this.#scene();
    this.#tray.show(trayView(scene, this.#context.words()));
    const next = nextChange(scene);
    if (next !== null) this.#changeTimer = setTimeout(() => this.#draw(), next + 20);
  }

  #scene(): TrayScene {
    const { desk, machines } = this.#context;
    return {
      outpost: desk.link,
      status: desk.status,
      practice: desk.practice.practice !== 'off',
      machines: machines(),
      startAtLogin: startsAtLogin(),
      now: Date.now(),
    };
  }

  async #act(action: TrayAction): Promise<void> {
    try {
      await this.#perform(action);
    } catch (error) {
      this.#onError(action.kind, error);
    }
  }

  async #perform(action: TrayAction): Promise<void> {
    const { desk, openConsole, store, words, logDir, viewers } = this.#context;
    switch (action.kind) {
      case 'start':
        await desk.host.control.request('start', {});
        return;
      case 'stop':
        await this.#stop();
        return;
      case 'drain':
        await desk.host.control.request('stop', { drain: true });
        return;
      case 'retry':
        if (desk.link.kind === 'ended') desk.host.retryNow();
        else await desk.host.control.request('retry', {});
        return;
      case 'end':
        await desk.host.control.request('end', { id: action.id });
        return;
      case 'watch':
        viewers().open({ kind: 'watch', session: action.id });
        return;
      case 'connect':
        viewers().open({ kind: 'machine', id: action.machine, name: action.name, reason: null });
        return;
      case 'open-console':
        openConsole();
        return;
      case 'save-diagnostics':
        openConsole('diagnostics');
        return;
      case 'about':
        openConsole('help');
        return;
      case 'copy-status':
        clipboard.writeText(trayState(this.#scene(), words()).sentence);
        return;
      case 'open-log-folder': {
        const failure = await shell.openPath(logDir());
        if (failure !== '') throw new Error(failure);
        return;
      }
      case 'stop-practice':
        if ((await this.#askToStop()) === 'end') await desk.stopPractice();
        return;
      case 'start-at-login':
        store.change({ startAtLogin: action.on });
        return;
      case 'quit':
        await this.#leaving.ask();
        return;
      default:
        return action satisfies never;
    }
  }

  #askToStop(): ReturnType<typeof askAboutSessions> {
    const { desk, words, window } = this.#context;
    return askAboutSessions(countSessions(desk.status?.sessions ?? []), 'stop', words(), window());
  }

  async #stop(): Promise<void> {
    const { desk } = this.#context;
    const choice = await this.#askToStop();
    if (choice === 'cancel') return;
    await desk.host.control.request('stop', { drain: choice === 'drain' }, { timeoutMs: 30_000 });
  }
}

function variant() {
  return trayVariant({
    platform: process.platform,
    desktop: process.env['XDG_CURRENT_DESKTOP'] ?? '',
    dark: nativeTheme.shouldUseDarkColors,
  });
}
