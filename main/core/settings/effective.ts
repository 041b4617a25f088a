import { SallyportError } from '../errors.ts';
import type { Field, Input } from './kind.ts';
import type { Origin, RawValue } from './raw-value.ts';
import type { Applies } from './setting.ts';
import { SETTING, SETTING_KEYS, type SettingKey, type SettingsValues } from './table.ts';

export interface Effective<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A value that is known already, with where it is from: a token out of its store, the state directory. */
export type Known = { readonly [K in SettingKey]?: Effective<SettingsValues[K]> };

export interface SettingSources {
  readonly flags: ReadonlyMap<SettingKey, RawValue>;
  readonly environment: ReadonlyMap<SettingKey, RawValue>;
  readonly file: ReadonlyMap<SettingKey, unknown>;
  /** Name of the settings file in sentences. */
  readonly fileName: string;
  /** Takes the place of the default. */
  readonly known: Known;
}

/** One line of `sallyport config show`. */
export interface ExplainedSetting {
  readonly key: SettingKey;
  /** For people; a secret is `***`. */
  readonly value: string;
  readonly origin: Origin;
  readonly description: string;
  readonly environment: readonly string[];
  readonly flag: string;
  readonly applies: Applies;
  readonly secret: boolean;
  /** Whether the settings file may hold it. */
  readonly inFile: boolean;
  /** As `value` would show it; null where nothing is set by default. */
  readonly default: string | null;
  readonly expects: string;
  readonly unit: string | null;
  readonly input: Input;
}

type All = { readonly [K in SettingKey]: Effective<SettingsValues[K]> };
type Some = { -readonly [K in SettingKey]?: Effective<SettingsValues[K]> };

/** What holds, after flags, environment, file and defaults were put over each other. */
export class EffectiveSettings {
  readonly #all: All;

  constructor(all: All) {
    this.#all = all;
  }

  get<K extends SettingKey>(key: K): SettingsValues[K] {
    return this.#all[key].value;
  }

  origin(key: SettingKey): Origin {
    return this.#all[key].origin;
  }

  /** Every setting in the table's order. */
  explain(): readonly ExplainedSetting[] {
    return SETTING_KEYS.map((key) => ({
      key,
      value: shownValue(key, this.get(key)),
      origin: this.origin(key),
      description: SETTING[key].description,
      environment: SETTING[key].environment,
      flag: SETTING[key].flag.long,
      applies: SETTING[key].applies,
      secret: SETTING[key].secret,
      inFile: SETTING[key].inFile,
      default: defaultText(key),
      expects: SETTING[key].expects,
      unit: SETTING[key].unit,
      input: SETTING[key].input,
    }));
  }
}

/** An origin in words, as `config show` prints it. */
export function originText(origin: Origin): string {
  return origin.kind === 'default' ? 'default' : `${origin.kind}: ${origin.name}`;
}

/**
 * Decodes every source and takes for each setting the first that has it: flags, environment, file, what is
 * known, default. A value that cannot be decoded is a refusal, and the next source counts. Never throws.
 */
export function resolveSettings(sources: SettingSources): {
  readonly settings: EffectiveSettings;
  /** Of flags and the environment: somebody asked for something that cannot be done. */
  readonly problems: readonly SallyportError[];
  /** Of the file: the value stays there and is not used. */
  readonly fileProblems: readonly SallyportError[];
} {
  const found: Some = {};
  const problems: SallyportError[] = [];
  const fileProblems: SallyportError[] = [];
  const resolver = new Resolver(sources, problems, fileProblems);
  for (const key of SETTING_KEYS) put(found, key, resolver.resolve(key));
  if (!isComplete(found)) throw new SallyportError('internal', 'A setting of the table was left out.');
  return { settings: new EffectiveSettings(found), problems, fileProblems };
}

class Resolver {
  readonly #sources: SettingSources;
  readonly #problems: SallyportError[];
  readonly #fileProblems: SallyportError[];

  constructor(sources: SettingSources, problems: SallyportError[], fileProblems: SallyportError[]) {
    this.#sources = sources;
    this.#problems = problems;
    this.#fileProblems = fileProblems;
  }

  /** All sources are decoded, also those that another outranks: a mistake is told before it matters. */
  resolve<K extends SettingKey>(key: K): Effective<SettingsValues[K]> {
    const { flags, environment, known } = this.#sources;
    const candidates = [
      this.#decodeText(key, flags.get(key)),
      this.#decodeText(key, environment.get(key)),
      this.#decodeFile(key),
      known[key],
    ];
    const first = candidates.find((candidate) => candidate !== undefined);
    return first ?? { value: SETTING[key].default, origin: { kind: 'default' } };
  }

  #decodeText<K extends SettingKey>(
    key: K,
    raw: RawValue | undefined,
  ): Effective<SettingsValues[K]> | undefined {
    if (raw === undefined) return undefined;
    const { origin, text } = raw;
    return this.#attempt(key, { name: origin.name, source: origin.kind }, origin, this.#problems, (field) =>
      SETTING[key].fromText(text, field),
    );
  }

  #decodeFile<K extends SettingKey>(key: K): Effective<SettingsValues[K]> | undefined {
    const { file, fileName } = this.#sources;
    if (!file.has(key)) return undefined;
    const field: Field = { name: `${key} in ${fileName}`, source: 'file' };
    const origin: Origin = { kind: 'file', name: fileName };
    return this.#attempt(key, field, origin, this.#fileProblems, () => {
      const value = SETTING[key].fromJson(file.get(key), field);
      if (!SETTING[key].inFile) throw notInFile(field, key);
      return value;
    });
  }

  #attempt<K extends SettingKey>(
    key: K,
    field: Field,
    origin: Origin,
    problems: SallyportError[],
    decode: (field: Field) => SettingsValues[K],
  ): Effective<SettingsValues[K]> | undefined {
    try {
      return { value: decode(field), origin };
    } catch (error) {
      const failure = SallyportError.from(error, field.name, 'settings-invalid');
      // Whatever the decoder said of a secret might show it.
      problems.push(SETTING[key].secret ? withoutCause(failure) : failure);
      return undefined;
    }
  }
}

function put<K extends SettingKey>(found: Some, key: K, value: Effective<SettingsValues[K]>): void {
  const target: { [P in K]?: Effective<SettingsValues[P]> } = found;
  target[key] = value;
}

function isComplete(found: Some): found is All {
  return SETTING_KEYS.every((key) => found[key] !== undefined);
}

function shownValue<K extends SettingKey>(key: K, value: SettingsValues[K]): string {
  return SETTING[key].show(value);
}

/** The default as `show` gives it; null where nothing is set by default. */
export function defaultText<K extends SettingKey>(key: K): string | null {
  const value = SETTING[key].default;
  return value === null ? null : SETTING[key].show(value);
}

function notInFile(field: Field, key: SettingKey): SallyportError {
  return new SallyportError('settings-invalid', `${field.name} is not used.`, {
    advice: `Use ${SETTING[key].flag.long} or ${SETTING[key].environment[0]} in its place.`,
  });
}

function withoutCause({ code, message, advice }: SallyportError): SallyportError {
  return new SallyportError(code, message, { advice });
}
