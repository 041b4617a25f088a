const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;
const encoder = new TextEncoder();

/** The number of code points in `text`, which is what Guacamole's lengths count. */
export function codePoints(text: string): number {
  return text.length - (text.match(PAIRS)?.length ?? 0);
}

/** An instruction as bytes. A lone surrogate becomes U+FFFD, as it does in UTF-8. */
export function encodeInstruction(elements: readonly unknown[]): Uint8Array {
  const texts = elements.map((element) => {
    const text = String(element);
    return `${codePoints(text)}.${text}`;
  });
  return encoder.encode(`${texts.join(',')};`);
}
