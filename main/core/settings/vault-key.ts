import { randomBytes } from 'node:crypto';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { readBoundedFile } from '../base/bounded-file.ts';
import { isMissing } from '../base/missing.ts';
import { SallyportError } from '../errors.ts';

/** Bytes of the key: AES-256. */
export const KEY_BYTES = 32;
const MAX_FILE_BYTES = 1024;

/**
 * The key in a file: 32 bytes as they are, or as text in hex or base64. Null where there is no such file.
 * Rejects with `token-unreadable` for one that cannot be read or holds no key.
 */
export async function readKey(path: string): Promise<Buffer | null> {
  let content: Buffer;
  try {
    content = await readBoundedFile(path, MAX_FILE_BYTES, `The key file ${path}`);
  } catch (error) {
    if (isMissing(error)) return null;
    const { message, advice } = SallyportError.from(error, `The key file ${path}`);
    throw new SallyportError('token-unreadable', message, { advice, cause: error });
  }
  const key = decodeKey(content);
  if (key !== null) return key;
  throw new SallyportError('token-unreadable', `The key file ${path} does not hold a key of 32 bytes.`, {
    advice:
      'Bring the right file back; if it is lost, remove it and keep the token anew with `sallyport token set`.',
  });
}

/** The key in a file that is made, mode 0600, where it is missing. Two that make it at once get the same key. */
export async function readOrMakeKey(path: string): Promise<Buffer> {
  const there = await readKey(path);
  if (there !== null) return there;
  const made = randomBytes(KEY_BYTES);
  if (await writeFileAtomic(path, made, { onlyNew: true })) return made;
  const others = await readKey(path);
  if (others !== null) return others;
  throw new SallyportError('token-unreadable', `The key file ${path} went away while it was read.`);
}

function decodeKey(content: Buffer): Buffer | null {
  if (content.length === KEY_BYTES) return content;
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return null;
}
