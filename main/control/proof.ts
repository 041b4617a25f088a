import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { SallyportError } from '../core/errors.ts';

/*
 * How a member shows who they are: by a file that only they can have made. The outpost says a word that nobody else
 * hears; who connects makes a file of that content in the outpost's folder; the kernel has written its owner down.
 */

/** Beside the socket of the members' door. */
export const PROOF_FOLDER = 'who';

/**
 * Read-only for everybody, also for its owner: what somebody else could have written to is no proof of its owner. And
 * the outpost, which need not be root, can read it.
 */
export const PROOF_MODE = 0o444;

const NONCE = /^[0-9a-f]{64}$/;

export function isNonce(text: string): boolean {
  return NONCE.test(text);
}

/** What the file for this word is called; the name does not give the word away. */
export function proofName(nonce: string): string {
  return createHash('sha256').update(nonce).digest('hex');
}

/**
 * Makes the file for `nonce` in `folder`; resolves with what removes it again. Rejects with `control-refused` where
 * it cannot be made; nothing is left then.
 */
export async function leaveProof(folder: string, nonce: string): Promise<() => Promise<void>> {
  const path = `${folder}/${proofName(nonce)}`;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  // The outpost removes it as well, and may have been faster.
  const remove = () => unlink(path).catch(() => {});
  try {
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PROOF_MODE);
    try {
      await file.writeFile(nonce);
      // Whatever the umask of whoever asks.
      await file.chmod(PROOF_MODE);
    } catch (error) {
      await remove();
      throw error;
    } finally {
      await file.close();
    }
    return remove;
  } catch (error) {
    const { message } = SallyportError.from(error, path, 'file-unwritable');
    throw new SallyportError(
      'control-refused',
      `The outpost asks who you are, and this could not be shown: ${message}`,
      { advice: `Ask the admin of this host to look at ${folder}.`, cause: error },
    );
  }
}
