import { basename, join } from 'node:path';
import * as v from 'valibot';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { readBoundedFile } from '../base/bounded-file.ts';
import { isMissing } from '../base/missing.ts';
import { type Failure, SallyportError } from '../errors.ts';
import { keepAside } from './keep-aside.ts';

/** What the admin last asked for. */
export type Wish = 'run' | 'stop';

const MAX_BYTES = 4096;
const wishSchema = v.object({ version: v.literal(1), wish: v.picklist(['run', 'stop']) });

/** Remembers over restarts whether the outpost should run. */
export class WishStore {
  readonly path: string;
  readonly #warnings: Failure[] = [];
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** `directory` is the state directory. */
  constructor(directory: string) {
    this.path = join(directory, 'wish.json');
  }

  /** What an admin should know: a file that could not be read. */
  get warnings(): readonly Failure[] {
    return this.#warnings;
  }

  /** The wish; `run` where none was ever made or it cannot be read. Never rejects: an outpost runs when in doubt. */
  async read(): Promise<Wish> {
    try {
      const text = (await readBoundedFile(this.path, MAX_BYTES)).toString('utf8');
      const wish = decodeWish(text);
      if (wish !== null) return wish;
      const aside = await keepAside(this.path, new Date());
      if (aside !== null) this.#warnings.push(damaged(this.path, aside));
    } catch (error) {
      if (!isMissing(error)) this.#warnings.push(SallyportError.from(error, this.path).toFailure());
    }
    return 'run';
  }

  /** Rejects with `disk-full` or `file-unwritable`; then the old wish is kept. */
  write(wish: Wish): Promise<void> {
    const writing = this.#lastWrite.then(async () => {
      await writeFileAtomic(this.path, `${JSON.stringify({ version: 1, wish })}\n`);
    });
    this.#lastWrite = writing.catch(() => {});
    return writing;
  }
}

function decodeWish(text: string): Wish | null {
  try {
    const decoded = v.safeParse(wishSchema, JSON.parse(text));
    return decoded.success ? decoded.output.wish : null;
  } catch {
    return null;
  }
}

function damaged(path: string, aside: string): Failure {
  return {
    code: 'settings-unreadable',
    message: `${path} is damaged; it was kept as ${basename(aside)}, and the outpost runs.`,
    advice: 'Stop it with `sallyport stop` if it should not.',
  };
}
