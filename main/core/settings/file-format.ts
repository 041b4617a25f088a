import * as v from 'valibot';
import type { Json } from './kind.ts';

/** The version of the settings file that this program writes. */
export const SETTINGS_VERSION = 1;

/**
 * Turns a file of version n (its place in the list) into one of version n + 1. A step only moves and renames:
 * it loses nothing, and leaves what it does not know where it is.
 */
export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** The settings file, whatever is in its fields. */
export interface SettingsDocument {
  /** By key, not decoded, unknown ones included. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** What else stands in the file, to be written back as it is. */
  readonly rest: ReadonlyMap<string, unknown>;
}

export const EMPTY_DOCUMENT: SettingsDocument = { settings: new Map(), rest: new Map() };

export type ReadDocument =
  | { readonly kind: 'document'; readonly document: SettingsDocument }
  /** Written by a later version of Sallyport. */
  | { readonly kind: 'newer'; readonly version: number }
  /** `reason` continues "settings.json". */
  | { readonly kind: 'damaged'; readonly reason: string };

/** `v.record` drops `__proto__` and the like; nothing may be lost here. */
const jsonObject = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const versionNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const GROUP_DEPTH = 3;

/** From version 0, which people write by hand: settings alone, dotted or in groups, without anything around. */
const fromHand: Migration = (document) => {
  const { version: _, ...settings } = document;
  return { version: 1, settings: Object.fromEntries(flatten(settings, '', GROUP_DEPTH)) };
};

export const MIGRATIONS: readonly Migration[] = [fromHand];

/** Reads a settings file of any version up to this one. Never throws. */
export function readDocument(text: string, migrations: readonly Migration[] = MIGRATIONS): ReadDocument {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return { kind: 'damaged', reason: 'is not valid JSON' };
  }
  if (!v.is(jsonObject, value)) return { kind: 'damaged', reason: 'holds no object' };
  const version = Object.hasOwn(value, 'version') ? value['version'] : 0;
  if (!v.is(versionNumber, version)) return { kind: 'damaged', reason: 'has a version that is no number' };
  if (version > migrations.length) return { kind: 'newer', version };
  const migrated = migrations.slice(version).reduce((document, step) => step(document), value);
  const { version: _, settings, ...rest } = migrated;
  if (!v.is(jsonObject, settings)) return { kind: 'damaged', reason: 'has no object named “settings”' };
  return {
    kind: 'document',
    document: { settings: new Map(Object.entries(settings)), rest: new Map(Object.entries(rest)) },
  };
}

/** The file's text, with one setting a line so that people can read and compare it. */
export function writeDocument({ settings, rest }: SettingsDocument, version = SETTINGS_VERSION): string {
  const document = { version, settings: Object.fromEntries(settings), ...Object.fromEntries(rest) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** `document` with one setting put in or, for `undefined`, taken out. */
export function withSetting(
  { settings, rest }: SettingsDocument,
  key: string,
  value: Json | undefined,
): SettingsDocument {
  const changed = new Map(settings);
  if (value === undefined) changed.delete(key);
  else changed.set(key, value);
  return { settings: changed, rest };
}

function flatten(group: object, prefix: string, depth: number): [string, unknown][] {
  return Object.entries(group).flatMap(([name, value]: [string, unknown]): [string, unknown][] =>
    v.is(jsonObject, value) && depth > 1 && Object.keys(value).length > 0
      ? flatten(value, `${prefix}${name}.`, depth - 1)
      : [[`${prefix}${name}`, value]],
  );
}
