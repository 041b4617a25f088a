import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { blowfishTables } from './blowfish-tables.ts';

/*
 * How OpenSSH makes a key out of a passphrase. Node has no bcrypt, and without it nobody could say that a
 * passphrase is wrong before a session fails. Source: OpenBSD's bcrypt_pbkdf(3), and PROTOCOL.key of OpenSSH.
 */

const HASH_BYTES = 32;
const MAGIC = Buffer.from('OxychromaticBlowfishSwatDynamite');
const yieldToLoop = promisify(setImmediate);

/** `bytes` of key. Each of the rounds takes some milliseconds, and others have their turn between them. */
export async function bcryptPbkdf(
  passphrase: Buffer,
  salt: Buffer,
  rounds: number,
  bytes: number,
): Promise<Buffer> {
  const key = Buffer.alloc(bytes);
  const stride = Math.ceil(bytes / HASH_BYTES);
  const perBlock = Math.ceil(bytes / stride);
  const secret = sha512(passphrase);
  for (let block = 0; block < stride; block += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(block + 1);
    let last = bcryptHash(secret, sha512(Buffer.concat([salt, count])));
    const sum = Buffer.from(last);
    for (let round = 1; round < rounds; round += 1) {
      await yieldToLoop();
      last = bcryptHash(secret, sha512(last));
      for (let at = 0; at < HASH_BYTES; at += 1) sum[at] = (sum[at] ?? 0) ^ (last[at] ?? 0);
    }
    // The blocks' bytes are dealt out in turn.
    for (let at = 0; at < perBlock && at * stride + block < bytes; at += 1)
      key[at * stride + block] = sum[at] ?? 0;
  }
  return key;
}

function bcryptHash(secret: Buffer, salt: Buffer): Buffer {
  const cipher = new Blowfish();
  const [secretWords, saltWords] = [wordsOf(secret), wordsOf(salt)];
  cipher.expand(secretWords, saltWords);
  for (let at = 0; at < 64; at += 1) {
    cipher.expand(saltWords, null);
    cipher.expand(secretWords, null);
  }
  const text = wordsOf(MAGIC);
  for (let pair = 0; pair < text.length; pair += 2)
    for (let at = 0; at < 64; at += 1) cipher.encrypt(text, pair);
  const hash = Buffer.alloc(HASH_BYTES);
  for (const [at, word] of text.entries()) hash.writeUInt32LE(word, at * 4);
  return hash;
}

class Blowfish {
  readonly #subkeys: Uint32Array;
  readonly #boxes: Uint32Array;
  readonly #pair = new Uint32Array(2);

  constructor() {
    const { subkeys, boxes } = blowfishTables();
    this.#subkeys = Uint32Array.from(subkeys);
    this.#boxes = Uint32Array.from(boxes);
  }

  /** Mixes key and salt into the state; null is a salt of zeros. */
  expand(key: Uint32Array, salt: Uint32Array | null): void {
    const subkeys = this.#subkeys;
    for (let at = 0; at < subkeys.length; at += 1)
      subkeys[at] = (subkeys[at] as number) ^ (key[at % key.length] as number);
    this.#pair.fill(0);
    const next = this.#refill(subkeys, salt, 0);
    this.#refill(this.#boxes, salt, next);
  }

  #refill(state: Uint32Array, salt: Uint32Array | null, from: number): number {
    const pair = this.#pair;
    let place = from;
    for (let at = 0; at < state.length; at += 2) {
      if (salt !== null) {
        pair[0] = (pair[0] as number) ^ (salt[place % salt.length] as number);
        pair[1] = (pair[1] as number) ^ (salt[(place + 1) % salt.length] as number);
        place += 2;
      }
      this.encrypt(pair, 0);
      state[at] = pair[0] as number;
      state[at + 1] = pair[1] as number;
    }
    return place;
  }

  /** Two words in place. The arrays are long enough by construction; a check for each word would cost half the time. */
  encrypt(words: Uint32Array, at: number): void {
    const subkeys = this.#subkeys;
    const boxes = this.#boxes;
    let left = (words[at] as number) ^ (subkeys[0] as number);
    let right = words[at + 1] as number;
    for (let round = 1; round <= 16; round += 2) {
      right ^= mix(boxes, left) ^ (subkeys[round] as number);
      left ^= mix(boxes, right) ^ (subkeys[round + 1] as number);
    }
    words[at] = right ^ (subkeys[17] as number);
    words[at + 1] = left;
  }
}

function mix(boxes: Uint32Array, word: number): number {
  const [a, b] = [boxes[word >>> 24] as number, boxes[256 + ((word >>> 16) & 0xff)] as number];
  const [c, d] = [boxes[512 + ((word >>> 8) & 0xff)] as number, boxes[768 + (word & 0xff)] as number];
  return (((a + b) ^ c) + d) | 0;
}

function wordsOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32BE(at * 4));
}

function sha512(bytes: Buffer): Buffer {
  return createHash('sha512').update(bytes).digest();
}
