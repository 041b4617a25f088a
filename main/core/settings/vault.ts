import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { readBoundedFile } from '../base/bounded-file.ts';
import { isMissing } from '../base/missing.ts';
import type { Secret } from '../base/secret.ts';
import { type Failure, SallyportError } from '../errors.ts';
import { notesHandedIn, type Opened, seal, unseal } from './envelope.ts';
import { HandedInKey } from './handed-in-key.ts';
import { isOpenToOthers } from './private-directory.ts';
import { readKey, readOrMakeKey } from './vault-key.ts';

export interface TokenStoreOptions {
  /** A key file that was handed in and is never made here; null makes and uses `key` beside the token. */
  readonly keyFile?: string | null;
  /** Stands in place of any key file while it holds a key; default none. */
  readonly handedIn?: HandedInKey;
}

const MAX_ENVELOPE_BYTES = 64 * 1024;
const PURPOSE = 'token';
const SET_ANEW = 'Keep the token anew with `sallyport token set`.';

/** The token, encrypted in `token.enc` with mode 0600. */
export class TokenStore {
  /** The encrypted token. */
  readonly path: string;
  readonly keyPath: string;
  readonly #keyIsOurs: boolean;
  readonly #handedIn: HandedInKey;

  /** `directory` is the state directory; it exists and is private. */
  constructor(directory: string, { keyFile = null, handedIn = new HandedInKey() }: TokenStoreOptions = {}) {
    this.path = join(directory, 'token.enc');
    this.keyPath = keyFile ?? join(directory, 'key');
    this.#keyIsOurs = keyFile === null;
    this.#handedIn = handedIn;
  }

  /**
   * The token, or null where none is kept. Rejects with `token-unreadable` for a key that is missing or wrong
   * and for a file that was damaged or tampered with; nothing is changed then.
   */
  async read(): Promise<Secret | null> {
    const text = await this.#readEnvelope();
    if (text === null) return null;
    const opened = await this.#open(text);
    switch (opened.kind) {
      case 'secret':
        return opened.secret;
      case 'newer':
        throw unreadable(`${this.path} was written by a newer Sallyport.`, `Update Sallyport. ${SET_ANEW}`);
      case 'damaged':
        throw unreadable(`${this.path} is damaged.`, SET_ANEW);
      case 'locked':
        throw this.#locked();
    }
  }

  /**
   * Keeps a token in place of the old one. Rejects with `token-unreadable` for a key that cannot be used, with
   * `disk-full` or `file-unwritable`; the old token is kept then.
   */
  write(token: Secret): Promise<void> {
    return this.#handedIn.inTurn(async () => {
      const { current } = this.#handedIn;
      await this.#seal(token, current ?? (await this.#fileKey()), current !== null);
    });
  }

  /** Forgets the token; the key stays. Rejects with `file-unwritable`. */
  remove(): Promise<void> {
    return this.#handedIn.inTurn(() => removeFile(this.path));
  }

  /**
   * Encrypts the token with another key: a handed-in one, or for null that of a key file. The new envelope lies
   * whole beside the old one before it takes its place, and the old key goes last: a crash at any moment leaves a
   * token that the old or the new key opens. Rejects as `read` and `write` do; then the old key holds.
   */
  rekey(next: Buffer | null): Promise<void> {
    return this.#handedIn.inTurn(async () => {
      const token = await this.read();
      const key = next ?? (await this.#fileKey());
      if (token !== null) await this.#seal(token, key, next !== null);
      this.#handedIn.use(next);
      if (next !== null) await this.#forgetKeyFile();
    });
  }

  /**
   * Brings a change of the key to its end that a crash cut short: what only the key file opens is encrypted with
   * the handed-in key, and a key file that nothing needs any more goes. Never rejects: `read` says what is wrong.
   */
  settle(): Promise<void> {
    return this.#handedIn.inTurn(async () => {
      const { current } = this.#handedIn;
      if (current === null) return;
      try {
        const text = await this.#readEnvelope();
        if (text === null) return;
        if (unseal(text, current, PURPOSE).kind !== 'secret') {
          const token = await this.read();
          if (token !== null) await this.#seal(token, current, true);
        }
        await this.#forgetKeyFile();
      } catch {
        // Left as it was, and readable as before.
      }
    });
  }

  /** What an admin should know: files that others than their owner may read. */
  async warnings(): Promise<readonly Failure[]> {
    const warnings: Failure[] = [];
    for (const path of [this.keyPath, this.path])
      if (await isOpenToOthers(path))
        warnings.push({
          code: 'settings-invalid',
          message: `${path} can be accessed by other users of this host.`,
          advice: `Run \`chmod 600 ${path}\`, and replace the token if others may have seen it.`,
        });
    return warnings;
  }

  /** With the handed-in key; else, for a switch to it that was cut short, with the key file's. */
  async #open(text: string): Promise<Opened> {
    const { current } = this.#handedIn;
    if (current !== null) {
      const opened = unseal(text, current, PURPOSE);
      if (opened.kind !== 'locked') return opened;
    }
    const key = await readKey(this.keyPath);
    if (key !== null) return unseal(text, key, PURPOSE);
    if (current !== null) return { kind: 'locked' };
    throw notesHandedIn(text) ? elsewhere(this.path) : this.#keyMissing();
  }

  async #seal(token: Secret, key: Buffer, handedIn: boolean): Promise<void> {
    await writeFileAtomic(this.path, seal(token, key, PURPOSE, handedIn));
  }

  async #fileKey(): Promise<Buffer> {
    const key = this.#keyIsOurs ? await readOrMakeKey(this.keyPath) : await readKey(this.keyPath);
    if (key === null) throw this.#keyMissing();
    return key;
  }

  async #forgetKeyFile(): Promise<void> {
    if (this.#keyIsOurs) await removeFile(this.keyPath).catch(() => {});
  }

  async #readEnvelope(): Promise<string | null> {
    try {
      return (await readBoundedFile(this.path, MAX_ENVELOPE_BYTES)).toString('utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      const { message, advice } = SallyportError.from(error, this.path);
      throw new SallyportError('token-unreadable', message, { advice, cause: error });
    }
  }

  #locked(): SallyportError {
    if (this.#handedIn.current !== null)
      return unreadable(
        `${this.path} cannot be decrypted with the key that was handed in: one of them was replaced or changed.`,
        SET_ANEW,
      );
    return unreadable(
      `${this.path} cannot be decrypted with the key in ${this.keyPath}: one of them was replaced or changed.`,
      `Bring the file back that belongs to it. ${SET_ANEW}`,
    );
  }

  #keyMissing(): SallyportError {
    return unreadable(
      `The key file ${this.keyPath} is missing.`,
      this.#keyIsOurs ? `Bring it back, or: ${SET_ANEW}` : 'Is SALLYPORT_KEY_FILE right?',
    );
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw SallyportError.from(error, path, 'file-unwritable');
  }
}

function elsewhere(path: string): SallyportError {
  return unreadable(
    `${path} is encrypted with a key that the desktop app keeps and hands in.`,
    `Start the outpost from the app. Or: ${SET_ANEW}`,
  );
}

function unreadable(message: string, advice: string): SallyportError {
  return new SallyportError('token-unreadable', message, { advice });
}
