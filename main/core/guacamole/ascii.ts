import * as buffer from 'node:buffer';

/**
 * Whether all bytes are below 0x80. `buffer.isAscii` does it at memory speed, but only from Node 18.15 on; the
 * oldest Electron has Node 16.
 */
export const isAscii: (bytes: Buffer) => boolean =
  typeof buffer.isAscii === 'function' ? buffer.isAscii : isAsciiByLoop;

/** The same without native help: eight bytes are folded into one test, which costs a third of testing each. */
export function isAsciiByLoop(bytes: Buffer): boolean {
  const whole = bytes.length - (bytes.length % 8);
  let index = 0;
  for (; index < whole; index += 8) {
    const folded =
      at(bytes, index) |
      at(bytes, index + 1) |
      at(bytes, index + 2) |
      at(bytes, index + 3) |
      at(bytes, index + 4) |
      at(bytes, index + 5) |
      at(bytes, index + 6) |
      at(bytes, index + 7);
    if (folded > 0x7f) return false;
  }
  for (; index < bytes.length; index += 1) {
    if (at(bytes, index) > 0x7f) return false;
  }
  return true;
}

/** A byte inside the buffer's bounds; the cast costs nothing where `?? 0` would cost a branch a byte. */
function at(bytes: Buffer, index: number): number {
  return bytes[index] as number;
}
