import { LOG_LEVELS, type LogLevel } from '../base/logger.ts';
import type { Failure } from '../errors.ts';
import { type OptionType, OUTPOST_OPTIONS, type OutpostOption } from './outpost-config-options.ts';

/** One line of the explained configuration, for console, CLI and doctor. */
export interface OutpostConfigRow {
  readonly name: string;
  /** The value in effect: authentik's, or the default where that is missing or wrong. */
  readonly value: unknown;
  /** Whether authentik gave the option at all. */
  readonly given: boolean;
  /** Null for an option that this version does not know. */
  readonly meaning: string | null;
  /** How it is used here, or why it is not. */
  readonly here: string;
  readonly applies: boolean;
  readonly problem: Failure | null;
}

/** What the outpost itself takes from its configuration. */
export interface OutpostConfig {
  /** Null where authentik gave none that can be used. */
  readonly logLevel: LogLevel | null;
  /** Options with a value of the wrong kind; their default stands in. */
  readonly problems: readonly Failure[];
  /** Names of options that this version does not know. */
  readonly unknown: readonly string[];
}

/** Reads the options that matter here. Never throws: what is wrong is reported and replaced by its default. */
export function decodeOutpostConfig(config: Readonly<Record<string, unknown>>): OutpostConfig {
  const rows = explainConfig(config);
  return {
    logLevel: logLevelOf(config['log_level']),
    problems: rows.flatMap(({ problem }) => (problem ? [problem] : [])),
    unknown: rows.filter(({ meaning }) => meaning === null).map(({ name }) => name),
  };
}

/** Every option that is known, in the table's order, then the unknown ones as authentik gave them. */
export function explainConfig(config: Readonly<Record<string, unknown>>): OutpostConfigRow[] {
  const known = Object.entries(OUTPOST_OPTIONS).map(([name, option]) => {
    const given = Object.hasOwn(config, name);
    const problem = given ? problemOf(name, option, config[name]) : null;
    const value = given && problem === null ? config[name] : option.fallback;
    const { meaning, here, applies } = option;
    return { name, value, given, meaning, here, applies, problem };
  });
  const unknown = Object.keys(config)
    .filter((name) => !Object.hasOwn(OUTPOST_OPTIONS, name))
    .map((name) => ({
      name,
      value: config[name],
      given: true,
      meaning: null,
      here: 'Not used: this version of Sallyport does not know it.',
      applies: false,
      problem: null,
    }));
  return [...known, ...unknown];
}

/** authentik's word for a log level, leniently: other loggers' names for the same are understood. */
export function logLevelOf(value: unknown): LogLevel | null {
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  if (word === 'warn') return 'warning';
  if (word === 'critical' || word === 'fatal' || word === 'panic') return 'error';
  return LOG_LEVELS.find((level) => level === word) ?? null;
}

const TYPE_WORDS: Readonly<Record<OptionType, string>> = {
  text: 'a text',
  level: 'trace, debug, info, warning or error',
  truth: 'true or false',
  count: 'a whole number, 0 or more',
  texts: 'a list of texts',
  list: 'a list',
  map: 'a map of names to values',
};

function problemOf(
  name: string,
  { type, nullable, fallback }: OutpostOption,
  value: unknown,
): Failure | null {
  if ((nullable && value === null) || fits(type, value)) return null;
  return {
    code: 'settings-invalid',
    message: `The option ${name} of the outpost in authentik should be ${TYPE_WORDS[type]}; ${JSON.stringify(fallback)} is taken instead.`,
    advice: 'Correct it in authentik under Applications › Outposts › Edit › Configuration.',
  };
}

function fits(type: OptionType, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'level':
      return logLevelOf(value) !== null;
    case 'truth':
      return typeof value === 'boolean';
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'list':
      return Array.isArray(value);
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
