import { dialog } from 'electron';
import type { AppContext } from './app-context.ts';
import { exportJournal } from './audit-export.ts';
import type { CallHandlers } from './ipc.ts';
import { hashed } from './journal-line.ts';

type AuditCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `audit/${string}`>>;

/** A journal of many files may be read whole for what is seldom in it. */
const READ_TIMEOUT_MS = 60_000;

/** The requests of the Activity page: read from the outpost; a file is chosen and written here. */
export function auditCalls({
  desk,
  window,
  words,
}: Pick<AppContext, 'desk' | 'window' | 'words'>): AuditCalls {
  const control = () => desk.host.control;
  return {
    'audit/recent': async (filter) => {
      const { entries, handOver } = await control().request('audit/recent', filter, {
        timeoutMs: READ_TIMEOUT_MS,
      });
      return { entries: entries.map(hashed), handOver };
    },
    'audit/export': async (search) => {
      const day = new Date().toISOString().slice(0, 10);
      const options = {
        title: words().dialog.saveJournal,
        defaultPath: `sallyport-journal-${day}.jsonl`,
        filters: [{ name: 'JSON Lines', extensions: ['jsonl'] }],
      };
      const parent = window();
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      if (canceled || filePath === undefined || filePath === '') return { path: null, entries: 0 };
      const { host } = desk;
      const entries = await exportJournal(
        filePath,
        async (from, limit) =>
          (await host.control.request('audit/page', { from, limit }, { timeoutMs: READ_TIMEOUT_MS })).entries,
        search,
      );
      return { path: filePath, entries };
    },
  };
}
