import { resolve } from 'node:path';
import { SallyportError } from '../errors.ts';
import { defaultText } from './effective.ts';
import { MAX_VALUE_BYTES, readValueFile } from './environment.ts';
import { cleanText, quote } from './kind.ts';
import type { RawValue, RawValues } from './raw-value.ts';
import { SETTING, SETTING_KEYS, type SettingKey } from './table.ts';

/** One flag, as the command line's parser wants it. */
export interface FlagDefinition {
  readonly key: SettingKey;
  /** `--guacd <target>`; a value in square brackets may be left out and then means yes. */
  readonly flags: string;
  /** Name of the parsed value: `--ca-file` gives `caFile`. */
  readonly attribute: string;
  /** With the environment's name and the default, for the help. */
  readonly description: string;
}

/** All flags, in the table's order. */
export function flagDefinitions(): readonly FlagDefinition[] {
  return SETTING_KEYS.map((key) => ({
    key,
    flags: `${SETTING[key].flag.long} ${SETTING[key].flag.value}`,
    attribute: attributeOf(SETTING[key].flag.long),
    description: `${SETTING[key].description} (${hints(key)})`,
  }));
}

/**
 * The settings among parsed flags, not decoded. `parsed` is what the command line's parser made of argv, by
 * attribute; what is no setting's is left alone. Never rejects: what cannot be read is among the problems.
 */
export async function readFlags(parsed: Readonly<Record<string, unknown>>): Promise<RawValues> {
  const values = new Map<SettingKey, RawValue>();
  const problems: SallyportError[] = [];
  for (const key of SETTING_KEYS) {
    const { long, fromFile } = SETTING[key].flag;
    const given = Object.hasOwn(parsed, attributeOf(long)) ? parsed[attributeOf(long)] : undefined;
    if (given === undefined) continue;
    try {
      const text = flagText(long, given);
      const value = fromFile ? await readValueFile(resolve(text), `${text} (named by ${long})`) : text;
      values.set(key, { text: cleanText(value), origin: { kind: 'flag', name: long } });
    } catch (error) {
      problems.push(SallyportError.from(error, long, 'settings-invalid'));
    }
  }
  return { values, problems };
}

function flagText(long: string, given: unknown): string {
  const text = given === true ? 'true' : given === false ? 'false' : given;
  if (typeof text !== 'string')
    throw new SallyportError('settings-invalid', `${long} is ${quote(text)}.`, { advice: 'Give one value.' });
  if (cleanText(text) === '')
    throw new SallyportError('settings-invalid', `${long} is empty.`, {
      advice: `Give it a value, or leave ${long} out.`,
    });
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES)
    throw new SallyportError('settings-invalid', `${long} is longer than ${MAX_VALUE_BYTES} bytes.`, {
      advice: 'Is it the right value?',
    });
  return cleanText(text);
}

function attributeOf(long: string): string {
  return long.replace(/^--/, '').replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function hints(key: SettingKey): string {
  const shown = defaultText(key);
  const environment = `environment: ${SETTING[key].environment.join(', ')}`;
  return shown === null ? environment : `${environment}; default: ${shown}`;
}
