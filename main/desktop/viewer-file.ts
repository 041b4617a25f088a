import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MAX_PORT_BYTES, type SaveOutcome, WINDOW_BYTES } from '../../preload/contract/viewer.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { MainPort } from './viewer-port.ts';

/**
 * Writes what a window says on a port into a file beside `path`, which becomes `path` when all of it is on the disk.
 * Until then nothing is there under that name, and whatever goes wrong leaves nothing behind.
 */
export class FileFromPort {
  readonly #path: string;
  readonly #temporary: string;
  readonly #port: MainPort;
  readonly #onEnd: () => void;
  readonly #file: Promise<FileHandle>;
  /** What is done with the file, one after the other. */
  #turn: Promise<void>;
  #queued = 0;
  #over = false;

  /** `onEnd` is called once, when the file is there or nothing of it is. */
  constructor(path: string, port: MainPort, onEnd: () => void) {
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
    this.#port = port;
    this.#onEnd = onEnd;
    this.#file = open(this.#temporary, 'wx', 0o600);
    this.#turn = this.#file.then(() => {});
    this.#turn.catch((error: unknown) => this.#abandon(unwritable(error, path)));
    port.on('message', ({ data }) => this.#take(data));
    // The window is gone in the middle of it.
    port.on('close', () => this.#abandon(null));
    port.start();
    port.postMessage(WINDOW_BYTES);
  }

  #take(data: unknown): void {
    if (this.#over) return;
    if (data instanceof Uint8Array && data.length <= MAX_PORT_BYTES) this.#write(data);
    else if (isWord(data, 'finish')) this.#finish();
    else if (isWord(data, 'abort')) this.#abandon(null);
    else this.#abandon(UNREADABLE);
  }

  #write(bytes: Uint8Array): void {
    this.#queued += bytes.length;
    if (this.#queued > 2 * WINDOW_BYTES) return this.#abandon(UNREADABLE);
    this.#next(async (file) => {
      // `write` may take only a part of it.
      await file.writeFile(bytes);
      this.#queued -= bytes.length;
      if (!this.#over) this.#port.postMessage(bytes.length);
    });
  }

  #finish(): void {
    this.#next(async (file) => {
      await file.sync();
      await file.close();
      if (this.#over) return;
      await rename(this.#temporary, this.#path);
      this.#end({ saved: basename(this.#path) });
    });
  }

  #next(step: (file: FileHandle) => Promise<void>): void {
    this.#turn = this.#turn.then(async () => {
      if (!this.#over) await step(await this.#file);
    });
    this.#turn.catch((error: unknown) => this.#abandon(unwritable(error, this.#path)));
  }

  #abandon(failure: Failure | null): void {
    if (this.#over) return;
    this.#over = true;
    void this.#turn
      .catch(() => {})
      .then(() => this.#file)
      .then((file) => file.close())
      .catch(() => {})
      .then(() => unlink(this.#temporary))
      .catch(() => {})
      .then(() => {
        if (failure !== null) this.#port.postMessage({ failure } satisfies SaveOutcome);
        this.#port.close();
        this.#onEnd();
      });
  }

  #end(outcome: SaveOutcome): void {
    this.#over = true;
    this.#port.postMessage(outcome);
    this.#port.close();
    this.#onEnd();
  }
}

function isWord(data: unknown, word: 'finish' | 'abort'): boolean {
  return typeof data === 'object' && data !== null && Reflect.get(data, word) === true;
}

function unwritable(error: unknown, path: string): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new SallyportError('disk-full', `There is no room for “${basename(path)}”.`, {
      advice: 'Free some space or choose another folder, and save it again.',
    }).toFailure();
  return new SallyportError('file-unwritable', `“${basename(path)}” could not be written there.`, {
    advice: 'Choose a folder that you may write to, and save it again.',
  }).toFailure();
}

const UNREADABLE = new SallyportError(
  'control-protocol',
  'The window sent something that does not belong into a file.',
).toFailure();
