import { clipboard, dialog, shell } from 'electron';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import type { AppContext } from './app-context.ts';
import { startsAtLogin } from './autostart.ts';
import { collectDiagnostics, type DiagnosticsFile, diagnosticsName, packDiagnostics } from './diagnostics.ts';
import { openOutside } from './guard.ts';
import type { CallHandlers } from './ipc.ts';
import { linkAddress } from './links.ts';

type AppCalls = Pick<
  CallHandlers,
  | 'app/state'
  | 'practice/start'
  | 'practice/stop'
  | 'diagnostics/prepare'
  | 'diagnostics/save'
  | 'log/open-folder'
  | 'preferences/get'
  | 'preferences/set'
  | 'secrets/state'
  | 'secrets/use'
  | 'secrets/unlock'
  | 'link/open'
  | 'page/unsaved'
  | 'page/left'
  | 'clipboard/copy'
>;

/** The requests that the app itself answers. */
export function appCalls(context: AppContext): AppCalls {
  const { desk, store, secrets } = context;
  const prepared = new Prepared(context);
  return {
    'app/state': () => context.state(),
    'practice/start': async () => {
      await desk.startPractice();
      return {};
    },
    'practice/stop': async () => {
      await desk.stopPractice();
      return {};
    },
    'diagnostics/prepare': async ({ replaceNames }) => {
      const files = await prepared.prepare(replaceNames);
      return { entries: files.map(({ name, bytes, what }) => ({ name, bytes, what })) };
    },
    'diagnostics/save': async ({ replaceNames }) => ({ path: await prepared.save(replaceNames) }),
    'log/open-folder': async () => {
      const failure = await shell.openPath(context.logDir());
      if (failure !== '')
        throw new SallyportError(
          'file-unreadable',
          `The log folder ${context.logDir()} could not be opened.`,
        );
      return {};
    },
    // The system's own word: the file may have been removed by hand.
    'preferences/get': () => ({ ...store.preferences, startAtLogin: startsAtLogin() }),
    'preferences/set': (change) => store.change(change),
    'secrets/state': async () => {
      if (desk.link.kind !== 'attached') return secrets.state(null);
      return secrets.state((await desk.host.control.request('secrets/protection', {})).kind);
    },
    'secrets/use': async (choice) => {
      if (desk.link.kind !== 'own' || desk.practice.practice !== 'off')
        throw new SallyportError(
          'not-running',
          'The key can be kept by Sallyport only for an outpost that it runs itself.',
          {
            advice: 'A service keeps its key in a file of its own, or gets it from systemd.',
          },
        );
      const { control } = desk.host;
      if (choice.protection !== 'passphrase') await secrets.use(choice, control);
      else
        await secrets.use({ protection: 'passphrase', passphrase: new Secret(choice.passphrase) }, control);
      return {};
    },
    'secrets/unlock': async ({ passphrase }) => {
      await secrets.unlock(new Secret(passphrase));
      return {};
    },
    'link/open': async ({ link }) => {
      const { practiceUrl } = desk.practice;
      const address = linkAddress(link, { host: desk.status?.host ?? null, practiceUrl });
      if (address === null)
        throw new SallyportError('not-running', 'There is no address to open for that yet.', {
          advice: 'It is known when an address of authentik is set, with https.',
        });
      await openOutside(address);
      return {};
    },
    'page/unsaved': ({ unsaved }) => {
      context.unsaved().tell(unsaved);
      return {};
    },
    'page/left': ({ leave }) => {
      context.unsaved().answer(leave);
      return {};
    },
    'clipboard/copy': ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
  };
}

/** What was listed is what is saved: between the two, nothing is asked again. */
class Prepared {
  readonly #context: AppContext;
  #last: { readonly replaceNames: boolean; readonly files: readonly DiagnosticsFile[] } | null = null;

  constructor(context: AppContext) {
    this.#context = context;
  }

  async prepare(replaceNames: boolean): Promise<readonly DiagnosticsFile[]> {
    const files = await collectDiagnostics(this.#context.diagnostics(), replaceNames);
    this.#last = { replaceNames, files };
    return files;
  }

  /** The path; null where the person cancelled. */
  async save(replaceNames: boolean): Promise<string | null> {
    const last = this.#last;
    const files = last?.replaceNames === replaceNames ? last.files : await this.prepare(replaceNames);
    const window = this.#context.window();
    const options = {
      title: this.#context.words().dialog.saveDiagnostics,
      defaultPath: diagnosticsName(new Date()),
      filters: [{ name: 'Zip', extensions: ['zip'] }],
    };
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options));
    if (canceled || filePath === undefined || filePath === '') return null;
    await writeFileAtomic(filePath, packDiagnostics(files));
    return filePath;
  }
}
