import type { AuditEntries, AuditFilter } from '../control/audit-schema.ts';
import { wantedBy } from '../core/audit-search.ts';
import { readMark } from '../core/offline/audit/hand-over.ts';
import { newestOf, readRecent } from '../core/offline/audit/read.ts';
import { journalFolder } from './audit.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';

/** The journal where no outpost runs: read as it lies there, and not touched. Rejects with `file-unreadable`. */
export async function journalFiles(
  source: SettingsSource,
  { limit, before, ...filter }: AuditFilter,
): Promise<AuditEntries> {
  const { settings, paths } = await currentSettings(source);
  const folder = journalFolder(paths.stateDir);
  const { n: upTo } = await readMark(folder);
  const newest = await newestOf(folder);
  return {
    entries: await readRecent(folder, limit, before, wantedBy(filter)),
    handOver: {
      wanted: settings.get('journal.handOver'),
      upTo,
      waiting: Math.max(0, newest - upTo),
      failure: null,
    },
  };
}
