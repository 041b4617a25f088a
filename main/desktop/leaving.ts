import { app } from 'electron';
import { countSessions } from '../core/describe-session.ts';
import type { AppContext } from './app-context.ts';
import { askAboutSessions } from './quit.ts';
import { endsAtQuit } from './tray-view.ts';

type LeavingOptions = Pick<AppContext, 'desk' | 'words' | 'window' | 'unsaved'> & {
  readonly endWindows: () => void;
};

/** For windows to close, in milliseconds. */
const QUIT_MS = 3_000;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The app's end: asks where sessions are open, then ends the outpost that it started and itself. */
export class Leaving {
  readonly #options: LeavingOptions;
  #begun = false;
  #asking = false;

  constructor(options: LeavingOptions) {
    this.#options = options;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Takes every way to quit. */
  begin(): void {
    app.on('before-quit', (event) => {
      if (this.#begun) return;
      event.preventDefault();
      void this.ask();
    });
    // Without windows the app goes on in the tray.
    app.on('window-all-closed', () => {});
    for (const signal of SIGNALS) this.#hear(signal);
  }

  /**
   * The system wants this process to end, at logout for instance: nobody is there to be asked. A library listens
   * since it was loaded, and would end the process before the outpost has; Electron has put its own handler over that
   * one's since. Only the first listener of a signal makes Node take it from the system (anew).
   */
  #hear(signal: NodeJS.Signals): void {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      // A second one does not wait.
      if (this.#begun) {
        this.#options.desk.killNow();
        app.exit(1);
      } else void this.#leave();
    });
  }

  /** A person wants to quit: asks first where something is not saved, and where that ends sessions. */
  async ask(): Promise<void> {
    if (this.#begun || this.#asking) return;
    this.#asking = true;
    try {
      const { desk, words, window, unsaved } = this.#options;
      if (!(await unsaved().mayGo())) return;
      const sessions = endsAtQuit(desk.link) ? countSessions(desk.status?.sessions ?? []) : 0;
      const choice = await askAboutSessions(sessions, 'quit', words(), window());
      if (choice === 'cancel') return;
      if (choice === 'drain') await this.#drain();
      await this.#leave();
    } finally {
      this.#asking = false;
    }
  }

  /** Resolves when the last session has ended, or there is no outpost any more. */
  async #drain(): Promise<void> {
    const { desk } = this.#options;
    // Quitting is no wish to stay stopped at the next start.
    await desk.host.control.request('stop', { drain: true, remember: false });
    await new Promise<void>((resolve) => {
      const look = () => {
        const { status } = desk;
        if (status !== null && status.phase !== 'stopped' && status.sessions.length > 0) return;
        leave();
        resolve();
      };
      const leave = desk.onChange(look);
      look();
    });
  }

  async #leave(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    this.#options.endWindows();
    try {
      await this.#options.desk.end();
    } finally {
      app.quit();
      // A page that does not let itself be closed keeps nobody.
      setTimeout(() => app.exit(0), QUIT_MS);
    }
  }
}
