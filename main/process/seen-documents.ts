import { join } from 'node:path';
import type { SeenDocuments } from '../core/offline/audit/seen-documents.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import { SettingsStore } from '../core/settings/store.ts';

/** What of a state directory somebody may change by hand, or by a command, while no outpost runs there. */
export function seenDocuments({ paths, tokens }: Pick<LoadedSettings, 'paths' | 'tokens'>): SeenDocuments {
  const { stateDir, settings } = paths;
  return {
    path: join(stateDir, 'last-seen.json'),
    files: {
      token: tokens.path,
      guardrails: join(stateDir, 'guardrails.json'),
      machines: join(stateDir, 'machines', 'machines.jsonl'),
      vault: join(stateDir, 'vault', 'vault.json'),
    },
    settings: async () => {
      const store = new SettingsStore(settings);
      await store.load();
      return store.values;
    },
  };
}
