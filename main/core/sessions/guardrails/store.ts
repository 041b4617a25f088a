import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { isMissing } from '../../base/missing.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import {
  type Guardrails,
  MAX_GUARDRAILS_BYTES,
  NO_GUARDRAILS,
  type ReadGuardrails,
  readGuardrails,
} from './rule.ts';

/** What an admin finds who has written none yet. */
const EMPTY_TEXT = `${JSON.stringify({ version: 1, otherwise: 'allow', most: {}, rules: [] }, null, 2)}\n`;

/** The guardrails' file in the state directory. */
export function guardrailsPath(directory: string): string {
  return join(directory, 'guardrails.json');
}

/** The guardrails in the state directory, as an admin writes them: a file that may also be edited by hand. */
export class GuardrailsStore {
  readonly path: string;
  /** What the file was when it was last read. */
  #mark: string | undefined;
  #current: Guardrails | Failure = NO_GUARDRAILS;
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** `directory` is the state directory. */
  constructor(directory: string) {
    this.path = guardrailsPath(directory);
  }

  /** Why nobody is let in, as far as it was last looked at; for the status. */
  get problem(): Failure | null {
    return 'code' in this.#current ? this.#current : null;
  }

  /**
   * What holds now: a change of the file counts from the next session on. A failure where it cannot be read; whoever
   * lets sessions in must let in none then. Never rejects.
   */
  async current(): Promise<Guardrails | Failure> {
    try {
      const { mtimeMs, ctimeMs, size, ino } = await stat(this.path);
      const mark = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (mark === this.#mark) return this.#current;
      const read = readGuardrails(await this.#read());
      this.#current = read.kind === 'guardrails' ? read.guardrails : this.#damaged(read);
      this.#mark = mark;
    } catch (error) {
      this.#mark = undefined;
      this.#current = isMissing(error) ? NO_GUARDRAILS : SallyportError.from(error, this.path).toFailure();
    }
    return this.#current;
  }

  /** The file's text, damaged or not; an empty set of rules where there is none. Rejects with `file-unreadable`. */
  async text(): Promise<string> {
    try {
      return await this.#read();
    } catch (error) {
      if (isMissing(error)) return EMPTY_TEXT;
      throw error;
    }
  }

  /**
   * Replaces the file. Rejects with `settings-invalid` for a text that cannot be used, `disk-full` or
   * `file-unwritable`; then the old one holds.
   */
  write(text: string): Promise<void> {
    const writing = this.#lastWrite.then(async () => {
      const read = readGuardrails(text);
      if (read.kind === 'damaged') throw unusable(read);
      await writeFileAtomic(this.path, text.endsWith('\n') ? text : `${text}\n`);
    });
    this.#lastWrite = writing.catch(() => {});
    return writing;
  }

  async #read(): Promise<string> {
    return (await readBoundedFile(this.path, MAX_GUARDRAILS_BYTES)).toString('utf8');
  }

  #damaged({ reason }: Extract<ReadGuardrails, { kind: 'damaged' }>): Failure {
    return {
      code: 'settings-unreadable',
      message: `The guardrails in ${this.path} ${reason}.`,
      advice:
        'No session is let in until they are mended: see Guardrails in the console, or `sallyport guardrails check`.',
    };
  }
}

/** What is said of a text that cannot replace the file. */
export function unusable({ reason }: Extract<ReadGuardrails, { kind: 'damaged' }>): SallyportError {
  return new SallyportError('settings-invalid', `The guardrails ${reason}.`, {
    advice: 'Nothing was changed.',
  });
}
