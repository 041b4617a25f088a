import type { Kind } from './kind.ts';

/** At once, from the next connection to authentik on, or after a restart of the outpost. */
export type Applies = 'live' | 'next-connection' | 'restart';

export interface FlagOfSetting {
  /** `--guacd`. */
  readonly long: string;
  /** What stands for the value in the help, such as `<url>`; in square brackets where the value may be left out. */
  readonly value: string;
  /** The flag's value is a path, and the setting is what the file holds: for what must not stand in argv. */
  readonly fromFile?: true;
}

/** Everything there is to know about one setting. */
export interface Setting<T> extends Kind<T> {
  /** One line for help and documentation, without the full stop. */
  readonly description: string;
  readonly default: T;
  /** Names in the environment; the first that is set counts. */
  readonly environment: readonly string[];
  readonly flag: FlagOfSetting;
  /** What a number counts; null where that makes no sense. */
  readonly unit: 'seconds' | 'minutes' | 'days' | 'bytes' | 'sessions' | 'files' | null;
  /** When a change takes effect. */
  readonly applies: Applies;
  /** Shown as `***`, kept in its own encrypted file. */
  readonly secret: boolean;
  /** Whether the settings file may hold it. */
  readonly inFile: boolean;
}

type Details<T> = Pick<Setting<T>, 'description' | 'default'> &
  Partial<Pick<Setting<T>, 'unit' | 'applies' | 'secret' | 'inFile'>> & {
    readonly environment: string;
    /** The flag as the help shows it: `--guacd <target>`. */
    readonly flag: string;
    readonly flagFromFile?: true;
  };

/** One line of the table. */
export function setting<T>(kind: Kind<T>, details: Details<T>): Setting<T> {
  const [long = '', value = ''] = details.flag.split(' ');
  return {
    ...kind,
    description: details.description,
    default: details.default,
    environment: [details.environment],
    flag: { long, value, ...(details.flagFromFile && { fromFile: true }) },
    unit: details.unit ?? null,
    applies: details.applies ?? 'restart',
    secret: details.secret ?? false,
    inFile: details.inFile ?? true,
  };
}
