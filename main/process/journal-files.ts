import type { AuditEntries, AuditFilter } from '../control/audit-schema.ts';
import { wantedBy } from '../core/audit-search.ts';
import { readMark, waitingOf } from '../core/offline/audit/hand-over.ts';
import { JournalReader } from '../core/offline/audit/read.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';
import { journalFolder } from './state-folders.ts';

/** The journal where no outpost runs: read as it lies there, and not touched. Rejects with `file-unreadable`. */
export function journalFiles(source: SettingsSource): (filter: AuditFilter) => Promise<AuditEntries> {
  let reader: JournalReader | undefined;
  return async ({ limit, before, ...filter }) => {
    const { settings, paths } = await currentSettings(source);
    const folder = journalFolder(paths.stateDir);
    reader ??= new JournalReader(folder);
    const mark = await readMark(folder);
    return {
      entries: await reader.recent(limit, before, wantedBy(filter)),
      handOver: {
        wanted: settings.get('journal.handOver'),
        upTo: mark.n,
        waiting: waitingOf(mark, await reader.bounds()),
        failure: null,
      },
    };
  };
}
