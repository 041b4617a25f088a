import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { SettingRow } from '../../../preload/contract/types.ts';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { type Loaded, useLoaded } from '../model/use-loaded.ts';

export interface Settings {
  readonly loaded: Loaded<{ readonly rows: readonly SettingRow[] }>;
  /** Resolves with why it was refused; null where it was kept. */
  readonly set: (key: string, value: string) => Promise<Failure | null>;
  /** Resolves with whether it worked; why not is said at the window's edge. */
  readonly unset: (key: string) => Promise<boolean>;
  readonly reload: () => Promise<unknown>;
  /** Something was changed that counts only after a restart. */
  readonly restartNeeded: boolean;
  readonly restart: () => Promise<void>;
}

/** The outpost's settings as they count now; shown anew after each change. */
export function useSettings(): Settings {
  const model = useModel();
  const { loaded, reload } = useLoaded(() => model.client.call('config/show', {}));
  const [restartNeeded, setRestartNeeded] = useState(false);
  const changed = (key: string) => {
    const row = loaded.kind === 'there' ? loaded.value.rows.find((known) => known.key === key) : undefined;
    if (row?.applies === 'restart') setRestartNeeded(true);
  };
  const said = (notes: readonly string[]) => {
    for (const note of notes.length > 0 ? notes : [t('settings.saved')]) model.tell(note);
  };
  return {
    loaded,
    reload,
    restartNeeded,
    restart: async () => {
      if (await model.act('outpost/restart', {}, t('settings.restarted'))) setRestartNeeded(false);
    },
    set: async (key, value) => {
      const answer = await model.client.call('config/set', { key, value });
      if (!answer.ok) return answer.failure;
      said(answer.value.notes);
      changed(key);
      await reload();
      return null;
    },
    unset: async (key) => {
      const answer = await model.act('config/unset', { key });
      if (!answer) return false;
      said(answer.notes);
      changed(key);
      await reload();
      return true;
    },
  };
}
