import { randomUUID } from 'node:crypto';
import { Breath } from '../../base/breath.ts';
import type { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import { type AddressBook, changedMeanwhile } from './address-book.ts';
import type { CredentialVault } from './credentials.ts';
import { openSealed } from './export.ts';
import { idsOf, keepCredentials } from './import-credentials.ts';
import { sealedIn } from './import-json.ts';
import { type ImportPlan, planImport } from './import-plan.ts';
import { formatOf, readImport } from './import-read.ts';
import { textOf } from './import-text.ts';
import {
  IMPORT_LIMITS,
  type ImportFile,
  type ImportFormat,
  nothingIn,
  type Reading,
  shown,
  tooMany,
} from './import-types.ts';
import { withCredentials } from './sealed-credentials.ts';
import type { ImportPreview, ImportResult } from './shapes.ts';

/** Imports that are looked at and not yet made, and how long one waits. */
const MAX_WAITING = 4;
const FORGET_MS = 15 * 60_000;

interface Waiting {
  files: { name: string; format: ImportFormat | null; pieces: Buffer[] }[];
  bytes: number;
  readings: readonly Reading[] | null;
  /** Where what was read is from, where it is from no file. */
  from: string | null;
  plan: ImportPlan | null;
  revision: number;
  timer: NodeJS.Timeout;
}

/** A part of a file; `import` is null for the first part of the first file. */
export interface UploadPiece {
  readonly import: string | null;
  /** The file's name; another than that of the piece before begins another file. */
  readonly name: string;
  readonly format: ImportFormat | null;
  readonly data: Buffer;
  /** The first piece of a file. */
  readonly begins: boolean;
}

/**
 * Imports between the first look and the deed. What was read, secrets included, stays here in memory until it is
 * applied, given up or forgotten; no secret goes back to whoever asked.
 */
export class Imports {
  readonly #book: AddressBook;
  readonly #vault: CredentialVault;
  readonly #waiting = new Map<string, Waiting>();

  constructor(book: AddressBook, vault: CredentialVault) {
    this.#book = book;
    this.#vault = vault;
  }

  /** Takes a piece of a file; returns the import's id. Throws `request-invalid` beyond the limits. */
  upload({ import: id, name, format, data, begins }: UploadPiece): string {
    const known = id ?? this.#begin();
    const waiting = this.#find(known);
    if (waiting.bytes + data.length > IMPORT_LIMITS.bytes) {
      this.forget(known);
      throw new SallyportError(
        'request-invalid',
        `That is more than ${IMPORT_LIMITS.bytes / 1024 / 1024} MiB, which no list of machines has.`,
        { advice: 'Is it the right file? Else import it in parts.' },
      );
    }
    waiting.bytes += data.length;
    if (begins || waiting.files.length === 0) {
      if (waiting.files.length >= IMPORT_LIMITS.files) {
        this.forget(known);
        throw new SallyportError(
          'request-invalid',
          `That is more than ${IMPORT_LIMITS.files} files at once.`,
        );
      }
      waiting.files.push({ name, format, pieces: [] });
    }
    waiting.files[waiting.files.length - 1]?.pieces.push(data);
    return known;
  }

  /**
   * Reads what was uploaded and says what it would do. With a passphrase the sealed part of an export is opened;
   * rejects with `request-invalid` where it does not fit.
   */
  async preview(id: string, passphrase: Secret | null): Promise<ImportPreview> {
    const waiting = this.#find(id);
    const files = waiting.files.map(
      ({ pieces, ...file }): ImportFile => ({ ...file, bytes: Buffer.concat(pieces) }),
    );
    const readings = waiting.readings ?? (await readAll(files));
    const sealed = files.flatMap((file) => sealedParts(file));
    const opened =
      passphrase === null
        ? readings
        : await Promise.all(sealed.map((part) => openSealed(part, passphrase))).then((found) =>
            readings.map((reading) => withCredentials(reading, new Map(found.flatMap((one) => [...one])))),
          );
    return this.#planned(id, opened, sealed.length > 0 && passphrase === null);
  }

  /** The same for what was read elsewhere, such as from authentik. */
  previewReading(reading: Reading, from: string): Promise<ImportPreview> {
    const id = this.#begin();
    const waiting = this.#find(id);
    waiting.readings = [reading];
    waiting.from = from;
    return this.#planned(id, [reading], false);
  }

  /**
   * Does what the preview said, without the rows in `leave`. Rejects with `request-invalid` where the book has
   * changed since, with what `AddressBook.change` rejects with; then nothing was changed.
   */
  async apply(id: string, leave: readonly string[]): Promise<ImportResult> {
    const { plan, revision } = this.#find(id);
    if (plan === null || revision !== this.#book.revision) throw changedMeanwhile();
    const { rows, entries } = plan;
    const left = new Set(leave);
    const wanted = [...entries].filter(([key]) => !left.has(key)).map(([, entry]) => entry);
    // Nobody else may apply it as well.
    this.forget(id);
    const { kept, failure } = await keepCredentials(this.#vault, wanted);
    const put = wanted.map(({ id: known, newId, draft, credentials }) => ({
      id: known,
      newId,
      draft: { ...draft, ...idsOf(credentials, kept) },
    }));
    const made = [...kept.values()].filter(({ isNew }) => isNew).map((credential) => credential.id);
    try {
      const { added, changed } = await this.#book.change({ put, isLarge: true, revision });
      return {
        added: added.length,
        changed: changed.length,
        skipped: rows.length - added.length - changed.length,
        credentials: made.length,
        failure,
      };
    } catch (error) {
      // Without their machines nobody would know what they are for. Where the vault was locked meanwhile they stay.
      if (made.length > 0) await this.#vault.forgetCredentials(made).catch(() => {});
      throw error;
    }
  }

  /** Where its entries are from, for people: names of files, not more than a few. */
  from(id: string): string {
    const { from, files } = this.#find(id);
    if (from !== null) return from;
    const names = files.slice(0, 3).map(({ name }) => shown(name));
    return `${names.join(', ')}${files.length > names.length ? ` and ${files.length - names.length} more` : ''}`;
  }

  /** Gives an import up; one that is not there is no failure. */
  forget(id: string): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    this.#waiting.delete(id);
  }

  /** Forgets all. */
  end(): void {
    for (const id of [...this.#waiting.keys()]) this.forget(id);
  }

  async #planned(id: string, readings: readonly Reading[], sealed: boolean): Promise<ImportPreview> {
    const waiting = this.#find(id);
    const { revision, machines } = this.#book;
    const canKeepSecrets = this.#vault.isUnlocked;
    waiting.plan = await planImport(readings, machines, canKeepSecrets);
    waiting.revision = revision;
    return { import: id, rows: waiting.plan.rows, sealed, canKeepSecrets };
  }

  #begin(): string {
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= MAX_WAITING && oldest !== undefined) this.forget(oldest);
    const id = randomUUID();
    const timer = setTimeout(() => this.#waiting.delete(id), FORGET_MS);
    timer.unref();
    this.#waiting.set(id, {
      files: [],
      bytes: 0,
      readings: null,
      from: null,
      plan: null,
      revision: -1,
      timer,
    });
    return id;
  }

  #find(id: string): Waiting {
    const waiting = this.#waiting.get(id);
    if (waiting) return waiting;
    throw new SallyportError('request-invalid', 'This import is no longer there.', {
      advice: 'It waits for 15 minutes, and is made once. Choose the files again.',
    });
  }
}

async function readAll(files: readonly ImportFile[]): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const breath = new Breath();
  let entries = 0;
  for (const file of files) {
    await breath.take();
    // Each file has its bound; two thousand of them have one together.
    if (entries >= IMPORT_LIMITS.entries) {
      readings.push(nothingIn(file.name, tooMany(file.name).why));
      break;
    }
    const reading = await readImport(file);
    entries += reading.candidates.length + reading.skipped.length + reading.hostKeys.length;
    readings.push(reading);
  }
  return readings;
}

function sealedParts(file: ImportFile): unknown[] {
  const text = textOf(file.bytes);
  if ((file.format ?? formatOf(file.name, text)) !== 'json') return [];
  const sealed = sealedIn(text);
  return sealed === null ? [] : [sealed];
}
