import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { removeTemporaries, writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { Emitter } from '../../base/emitter.ts';
import { isMissing } from '../../base/missing.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import { makePrivateDirectory } from '../../settings/private-directory.ts';
import { Backups } from './backups.ts';
import { readBook, writeBook } from './book-file.ts';
import { cleanDraft } from './check.ts';
import { DamagedLines } from './damaged-lines.ts';
import { sortMachines } from './list.ts';
import { draftOf, MACHINE_LIMITS, type Machine, type MachineDraft } from './machine.ts';

/** Of the whole book, in bytes: it is kept in memory, and written as one. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Small changes that follow each other closely share one copy of what was before. */
const BACKUP_EVERY_MS = 10 * 60_000;

export interface AddressBookOptions {
  /** Milliseconds since 1970; a test brings its own. */
  readonly now?: () => number;
  /** Of the whole book, in bytes; default 64 MiB. */
  readonly maxBytes?: number;
}

/** What one change did, by id. */
export interface BookChange {
  readonly added: readonly Machine[];
  readonly changed: readonly Machine[];
  readonly removed: readonly Machine[];
}

/** A machine to keep: a new one where `id` is null. */
export interface Entry {
  readonly id: string | null;
  /** Of a new one: the id that it had in another address book. Another is made where that is taken. */
  readonly newId?: string | null;
  readonly draft: Parameters<typeof cleanDraft>[0];
}

/** The book's file in its folder. */
export function bookPath(folder: string): string {
  return join(folder, 'machines.jsonl');
}

/**
 * The machines that this outpost knows, in memory and in one file. Every change replaces the file atomically, and
 * counts only once it is on the disk. Lines that cannot be read are kept aside, named in `warnings`, and harm no
 * others; while they cannot be kept, changes are refused, for the book is all that has them. A file that cannot be read at
 * all, or that a newer version wrote, is left alone and refuses every change.
 */
export class AddressBook {
  readonly path: string;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #backups: Backups;
  readonly #changed = new Emitter<BookChange>();
  #machines: ReadonlyMap<string, Machine> = new Map();
  /** Sorted when somebody asks, which for thousands takes a while. */
  #sorted: readonly Machine[] | undefined;
  #blocked: Failure | null = null;
  readonly #damaged: DamagedLines;
  #unkept: Failure | null = null;
  #revision = 0;
  #lastChange: Promise<unknown> = Promise.resolve();

  readonly onChange = this.#changed.on;

  private constructor(folder: string, { now = Date.now, maxBytes = MAX_BYTES }: AddressBookOptions) {
    this.path = bookPath(folder);
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#backups = new Backups(join(folder, 'backups'));
    this.#damaged = new DamagedLines(this.path, this.#backups.folder);
  }

  /** Reads the book in `folder`, which is made where it is missing. Never rejects: what is wrong stands in `warnings`. */
  static async open(folder: string, options: AddressBookOptions = {}): Promise<AddressBook> {
    const book = new AddressBook(folder, options);
    try {
      await makePrivateDirectory(folder);
      await removeTemporaries(folder);
      await book.#load();
    } catch (error) {
      book.#blocked = SallyportError.from(error, book.path, 'file-unreadable').toFailure();
    }
    return book;
  }

  /** What an admin should know: entries that were kept aside, a file that cannot be used, copies that cannot be made. */
  get warnings(): readonly Failure[] {
    return [
      ...(this.#blocked ? [this.#blocked] : []),
      ...this.#damaged.warnings,
      ...(this.#unkept ? [this.#unkept] : []),
    ];
  }

  /** Goes up with each change. */
  get revision(): number {
    return this.#revision;
  }

  /** All of them, by group and name. */
  get machines(): readonly Machine[] {
    this.#sorted ??= sortMachines([...this.#machines.values()]);
    return this.#sorted;
  }

  /** Throws `machine-not-found`. */
  get(id: string): Machine {
    const machine = this.#machines.get(id);
    if (machine) return machine;
    throw new SallyportError('machine-not-found', `There is no machine ${JSON.stringify(id.slice(0, 64))}.`, {
      advice: 'It may have been removed; see the list of machines.',
    });
  }

  /** Adds or changes one. Rejects as `change` does. */
  async put(entry: Entry): Promise<Machine> {
    const { added, changed } = await this.change({ put: [entry] });
    const [machine = changed[0]] = added;
    return machine ?? this.get(entry.id ?? '');
  }

  /**
   * One change of any size: all of it counts, or nothing. Rejects with `request-invalid` (a sentence about the
   * machine), `machine-not-found`, `disk-full` or `file-unwritable`, or with why the book cannot be used.
   * `isLarge`: what was before is copied first, however short ago the last copy was made. `revision`: only where the book
   * is as it was then.
   */
  change({
    put = [],
    remove = [],
    isLarge = put.length + remove.length > 1,
    revision,
  }: {
    readonly put?: readonly Entry[];
    readonly remove?: readonly string[];
    readonly isLarge?: boolean;
    readonly revision?: number;
  }): Promise<BookChange> {
    const change = this.#lastChange.then(() => {
      if (revision !== undefined && revision !== this.#revision) throw changedMeanwhile();
      return this.#change(put, remove, isLarge);
    });
    this.#lastChange = change.catch(() => {});
    return change;
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#lastChange;
  }

  async #change(put: readonly Entry[], remove: readonly string[], isLarge: boolean): Promise<BookChange> {
    if (this.#blocked) {
      const { code, message, advice } = this.#blocked;
      throw new SallyportError(code, message, { advice });
    }
    const next = new Map(this.#machines);
    const removed = remove.map((id) => this.get(id));
    for (const id of remove) next.delete(id);
    const added: Machine[] = [];
    const changed: Machine[] = [];
    for (const { id, newId = null, draft } of put) {
      const before = id === null ? null : this.get(id);
      const freeId = newId === null || next.has(newId) ? randomUUID() : newId;
      const machine = this.#made(before, cleanDraft(draft), freeId);
      if (before !== null && sameDraft(before, machine)) continue;
      next.set(machine.id, machine);
      (before === null ? added : changed).push(machine);
    }
    if (next.size > MACHINE_LIMITS.machines)
      throw new SallyportError(
        'request-invalid',
        `The address book would hold ${next.size} machines, more than ${MACHINE_LIMITS.machines}.`,
        { advice: 'Remove some first.' },
      );
    const done: BookChange = { added, changed, removed };
    if (added.length + changed.length + removed.length === 0) return done;
    await this.#keepDamaged();
    const content = writeBook(next.values());
    this.#checkSize(Buffer.byteLength(content));
    await this.#backup(isLarge);
    await writeFileAtomic(this.path, content);
    this.#machines = next;
    this.#sorted = undefined;
    this.#revision += 1;
    this.#changed.emit(done);
    return done;
  }

  /** What could not be read again must not be written. */
  #checkSize(bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new SallyportError(
      'request-invalid',
      `The address book would have ${bytes} bytes, more than ${this.#maxBytes}.`,
      { advice: 'Shorten long notes and parameters, or remove some machines.' },
    );
  }

  #made(before: Machine | null, draft: MachineDraft, newId: string): Machine {
    const now = this.#now();
    return { id: before?.id ?? newId, ...draft, createdAt: before?.createdAt ?? now, updatedAt: now };
  }

  /** Without a copy the change is made all the same, and said. */
  async #backup(isLarge: boolean): Promise<void> {
    const now = this.#now();
    // Also where the clock was set back: what was long ago must not stand in the future.
    if (!isLarge && Math.abs(now - this.#backups.lastMs) < BACKUP_EVERY_MS) return;
    try {
      await this.#backups.keep(this.path, now);
      this.#unkept = null;
    } catch (error) {
      const { code, message, advice } = SallyportError.from(error, this.#backups.folder).toFailure();
      this.#unkept = {
        code,
        message: `No copy of the address book could be kept: ${message}`,
        ...(advice !== undefined && { advice }),
      };
    }
  }

  async #load(): Promise<void> {
    const content = await this.#read();
    if (content !== null) await this.#take(content);
    await this.#damaged.look();
  }

  async #take(content: string): Promise<void> {
    const reading = readBook(content);
    if (reading.kind === 'newer')
      throw new SallyportError(
        'settings-newer',
        `${this.path} was written by a newer Sallyport (its version is ${reading.version}).`,
        { advice: 'Update Sallyport, or choose another --state-dir. The file was left as it is.' },
      );
    this.#machines = new Map(reading.machines.map((machine) => [machine.id, machine]));
    this.#damaged.found(reading.damaged);
    if (reading.damaged.length > 0) {
      // The file as it is, byte for byte: what is kept aside is its text.
      await this.#backup(true);
      // Said in `warnings`, and tried again before the first change.
      await this.#keepDamaged().catch(() => {});
    }
  }

  /** What can be read no longer depends on what cannot. */
  async #keepDamaged(): Promise<void> {
    await this.#damaged.keep(this.#now(), () =>
      writeFileAtomic(this.path, writeBook(this.#machines.values())),
    );
  }

  async #read(): Promise<string | null> {
    try {
      return (await readBoundedFile(this.path, this.#maxBytes)).toString('utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

function sameDraft(one: MachineDraft, other: MachineDraft): boolean {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** What was decided by how the book was does not hold any more. */
export function changedMeanwhile(): SallyportError {
  return new SallyportError('request-invalid', 'The address book has changed since you looked.', {
    advice: 'Look at the import again.',
  });
}
