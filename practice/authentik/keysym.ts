/** The X11 keysym of the key that types `character`, in decimal as Guacamole wants it. */
export function keysymOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  switch (character) {
    case '\n':
    case '\r':
      return String(0xff0d);
    case '\t':
      return String(0xff09);
    case '\b':
      return String(0xff08);
    case '\u001b':
      return String(0xff1b);
    default:
      // Latin 1 has its own keysyms; everything else is its code point in a range of its own.
      return String(point <= 0xff ? point : 0x01000000 | point);
  }
}
