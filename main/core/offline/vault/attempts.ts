import { join } from 'node:path';
import * as v from 'valibot';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { SallyportError } from '../../errors.ts';

const FIRST_MS = 1_000;
const MOST_MS = 300_000;
const MAX_BYTES = 1024;

const schema = v.object({
  failed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  at: v.number(),
});

/**
 * Slows guesses down: after each wrong one the next has to wait, 1 s, 2 s, 4 s … up to five minutes. It is kept in a
 * file, so that a restart gives no new guesses to those who may ask the outpost but not read its files. (Who has the
 * file can guess without asking; against that stands scrypt alone.)
 */
class Attempts {
  readonly #path: string;
  readonly #now: () => number;
  #failed = 0;
  #at = 0;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  async load(): Promise<void> {
    try {
      const text = await readBoundedFile(this.#path, MAX_BYTES);
      const decoded = v.safeParse(schema, JSON.parse(text.toString('utf8')));
      if (!decoded.success) return;
      this.#failed = decoded.output.failed;
      this.#at = decoded.output.at;
    } catch {
      // There is none, or it cannot be read: it slows down those who guess, and must not lock out those who know.
    }
  }

  /** Throws `vault-refused` while the next try has to wait. */
  check(): void {
    const left = this.#waitMs();
    if (left <= 0) return;
    throw new SallyportError(
      'vault-refused',
      `The passphrase was wrong ${this.#failed} ${this.#failed === 1 ? 'time' : 'times'}; the next try has to wait for ${Math.ceil(left / 1000)} s.`,
      { advice: 'Wait, then try again.' },
    );
  }

  async wrong(): Promise<void> {
    this.#failed += 1;
    this.#at = this.#now();
    await this.#keep();
  }

  async right(): Promise<void> {
    if (this.#failed === 0) return;
    this.#failed = 0;
    await this.#keep();
  }

  #waitMs(): number {
    if (this.#failed === 0) return 0;
    const wait = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(this.#failed - 1, 20));
    // A clock that was set back must not make the wait longer than it is.
    const passed = Math.max(0, this.#now() - this.#at);
    if (this.#now() < this.#at) this.#at = this.#now();
    return wait - passed;
  }

  async #keep(): Promise<void> {
    // Where the disk is full it still counts as long as this process lives.
    await writeFileAtomic(this.#path, JSON.stringify({ failed: this.#failed, at: this.#at })).catch(() => {});
  }
}

/**
 * Wrong guesses, counted apart for each who asks: a member by their number among the system's users, of whom there are
 * no more than it has, and null for who has the outpost's own door.
 */
export class AttemptsOfEach {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #known = new Map<number | null, Attempts>();

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  async of(member: number | null): Promise<Attempts> {
    const known = this.#known.get(member);
    if (known) return known;
    const name = member === null ? 'attempts.json' : `attempts-${member}.json`;
    const made = new Attempts(join(this.#folder, name), this.#now);
    await made.load();
    this.#known.set(member, made);
    return made;
  }
}
