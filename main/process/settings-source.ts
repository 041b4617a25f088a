import type { Environment } from '../core/settings/environment.ts';
import type { HandedInKey } from '../core/settings/handed-in-key.ts';
import { type LoadedSettings, loadSettings } from '../core/settings/load.ts';

/** Where the settings of this process come from, beside the state directory. */
export interface SettingsSource {
  /** Parsed flags by attribute; see `core/settings/flags.ts`. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** The key for secrets, as it was handed in or not. */
  readonly handedIn: HandedInKey;
}

/** The settings as they are now, without touching anything: a file or token that changed counts. */
export function currentSettings({ flags, environment, handedIn }: SettingsSource): Promise<LoadedSettings> {
  return loadSettings({ flags, env: environment, handedIn, prepare: false });
}
