import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { readBoundedFile } from '../base/bounded-file.ts';
import { type Failure, SallyportError } from '../errors.ts';
import {
  EMPTY_DOCUMENT,
  MIGRATIONS,
  type Migration,
  readDocument,
  type SettingsDocument,
  withSetting,
  writeDocument,
} from './file-format.ts';
import { keepAside, keptAside } from './keep-aside.ts';
import { cleanText, type Field, type Json, refusal } from './kind.ts';
import { isSettingKey, SETTING, type SettingKey, type SettingsValues } from './table.ts';

const MAX_WARNINGS = 3;
const DAMAGED_ADVICE =
  'Repair it and move it back while the outpost is stopped, or make the settings anew and remove it.';

export interface SettingsStoreOptions {
  /** A longer file counts as unreadable, in bytes; default 1 MiB. */
  readonly maxBytes?: number;
  /** The way from old versions to the newest; a test brings its own. */
  readonly migrations?: readonly Migration[];
  /** Where damaged files get their name from; a test brings its own. */
  readonly now?: () => Date;
}

/**
 * The settings file. It is replaced atomically, and re-read before each change, so that a change by another
 * process is kept. Unknown keys and fields of the wrong type stay in it as they are. A damaged file is kept
 * aside; one that cannot be read, or that a newer Sallyport wrote, is left alone and refuses every change.
 */
