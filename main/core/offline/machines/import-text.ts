/**
 * The text of a file: UTF-8 or UTF-16, with a byte order mark or recognisably without. What is neither is read as
 * Latin-1, which gives something for any bytes. Line ends are `\n` after this.
 */
export function textOf(bytes: Uint8Array): string {
  return decoded(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).replace(/\r\n?/g, '\n');
}

function decoded(bytes: Buffer): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le', 2);
  if (first === 0xfe && second === 0xff) return bigEndian(bytes.subarray(2));
  if (first === 0xef && second === 0xbb && third === 0xbf) return bytes.toString('utf8', 3);
  const guess = zeroBytes(bytes);
  if (guess === 'odd') return bytes.toString('utf16le');
  if (guess === 'even') return bigEndian(bytes);
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') && !bytes.includes(REPLACEMENT) ? bytes.toString('latin1') : text;
}

const REPLACEMENT = Buffer.from('\uFFFD');

/** Where the zero bytes are: text of western languages in UTF-16 has one in nearly every pair. */
function zeroBytes(bytes: Buffer): 'odd' | 'even' | null {
  const looked = Math.min(bytes.length, 512);
  let odd = 0;
  let even = 0;
  for (let at = 0; at < looked; at += 1) {
    if (bytes[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if (odd * 4 > looked && even * 8 < odd) return 'odd';
  if (even * 4 > looked && odd * 8 < even) return 'even';
  return null;
}

function bigEndian(bytes: Buffer): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le');
}

/** Its lines, from 1, one at a time: all of them together take many times the memory of the text. */
export function* linesOf(text: string): Generator<{ readonly line: number; readonly content: string }> {
  let at = 0;
  for (let line = 1; at <= text.length; line += 1) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    yield { line, content: text.slice(at, end).trim() };
    at = end + 1;
  }
}
