import { type Failure, SallyportError } from '../errors.ts';
import { KEY_BYTES } from './vault-key.ts';

/** Where whoever starts the outpost hands the key in. */
export const KEY_VARIABLE = 'SALLYPORT_KEY';

/**
 * The key that secrets are encrypted with, where it is kept by whoever started this process (the desktop app
 * wraps it with the system's keychain or a passphrase) and not in a file. It can be changed while the process runs.
 */
export class HandedInKey {
  /** Why what was handed in is no key; null where it is one, or none was. */
  readonly problem: Failure | null;
  #key: Buffer | null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(key: Buffer | null = null, problem: Failure | null = null) {
    this.#key = key;
    this.problem = problem;
  }

  /** Null where none was handed in: then a key file holds it. */
  get current(): Buffer | null {
    return this.#key;
  }

  use(key: Buffer | null): void {
    this.#key = key;
  }

  /** One change of what is encrypted after the other: a token set during a change of the key would be lost. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(change);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Takes it out of the environment, so that no child and no dump of it can have it. Never throws. */
  static take(environment: NodeJS.ProcessEnv): HandedInKey {
    const text = environment[KEY_VARIABLE];
    delete environment[KEY_VARIABLE];
    if (text === undefined || text === '') return new HandedInKey();
    try {
      return new HandedInKey(decodeHandedInKey(text, KEY_VARIABLE));
    } catch (error) {
      return new HandedInKey(null, SallyportError.from(error).toFailure());
    }
  }
}

/** 32 bytes out of base64. Throws `settings-invalid`; the sentence never shows what was given. */
export function decodeHandedInKey(text: string, name: string): Buffer {
  const key = /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : null;
  if (key?.length === KEY_BYTES) return key;
  throw new SallyportError('settings-invalid', `${name} is no key.`, {
    advice: `Give ${KEY_BYTES} random bytes as base64.`,
  });
}
