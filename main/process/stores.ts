import type { ConfigRow } from '../control/config-schema.ts';
import type { ConfigStore, KeyKeeper, TokenStore as TokenKeeper } from '../control/handlers.ts';
import type { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import { type ExplainedSetting, originText } from '../core/settings/effective.ts';
import { decodeHandedInKey } from '../core/settings/handed-in-key.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import { makePrivateDirectory } from '../core/settings/private-directory.ts';
import { SettingsStore } from '../core/settings/store.ts';
import { isSettingKey, SETTING, type SettingKey } from '../core/settings/table.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';

export interface StoreOptions {
  readonly source: SettingsSource;
  /** Hears of a change that was kept. */
  readonly onChange?: (changed: SettingKey) => void;
}

export interface ConfigStoreOptions extends StoreOptions {
  /** The log level from authentik, where it is the one in effect. */
  readonly authentikLogLevel?: () => string | null;
}

/** The token in the state directory, as the control socket and the command line change it. */
export function tokenKeeper({ source, onChange }: StoreOptions): TokenKeeper {
  return {
    set: async (token: Secret) => {
      await (await writable(source)).tokens.write(token);
      onChange?.('authentik.token');
    },
    remove: async () => {
      await (await currentSettings(source)).tokens.remove();
      onChange?.('authentik.token');
    },
  };
}

/** Checks what is typed; it reads and writes no file. */
const checker = new SettingsStore('settings.json');

/** The settings file, as the control socket and the command line show and change it. */
export function configStore({
  source,
  onChange,
  authentikLogLevel = () => null,
}: ConfigStoreOptions): ConfigStore {
  return {
    show: async () => {
      const { settings } = await currentSettings(source);
      const level = authentikLogLevel();
      return settings.explain().map((setting) => {
        const row = rowOf(setting, settings.get(setting.key) !== null);
        return setting.key === 'log.level' && level !== null
          ? { ...row, value: level, origin: 'authentik', originKind: 'authentik' as const }
          : row;
      });
    },
    check: (key, value) => {
      try {
        const known = settingKey(key);
        return checker.check(known, value);
      } catch (error) {
        return SallyportError.from(error).toFailure();
      }
    },
    set: async (key, value) => {
      const known = settingKey(key);
      await (await writable(source)).store.setText(known, value, known);
      onChange?.(known);
      return notes(source, known);
    },
    unset: async (key) => {
      const known = settingKey(key);
      await (await writable(source)).store.unset(known);
      onChange?.(known);
      return notes(source, known);
    },
  };
}

/** The key of the secrets, as the desktop app changes where it is kept; `onRekey`: the token is the same, its file is not. */
export function keyKeeper({
  source,
  onRekey,
}: Pick<StoreOptions, 'source'> & { readonly onRekey: () => void }): KeyKeeper {
  return {
    get protection() {
      return source.handedIn.current === null ? 'key-file' : 'handed-in';
    },
    rekey: async (key) => {
      const next = key === null ? null : decodeHandedInKey(key.reveal(), 'The key');
      await (await writable(source)).tokens.rekey(next);
      onRekey();
    },
  };
}

function rowOf(setting: ExplainedSetting, isSet: boolean): ConfigRow {
  const { key, value, origin, description, secret, environment, flag, expects, unit, applies, input } =
    setting;
  return {
    key,
    value: isSet ? value : null,
    origin: originText(origin),
    originKind: origin.kind,
    locked: origin.kind === 'flag' || origin.kind === 'environment' || !setting.inFile,
    secret,
    description,
    environment,
    flag,
    default: setting.default,
    expects,
    unit,
    applies,
    kind: input.kind,
    choices: input.choices,
  };
}

/** The stores, in a state directory that is there: it is made by whoever keeps something first. */
export async function writable(source: SettingsSource): Promise<LoadedSettings> {
  const loaded = await currentSettings(source);
  await makePrivateDirectory(loaded.paths.stateDir);
  return loaded;
}

function settingKey(key: string): SettingKey {
  if (isSettingKey(key)) return key;
  throw new SallyportError('settings-invalid', `There is no setting ${JSON.stringify(key.slice(0, 60))}.`, {
    advice: 'See `sallyport config show` for their names.',
  });
}

/** What an admin should know after a change: who outranks it, and when it counts. */
export async function notes(source: SettingsSource, key: SettingKey): Promise<string[]> {
  const { settings } = await currentSettings(source);
  const origin = settings.origin(key);
  if (origin.kind === 'flag' || origin.kind === 'environment')
    return [`It does not count as long as ${origin.name} is set.`];
  switch (SETTING[key].applies) {
    case 'live':
      return [];
    case 'next-connection':
      return ['It counts from the next connection to authentik.'];
    case 'restart':
      return ['It counts after a restart of the outpost.'];
  }
}
