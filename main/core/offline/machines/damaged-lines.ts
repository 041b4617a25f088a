import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import { keptAside } from '../../settings/keep-aside.ts';
import { nameInDamaged } from './book-file.ts';

const MAX_WARNINGS = 3;

/**
 * Lines of the address book that cannot be read, on their way out of it into a file of their own. Until they are there
 * the book must not be written: it is the only place that has them.
 */
export class DamagedLines {
  readonly #book: string;
  readonly #backups: string;
  #kept: readonly Failure[] = [];
  #waiting: readonly string[] = [];
  /** Why those that wait could not be kept. */
  #failure: SallyportError | null = null;

  /** `backups`: where copies of the book are, for who repairs it. */
  constructor(book: string, backups: string) {
    this.#book = book;
    this.#backups = backups;
  }

  get warnings(): readonly Failure[] {
    return [...(this.#failure ? [this.#failure.toFailure()] : []), ...this.#kept];
  }

  /** Lines were found that are still in the book alone. */
  found(lines: readonly string[]): void {
    this.#waiting = lines;
  }

  /**
   * Keeps those that wait aside, and then has the book written without them; both, or neither. Rejects with why that
   * cannot be, `disk-full` or `file-unwritable`; the next call tries again.
   */
  async keep(now: number, writeBook: () => Promise<unknown>): Promise<void> {
    if (this.#waiting.length === 0) return;
    try {
      await this.#keep(now, writeBook);
    } catch (error) {
      this.#failure = this.#unkept(SallyportError.from(error, this.#book, 'file-unwritable'));
      throw this.#failure;
    }
    this.#waiting = [];
    this.#failure = null;
    await this.look();
  }

  /** Looks which files lie aside, from this start or an earlier one. Never rejects. */
  async look(): Promise<void> {
    const names = await keptAside(this.#book);
    this.#kept = await Promise.all(names.slice(0, MAX_WARNINGS).map((name) => this.#warningOf(name)));
  }

  async #keep(now: number, writeBook: () => Promise<unknown>): Promise<void> {
    const moment = new Date(now).toISOString().replace(/[-:.]/g, '');
    // With the name that `keepAside` gives, so that both are found the same way.
    const aside = `${this.#book}.damaged-${moment}-${randomUUID().slice(0, 4)}`;
    await writeFileAtomic(aside, `${this.#waiting.join('\n')}\n`);
    try {
      await writeBook();
    } catch (error) {
      // They are still in the book: the next start would keep them a second time.
      await unlink(aside).catch(() => {});
      throw error;
    }
  }

  #unkept({ code, message, advice }: SallyportError): SallyportError {
    const { entries, who, isOne } = named(this.#waiting);
    return new SallyportError(
      code,
      `${entries} of the address book${who} cannot be read, and ${isOne ? 'it' : 'they'} could not be kept aside: ${message} Until that can be done the machines can be used, but none is added, changed or removed.`,
      { advice },
    );
  }

  async #warningOf(name: string): Promise<Failure> {
    const folder = dirname(this.#book);
    const content = await readBoundedFile(join(folder, name), 1024 * 1024)
      .then((bytes) => bytes.toString('utf8'))
      .catch(() => '');
    const { entries, who, isOne } = named(content.split('\n').filter((line) => line.trim() !== ''));
    return {
      code: 'settings-unreadable',
      message: `${entries} of the address book${who} could not be read and ${isOne ? 'was' : 'were'} kept in ${basename(name)}; all others are as they were.`,
      advice: `Repair the lines and put them back into ${this.#book} while the outpost is stopped, take the machine from a copy in ${this.#backups}, or make it anew; then remove the file.`,
    };
  }
}

/** Lines in a sentence: how many, and the names that can be made out in them. */
function named(lines: readonly string[]): { entries: string; who: string; isOne: boolean } {
  const names = lines.map(nameInDamaged).filter((name): name is string => name !== null);
  const isOne = lines.length === 1;
  return {
    entries: isOne ? 'An entry' : `${lines.length === 0 ? 'Many' : lines.length} entries`,
    who: names.length === 0 ? '' : ` (${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''})`,
    isOne,
  };
}
