import { homedir, hostname, release, userInfo } from 'node:os';
import { app, dialog, nativeTheme } from 'electron';
import type { AppState, Preferences } from '../../preload/contract/types.ts';
import type { RequestedViewer } from '../control/machines-schema.ts';
import { addressAtHand } from '../control/members.ts';
import { Ring } from '../core/base/ring.ts';
import { SallyportError } from '../core/errors.ts';
import { loadSettings } from '../core/settings/load.ts';
import type { StatePaths } from '../core/settings/paths.ts';
import { VERSION } from '../core/version.ts';
import { appCalls } from './app-calls.ts';
import type { AppContext } from './app-context.ts';
import { auditCalls } from './audit-calls.ts';
import { MINIMISED_FLAG, setAutostart, startsAtLogin } from './autostart.ts';
import { outpostCalls } from './console-calls.ts';
import { ConsoleFeed } from './console-feed.ts';
import type { DiagnosticsSources } from './diagnostics.ts';
import { FirstRun } from './first-run.ts';
import { guardSessions } from './guard.ts';
import { guardrailsCalls } from './guardrails-calls.ts';
import { launchPractice, ownHost, practiceHost, type Variables } from './hosts.ts';
import { IpcDoor } from './ipc.ts';
import { systemKeychain } from './keychain.ts';
import { type Layout, layoutFrom } from './layout.ts';
import { Leaving } from './leaving.ts';
import { MachineMenu } from './machine-menu.ts';
import { machinesCalls } from './machines-calls.ts';
import { NoticeTeller } from './notice-teller.ts';
import { tell } from './notifications.ts';
import { OutpostDesk } from './outpost-desk.ts';
import type { OwnFolder } from './own-folder.ts';
import { pageFiles } from './page-files.ts';
import { PastedTokens } from './pasted-tokens.ts';
import { PRACTICE_FLAG } from './practice-host.ts';
import { recordingsCalls } from './recordings-calls.ts';
import { servePages } from './scheme.ts';
import { AppSecrets } from './secrets.ts';
import { TrayDesk } from './tray-desk.ts';
import { vaultCalls } from './vault-calls.ts';
import { lockVaultWithScreen } from './vault-lock.ts';
import { VaultOpener } from './vault-opener.ts';
import { viewerCalls } from './viewer-calls.ts';
import { outpostDisplay } from './viewer-outpost.ts';
import { ViewerWindows } from './viewer-windows.ts';
import { WindowStore } from './window-store.ts';
import { ConsoleWindow } from './windows.ts';
import { wordsFor } from './words/choose.ts';
import type { Words } from './words/words.ts';

/** Errors that a diagnostics file can tell. */
const KEPT_ERRORS = 100;

export interface AppOptions {
  /** Of `dist/app/main.cjs`. */
  readonly bundleFolder: string;
  /** The environment as it was at the start, secrets included. */
  readonly environment: Variables;
  readonly ownFolder: OwnFolder;
}

/** Composes the app and begins it. Call when Electron is ready. */
export async function runApp({ bundleFolder, environment, ownFolder }: AppOptions): Promise<App> {
  const layout = layoutFrom(bundleFolder);
  const { paths } = await loadSettings({ flags: {}, env: environment, prepare: false });
  const own = paths.control.path;
  // Who names a state directory means that outpost and no other.
  const address = environment['SALLYPORT_STATE_DIR'] === undefined ? await addressAtHand(own) : own;
  const sallyport = new App(layout, paths, environment, ownFolder, address);
  await sallyport.begin();
  return sallyport;
}

/** The parts and the lines between them; what happens is in the parts. */
export class App {
  readonly #layout: Layout;
  readonly #paths: StatePaths;
  readonly #ownFolder: OwnFolder;
  readonly #errors = new Ring<string>(KEPT_ERRORS);
  readonly #store: WindowStore;
  readonly #secrets: AppSecrets;
  readonly #desk: OutpostDesk;
  readonly #context: AppContext;
  readonly #ipc: IpcDoor;
  readonly #console: ConsoleWindow;
  readonly #viewers: ViewerWindows;
  readonly #machines: MachineMenu;
  readonly #tray: TrayDesk;
  readonly #notices: NoticeTeller;
  readonly #feed: ConsoleFeed;
  readonly #firstRun: FirstRun;
  readonly #leaving: Leaving;

