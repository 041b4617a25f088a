import { basename } from 'node:path';
import { removeTemporaries } from '../base/atomic-file.ts';
import { type Failure, SallyportError } from '../errors.ts';
import { crossChecks } from './cross-checks.ts';
import { type Effective, type EffectiveSettings, type Known, resolveSettings } from './effective.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readFlags } from './flags.ts';
import { HandedInKey } from './handed-in-key.ts';
import { defaultStateDir, type Host, type StatePaths, statePaths, thisHost } from './paths.ts';
import { makePrivateDirectory } from './private-directory.ts';
import type { RawValue, RawValues } from './raw-value.ts';
import { SettingsStore } from './store.ts';
import type { SettingKey, SettingsValues } from './table.ts';
import { TokenStore } from './vault.ts';
import { WishStore } from './wish.ts';

export interface LoadOptions {
  /** Parsed flags by attribute, as `readFlags` takes them; what is no setting's is left alone. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Environment;
  /** Makes the state directory where it is missing, and clears what a killed process left in it; default true. */
  readonly prepare?: boolean;
  /** The key for secrets, where it was handed in; default a key file has it. */
  readonly handedIn?: HandedInKey;
  /** The machine, for where state is kept; default this one. */
  readonly host?: Host;
}

export interface LoadedSettings {
  readonly settings: EffectiveSettings;
  readonly paths: StatePaths;
  readonly store: SettingsStore;
  readonly tokens: TokenStore;
  readonly wishes: WishStore;
  /** Why the outpost should not start: all there are, not only the first. */
  readonly problems: readonly Failure[];
  /** What an admin should know though it works. */
  readonly warnings: readonly Failure[];
}

/**
 * Everything that is set, from flags, environment and state directory. Never rejects: what is wrong is among
 * the problems, and what holds in its place is there, so that `config show` works in every case.
 */
export async function loadSettings(options: LoadOptions): Promise<LoadedSettings> {
  const { env, prepare = true, handedIn = new HandedInKey(), host = thisHost(env) } = options;
  const flags = await readFlags(options.flags);
  const environment = await readEnvironment(env);
  const early = earlySettings(flags, environment);
  const stateDir = early.get('stateDir') ?? defaultStateDir(host);
  const paths = statePaths(stateDir, host);
  const found = new Findings();

  if (prepare) {
    found.warn(await found.attempt(() => makePrivateDirectory(stateDir)));
    await removeTemporaries(stateDir);
  }
  const store = new SettingsStore(paths.settings);
  await found.attempt(() => store.load());
  const sources = { flags: flags.values, environment: environment.values, file: store.values };
  const fileName = basename(paths.settings);
  const keyFile = resolveSettings({ ...sources, fileName, known: {} }).settings.get('keyFile');
  const tokens = new TokenStore(stateDir, { keyFile, handedIn });
  if (prepare) await tokens.settle();
  const known: Known = {
    stateDir: { value: stateDir, origin: { kind: 'default' } },
    ...(await keptToken(tokens, sources, found)),
  };
  const { settings, problems, fileProblems } = resolveSettings({ ...sources, fileName, known });

  return {
    settings,
    paths,
    store,
    tokens,
    wishes: new WishStore(stateDir),
    problems: [
      ...(handedIn.problem ? [handedIn.problem] : []),
      ...[...flags.problems, ...environment.problems, ...problems, ...found.problems].map(toFailure),
    ],
    warnings: [
      ...found.warnings,
      ...store.warnings,
      ...fileProblems.map(toFailure),
      ...unknownKeys(store, fileName),
      ...(await tokens.warnings()),
      ...crossChecks(settings),
    ],
  };
}

/** Flags and environment alone: they say where the file is. */
function earlySettings(flags: RawValues, environment: RawValues): EffectiveSettings {
  const none = { file: new Map<SettingKey, unknown>(), fileName: '', known: {} };
  return resolveSettings({ flags: flags.values, environment: environment.values, ...none }).settings;
}

/** The token out of its store, where no flag and no variable gives one: a broken store then does not matter. */
async function keptToken(
  tokens: TokenStore,
  given: {
    readonly flags: ReadonlyMap<SettingKey, RawValue>;
    readonly environment: ReadonlyMap<SettingKey, RawValue>;
  },
  found: Findings,
): Promise<{ readonly 'authentik.token'?: Effective<SettingsValues['authentik.token']> }> {
  if (given.flags.has('authentik.token') || given.environment.has('authentik.token')) return {};
  const token = await found.attempt(() => tokens.read());
  if (token === null) return {};
  return { 'authentik.token': { value: token, origin: { kind: 'file', name: basename(tokens.path) } } };
}

function unknownKeys(store: SettingsStore, fileName: string): Failure[] {
  return store.unknownKeys.slice(0, 20).map((key) => ({
    code: 'settings-invalid',
    message: `${fileName} has ${JSON.stringify(key.slice(0, 60))}, which this version does not know; it is kept.`,
    advice: 'Check the spelling with `sallyport config show`.',
  }));
}

class Findings {
  readonly problems: SallyportError[] = [];
  readonly warnings: Failure[] = [];

  async attempt<T>(task: () => Promise<T>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      this.problems.push(SallyportError.from(error));
      return null;
    }
  }

  warn(warning: Failure | null): void {
    if (warning !== null) this.warnings.push(warning);
  }
}

function toFailure(error: SallyportError): Failure {
  return error.toFailure();
}