export class SettingsStore {
  readonly path: string;
  readonly #options: Required<SettingsStoreOptions>;
  /** Damaged files that lie aside, by name. */
  readonly #damaged = new Map<string, Failure>();
  #document: SettingsDocument = EMPTY_DOCUMENT;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: SettingsStoreOptions = {}) {
    this.path = path;
    this.#options = {
      maxBytes: 1024 * 1024,
      migrations: MIGRATIONS,
      now: () => new Date(),
      ...options,
    };
  }

  /** What an admin should know: damaged files that were kept aside, by whichever process, and are still there. */
  get warnings(): readonly Failure[] {
    return [...this.#damaged.values()].slice(0, MAX_WARNINGS);
  }

  /** What the file said when it was last read or written, not decoded; without keys that are not ours. */
  get values(): ReadonlyMap<SettingKey, unknown> {
    const known = new Map<SettingKey, unknown>();
    for (const [key, value] of this.#document.settings) if (isSettingKey(key)) known.set(key, value);
    return known;
  }

  /** Keys in the file that this version does not know; they are kept. */
  get unknownKeys(): readonly string[] {
    return [...this.#document.settings.keys()].filter((key) => !isSettingKey(key));
  }

  /**
   * Reads the file; one that does not exist is empty. Rejects with `settings-unreadable`, `settings-newer`, or
   * `file-unwritable` where a damaged file cannot be moved aside. What was read before then stays.
   */
  async load(): Promise<void> {
    const document = await this.#read();
    if (document !== null) this.#document = document;
    await this.#lookAside();
  }

  /**
   * Keeps a value. Rejects with `settings-invalid` for one that the file may not hold, with what `load` rejects
   * with, or with `disk-full` or `file-unwritable`; then the file is as it was.
   */
  async set<K extends SettingKey>(key: K, value: SettingsValues[K]): Promise<void> {
    const field = this.#field(key);
    checkAllowed(key, field);
    const json = SETTING[key].toJson(value);
    SETTING[key].fromJson(json, field);
    await this.#change(key, json);
  }

  /** Keeps a value that was given as text; `name` is how the person calls the field. Rejects as `set` does. */
  async setText(key: SettingKey, text: string, name: string = key): Promise<void> {
    const field: Field = { name, source: 'file' };
    checkAllowed(key, field);
    await this.#change(key, jsonOfText(key, text, field));
  }

  /** What `setText` would say of a text, as one types; null where it would keep it. Nothing is read or written. */
  check(key: SettingKey, text: string, name: string = key): Failure | null {
    const field: Field = { name, source: 'file' };
    try {
      // A secret goes elsewhere, and whether it can be one is known here all the same.
      if (!SETTING[key].secret) checkAllowed(key, field);
      decodeText(key, text, field);
      return null;
    } catch (error) {
      return SallyportError.from(error, name, 'settings-invalid').toFailure();
    }
  }

  /** Takes a value out of the file, so that its default holds again. Rejects as `set` does. */
  async unset(key: SettingKey): Promise<void> {
    await this.#change(key, undefined);
  }

  /** One change after the other: two at once would each write what the other does not know. */
  #change(key: SettingKey, value: Json | undefined): Promise<void> {
    const change = this.#lastWrite.then(async () => {
      // A file that was damaged meanwhile lies aside; what it said is still known here.
      const changed = withSetting((await this.#read()) ?? this.#document, key, value);
      await writeFileAtomic(this.path, writeDocument(changed, this.#options.migrations.length));
      this.#document = changed;
    });
    this.#lastWrite = change.catch(() => {});
    return change;
  }

  /** The file's content; empty where there is none, null where it was damaged. */
  async #read(): Promise<SettingsDocument | null> {
    const text = await this.#readText();
    if (text === null) return EMPTY_DOCUMENT;
    const read = readDocument(text, this.#options.migrations);
    if (read.kind === 'document') return read.document;
    if (read.kind === 'newer') throw newer(this.path, read.version, this.#options.migrations.length);
    const aside = await keepAside(this.path, this.#options.now());
    if (aside !== null) this.#damaged.set(basename(aside), damaged(this.path, read.reason, aside));
    return null;
  }

  /** A short-lived command may have moved it: whoever looks next has to hear of it too, until somebody has acted. */
  async #lookAside(): Promise<void> {
    const names = await keptAside(this.path);
    for (const name of [...this.#damaged.keys()]) if (!names.includes(name)) this.#damaged.delete(name);
    for (const name of names) {
      if (!this.#damaged.has(name)) this.#damaged.set(name, damagedBefore(this.path, name));
    }
  }

  async #readText(): Promise<string | null> {
    try {
      return (await readBoundedFile(this.path, this.#options.maxBytes)).toString('utf8');
    } catch (error) {
      if (!(await exists(this.path))) return null;
      const { message, advice } = SallyportError.from(error, this.path);
      throw new SallyportError('settings-unreadable', message, { advice, cause: error });
    }
  }

  #field(key: SettingKey): Field {
    return { name: `${key} in ${basename(this.path)}`, source: 'file' };
  }
}

function jsonOfText<K extends SettingKey>(key: K, text: string, field: Field): Json {
  return SETTING[key].toJson(decodeText(key, text, field));
}

function decodeText<K extends SettingKey>(key: K, text: string, field: Field): SettingsValues[K] {
  const clean = cleanText(text);
  if (clean === '') throw refusal(field, 'is empty', `Give ${SETTING[key].expects}.`);
  return SETTING[key].fromText(clean, field);
}

function checkAllowed(key: SettingKey, field: Field): void {
  if (SETTING[key].inFile) return;
  throw SETTING[key].secret
    ? refusal(field, 'is a secret and is not kept there', 'Keep it encrypted with `sallyport token set`.')
    : refusal(
        field,
        'cannot be kept there',
        `Use ${SETTING[key].flag.long} or ${SETTING[key].environment[0]}.`,
      );
}

function damaged(path: string, reason: string, aside: string): Failure {
  return {
    code: 'settings-unreadable',
    message: `${path} ${reason}; it was kept as ${basename(aside)}, and the defaults are used in its place.`,
    advice: DAMAGED_ADVICE,
  };
}

function damagedBefore(path: string, name: string): Failure {
  return {
    code: 'settings-unreadable',
    message: `${path} was damaged and was kept as ${name}; what that says does not count.`,
    advice: DAMAGED_ADVICE,
  };
}

function newer(path: string, version: number, ours: number): SallyportError {
  return new SallyportError(
    'settings-newer',
    `${path} was written by a newer Sallyport (its version is ${version}, this one knows up to ${ours}).`,
    { advice: 'Update Sallyport, or choose another --state-dir. The file was left as it is.' },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  );
}
