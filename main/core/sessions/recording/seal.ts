import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals the blocks of one recording with a key of its own; `place` is bound in, so that none can be moved or renamed. */
export class BlockSeal {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  static newKey(): Buffer {
    return randomBytes(32);
  }

  seal(payload: Buffer, place: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    cipher.setAAD(place);
    return Buffer.concat([nonce, cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws for what was sealed with another key, or changed, or moved. */
  open(sealed: Buffer, place: Buffer): Buffer {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('The block is too short.');
    const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(place);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const data = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  }
}
