import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, opendir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../core/errors.ts';
import { PROOF_MODE, proofName } from './proof.ts';

const NONCE_BYTES = 32;
/**
 * The group may make files and find those whose names it knows; it cannot list them, and nobody can remove, rename or
 * replace another's. Others, who could fill the disk, have no business there.
 */
const FOLDER_MODE = 0o1730;
/** Of what somebody has left there, looked at in one go. */
const SWEPT = 10_000;

/** The outpost's folder in which members show who they are, by files that only they can have made. */
export class Proofs {
  readonly #folder: string;
  /** Names of files that are waited for. */
  readonly #awaited = new Set<string>();
  readonly #ready: Promise<void>;
  #begun: () => void = () => {};
  #sweeping: Promise<void> | null = null;
  /** Something may have been left since the sweep that is under way began. */
  #isDirty = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#ready = new Promise((resolve) => {
      this.#begun = resolve;
    });
  }

  /**
   * Makes the folder, for the group, and empties it. Who connects before waits. Rejects where it cannot be made, or where
   * there is something of somebody else's in its place.
   */
  async begin(groupId: number): Promise<void> {
    await mkdir(this.#folder, { mode: 0o700 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    const found = await lstat(this.#folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.())
      throw new SallyportError('listen-failed', `${this.#folder} is in the way, and not this outpost’s.`, {
        advice: 'Remove it.',
      });
    // In this order: no other group has it for a moment.
    await chown(this.#folder, -1, groupId);
    await chmod(this.#folder, FOLDER_MODE);
    await this.#sweepAll();
    this.#begun();
  }

  /**
   * The user of this system at the other end. `ask` tells them the word and resolves when they say that the file is
   * there; as it rejects, so does this. Rejects with `control-refused` where there is no such file.
   */
  async uidOf(ask: (nonce: string) => Promise<void>): Promise<number> {
    await this.#ready;
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const name = proofName(nonce);
    this.#awaited.add(name);
    try {
      await ask(nonce);
      return await ownerOf(join(this.#folder, name), nonce);
    } finally {
      this.#awaited.delete(name);
      this.#sweep();
    }
  }

  /** Resolves when no sweep is under way. */
  async end(): Promise<void> {
    while (this.#sweeping !== null) await this.#sweeping;
  }

  /** One sweep at a time, and nobody who comes in waits for what others have left. */
  #sweep(): void {
    this.#isDirty = true;
    this.#sweeping ??= (async () => {
      while (this.#isDirty) {
        this.#isDirty = false;
        await this.#sweepAll();
      }
      this.#sweeping = null;
    })();
  }

  /** Removes what nobody waits for, as far as it can be removed: of a folder's content only its maker can. */
  async #sweepAll(): Promise<void> {
    try {
      let looked = 0;
      for await (const entry of await opendir(this.#folder)) {
        if (this.#awaited.has(entry.name)) continue;
        const path = join(this.#folder, entry.name);
        await (entry.isDirectory() ? rmdir(path) : unlink(path)).catch(() => {});
        looked += 1;
        if (looked >= SWEPT) return;
      }
    } catch {
      // It has been removed with the whole folder, as systemd does at the end of a service.
    }
  }
}

/**
 * Whose file it is, if it is a proof. One that was moved or linked here is another's and was there before the word was
 * said; it holds something else, and what anybody but its owner might have written to does not count.
 */
async function ownerOf(path: string, nonce: string): Promise<number> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // A pipe or a lease must not make anybody wait.
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw notProven(error);
  }
  try {
    const { uid, mode, nlink, size } = await file.stat();
    // The file's type is in the mode as well.
    if (mode !== (constants.S_IFREG | PROOF_MODE) || nlink !== 1 || size !== nonce.length) throw notProven();
    const content = Buffer.alloc(size);
    const { bytesRead } = await file.read(content, 0, size, 0);
    if (bytesRead !== size || content.toString('latin1') !== nonce) throw notProven();
    return uid;
  } finally {
    await file.close();
  }
}

function notProven(cause?: unknown): SallyportError {
  return new SallyportError('control-refused', 'You have not shown this outpost who you are.', {
    advice: 'Use the `sallyport` command or the app of the same version as the outpost.',
    cause,
  });
}