  constructor(
    layout: Layout,
    paths: StatePaths,
    environment: Variables,
    ownFolder: OwnFolder,
    address: string,
  ) {
    this.#layout = layout;
    this.#paths = paths;
    this.#ownFolder = ownFolder;
    this.#store = new WindowStore(ownFolder.path, (error) =>
      this.#note('Keeping the window’s settings', error),
    );
    this.#secrets = new AppSecrets({
      directory: ownFolder.path,
      keychain: systemKeychain,
      handedIn: environment['SALLYPORT_KEY'] !== undefined,
    });
    this.#desk = new OutpostDesk({
      host: ownHost(layout, paths, environment, this.#secrets, address),
      practice: () => launchPractice(layout, environment),
      practiceHost: (practice) => practiceHost(layout, environment, practice),
    });
    this.#firstRun = new FirstRun(this.#desk);
    this.#context = this.#makeContext();
    this.#ipc = new IpcDoor(
      {
        ...outpostCalls(this.#context),
        ...appCalls(this.#context),
        ...machinesCalls(this.#context),
        ...recordingsCalls(this.#context),
        ...guardrailsCalls(this.#context),
        ...auditCalls(this.#context),
        ...vaultCalls(this.#context),
        ...viewerCalls(this.#context),
      },
      (name, error) => this.#note(name, error),
    );
    this.#feed = new ConsoleFeed(this.#desk, this.#ipc, () => this.#state());
    this.#console = this.#makeConsole();
    this.#viewers = this.#makeViewers();
    this.#machines = new MachineMenu(this.#desk, (target) => void this.#show(target));
    this.#leaving = new Leaving({ ...this.#context, endWindows: () => this.#endWindows() });
    this.#tray = new TrayDesk(this.#context, layout.trayIcons, this.#leaving, (what, error) =>
      this.#failed(what, error),
    );
    this.#notices = new NoticeTeller(this.#context, layout.appIcon);
  }

  async begin(): Promise<void> {
    await guardSessions();
    servePages(pageFiles({ console: this.#layout.consolePage, viewer: this.#layout.viewerPage }));
    await this.#secrets.load().catch((error: unknown) => this.#failed('secrets', error));
    this.#apply(this.#store.preferences);
    this.#store.onPreferences((preferences) => this.#changed(preferences));
    this.#desk.onChange(() => this.#refresh());
    this.#machines.onChange(() => this.#tray.refresh());
    this.#firstRun.onChange(() => this.#refresh());
    lockVaultWithScreen(this.#desk);
    this.#leaving.begin();
    this.#desk.begin();
    await this.#tray.begin((state) => this.#trayIs(state));
    if (this.#store.keptAside !== null)
      this.#say(this.#words().notice.settingsKeptAside, this.#store.keptAside);
    if (!process.argv.includes(MINIMISED_FLAG) || this.#tray.host === 'missing') this.#console.open();
    this.#startAsked(process.argv);
    if (this.#ownFolder.failure !== null) this.#failed('own folder', this.#ownFolder.failure);
  }

  /** A second launch with its words, or a click on the dock. */
  show(words: readonly string[] = []): void {
    this.#console.open();
    this.#startAsked(words);
  }

  #startAsked(words: readonly string[]): void {
    if (!words.includes(PRACTICE_FLAG)) return;
    this.#desk.startPractice().catch((error: unknown) => this.#failed('practice', error));
  }

  #refresh(): void {
    this.#feed.refresh();
    this.#tray.refresh();
    this.#notices.look();
    this.#machines.refresh();
    this.#viewers.refresh();
  }

  #trayIs(host: AppState['tray']): void {
    this.#refresh();
    if (host === 'missing' && this.#store.sayOnce('no-tray'))
      this.#say(this.#words().notice.noTray, this.#words().notice.noTrayText);
  }

  #consoleClosed(): void {
    this.#feed.consoleClosed();
    if (this.#leaving.begun || !this.#store.sayOnce('goes-on')) return;
    const { goesOnInTray, goesOnInTrayText, noTray, noTrayText } = this.#words().notice;
    if (this.#tray.host === 'missing') this.#say(noTray, noTrayText);
    else this.#say(goesOnInTray, goesOnInTrayText);
  }

  #changed(preferences: Preferences): void {
    this.#apply(preferences);
    this.#ipc.tell('preferences', preferences);
    this.#tray.refresh();
  }

  #apply({ theme, startAtLogin, startMinimised }: Preferences): void {
    nativeTheme.themeSource = theme;
    if (startAtLogin === startsAtLogin() && !startAtLogin) return;
    setAutostart({ on: startAtLogin, minimised: startMinimised })
      .catch((error: unknown) => this.#failed('start-at-login', error))
      // What the menu ticks is what the system has.
      .finally(() => this.#tray.refresh());
  }

  #state(): AppState {
    return {
      outpost: this.#desk.link,
      status: this.#desk.status,
      tray: this.#tray.host,
      ...this.#desk.practice,
      version: VERSION,
      electron: process.versions['electron'] ?? '',
      firstRun: this.#firstRun.is,
    };
  }

  #words(): Words {
    return wordsFor(this.#store.preferences.language, app.getPreferredSystemLanguages());
  }

  #makeContext(): AppContext {
    return {
      desk: this.#desk,
      store: this.#store,
      secrets: this.#secrets,
      tokens: new PastedTokens(),
      vault: new VaultOpener(this.#desk, { directory: this.#ownFolder.path, keychain: systemKeychain }),
      ipc: () => this.#ipc,
      state: () => this.#state(),
      words: () => this.#words(),
      window: () => this.#console.window,
      unsaved: () => this.#console.work,
      viewers: () => this.#viewers,
      machines: () => this.#machines.known,
      openConsole: (page) => this.#console.open(page),
      diagnostics: () => this.#diagnostics(),
      logDir: () => this.#paths.logDir,
      settingsChanged: () => this.#firstRun.look(),
    };
  }

  #makeConsole(): ConsoleWindow {
    return new ConsoleWindow({
      preload: this.#layout.consolePreload,
      icon: this.#layout.appIcon,
      devTools: !app.isPackaged,
      bounds: () => this.#store.bounds,
      rememberBounds: (bounds) => this.#store.rememberBounds(bounds),
      admit: (window, kind) => this.#ipc.admit(window.webContents, kind),
      onReady: () => this.#feed.consoleOpened(),
      onClosed: () => this.#consoleClosed(),
      tellPage: (page) => this.#ipc.tell('page/open', { page }),
      tellLeave: () => this.#ipc.tell('page/leave', {}),
    });
  }

  #makeViewers(): ViewerWindows {
    return new ViewerWindows({
      preload: this.#layout.viewerPreload,
      icon: this.#layout.appIcon,
      devTools: !app.isPackaged,
      place: (of) => this.#store.viewerBounds(of),
      rememberPlace: (of, bounds) => this.#store.rememberViewer(of, bounds),
      admit: (contents, kind) => this.#ipc.admit(contents, kind),
      display: outpostDisplay(() => this.#desk.host),
      vault: this.#context.vault,
      words: () => this.#words(),
      status: () => this.#desk.status,
      tell: (contents, about) => this.#ipc.tellViewer(contents, 'viewer/about', about),
    });
  }

  /** The command line asks for a window. */
  async #show({ kind, id }: RequestedViewer): Promise<void> {
    try {
      if (kind === 'session') return this.#viewers.open({ kind: 'watch', session: id });
      const { name } = await this.#desk.host.control.request('machines/get', { id });
      this.#viewers.open({ kind: 'machine', id, name, reason: null });
    } catch (error) {
      this.#failed('connect', error);
    }
  }

  #endWindows(): void {
    this.#viewers.closeAll();
    this.#console.close();
  }

  #diagnostics(): DiagnosticsSources {
    const { outpost, tray, practice, version, electron } = this.#state();
    const connected = outpost.kind === 'own' || outpost.kind === 'attached';
    return {
      control: connected ? this.#desk.host.control : null,
      status: this.#desk.status,
      app: {
        ...{ version, electron, chrome: process.versions['chrome'], node: process.versions.node },
        ...{ platform: process.platform, release: release(), arch: process.arch, locale: app.getLocale() },
        desktop: process.env['XDG_CURRENT_DESKTOP'] ?? null,
        ...{ outpost, tray, practice, preferences: this.#store.preferences },
        stateDir: this.#paths.stateDir,
        errors: this.#errors.toArray(),
      },
      logDir: this.#paths.logDir,
      home: homedir(),
      userName: userName(),
      machineName: hostname(),
    };
  }

  #say(title: string, body: string): void {
    tell({ title, body }, this.#layout.appIcon, () => this.#console.open());
  }

  /** Something that a person asked for did not work: in front of the window where there is one. */
  #failed(what: string, error: unknown): void {
    const known = SallyportError.from(error, 'The app');
    this.#note(what, known);
    const title = this.#words().notice.actionFailed;
    const text = this.#words().failure(known.toFailure());
    const { window } = this.#console;
    if (window === null) this.#say(title, text);
    else void dialog.showMessageBox(window, { type: 'error', message: title, detail: text });
  }

  #note(what: string, error: unknown): void {
    const { code, message } = SallyportError.from(error, 'The app');
    this.#errors.push(`${new Date().toISOString()} ${what}: ${code}: ${message}`);
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
