import { dialog } from 'electron';
import { fileToUpload, uploadFiles } from '../control/machines-upload.ts';
import { writeFileAtomic } from '../core/base/atomic-file.ts';
import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';

type MachinesCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `machines/${string}`>>;

/** Thousands of entries are read and compared; authentik gives a hundred at a time. */
const READ_TIMEOUT_MS = 180_000;
const WAKE_TIMEOUT_MS = 30_000;

/** The requests of the Machines page: handed on to the outpost; files are chosen, read and written here. */
export function machinesCalls({
  desk,
  window,
  words,
}: Pick<AppContext, 'desk' | 'window' | 'words'>): MachinesCalls {
  const control = () => desk.host.control;
  const preview = (id: string) =>
    control().request('machines/import/preview', { import: id }, { timeoutMs: READ_TIMEOUT_MS });
  return {
    'machines/list': (from) => control().request('machines/list', from),
    'machines/put': (entry) => control().request('machines/put', entry),
    'machines/check': (entry) => control().request('machines/check', entry),
    'machines/remove': (which) => control().request('machines/remove', which),
    'machines/parameters': () => control().request('machines/parameters', {}),
    'machines/import/choose': async () => {
      const options = {
        title: words().dialog.chooseMachines,
        properties: ['openFile' as const, 'multiSelections' as const, 'showHiddenFiles' as const],
      };
      const parent = window();
      const { canceled, filePaths } = await (parent
        ? dialog.showOpenDialog(parent, options)
        : dialog.showOpenDialog(options));
      if (canceled || filePaths.length === 0) return { preview: null };
      const files = filePaths.map((path) => fileToUpload(path, null));
      return { preview: await preview(await uploadFiles(control(), files)) };
    },
    'machines/import/paste': async ({ text, format }) => {
      const file = { name: words().dialog.pastedMachines, format, read: async () => Buffer.from(text) };
      return preview(await uploadFiles(control(), [file]));
    },
    'machines/import/preview': (wish) =>
      control().request('machines/import/preview', wish, { timeoutMs: READ_TIMEOUT_MS }),
    'machines/import/authentik': (wish) =>
      control().request('machines/import/authentik', wish, { timeoutMs: READ_TIMEOUT_MS }),
    'machines/import/apply': (wish) =>
      control().request('machines/import/apply', wish, { timeoutMs: READ_TIMEOUT_MS }),
    'machines/import/forget': (wish) => control().request('machines/import/forget', wish),
    'machines/export': async (wish) => {
      const { text, machines, credentials } = await control().request('machines/export', wish, {
        timeoutMs: READ_TIMEOUT_MS,
      });
      const options = {
        title: words().dialog.saveMachines,
        defaultPath: 'sallyport-machines.json',
        filters: [{ name: 'JSON', extensions: ['json'] }],
      };
      const parent = window();
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      if (canceled || filePath === undefined || filePath === '') return { path: null, machines, credentials };
      await writeFileAtomic(filePath, text);
      return { path: filePath, machines, credentials };
    },
    'machines/save-session': (wish) => control().request('machines/save-session', wish),
    'machines/wake': (wish) => control().request('machines/wake', wish, { timeoutMs: WAKE_TIMEOUT_MS }),
  };
}
