const HIGH_BITS = 0x80808080;

/** Whether all bytes are below 0x80; four at a time, for browsers have no word of their own for it. */
export function isAscii(bytes: Uint8Array): boolean {
  const { length } = bytes;
  let index = 0;
  for (; index < length && (bytes.byteOffset + index) % 4 !== 0; index += 1) {
    if ((bytes[index] as number) > 0x7f) return false;
  }
  if (index === length) return true;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + index, (length - index) >> 2);
  for (let at = 0; at < words.length; at += 1) {
    if (((words[at] as number) & HIGH_BITS) !== 0) return false;
  }
  for (index += words.length * 4; index < length; index += 1) {
    if ((bytes[index] as number) > 0x7f) return false;
  }
  return true;
}
