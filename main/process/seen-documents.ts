import { join } from 'node:path';
import type { SeenDocuments } from '../core/offline/audit/seen-documents.ts';
import { bookPath } from '../core/offline/machines/address-book.ts';
import { vaultPath } from '../core/offline/vault/store.ts';
import { guardrailsPath } from '../core/sessions/guardrails/store.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import { SettingsStore } from '../core/settings/store.ts';
import { machinesFolder, vaultFolder } from './state-folders.ts';

/** What of a state directory somebody may change by hand, or by a command, while no outpost runs there. */
export function seenDocuments({ paths, tokens }: Pick<LoadedSettings, 'paths' | 'tokens'>): SeenDocuments {
  const { stateDir, settings } = paths;
  return {
    path: join(stateDir, 'last-seen.json'),
    files: {
      token: tokens.path,
      guardrails: guardrailsPath(stateDir),
      machines: bookPath(machinesFolder(stateDir)),
      vault: vaultPath(vaultFolder(stateDir)),
    },
    settings: async () => {
      const store = new SettingsStore(settings);
      await store.load();
      return store.values;
    },
  };
}
