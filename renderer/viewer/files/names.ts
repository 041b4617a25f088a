/** Characters of a name that are shown. */
const MOST = 120;

/**
 * A name from the far side as it can be shown: what cannot be seen, or would turn the direction of writing so that
 * `exe.txt` reads as something else, stands there as a mark.
 */
export function shownName(name: string): string {
  const seen = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{feff}]/gu, '\u{fffd}');
  const characters = [...seen];
  if (characters.length <= MOST) return seen;
  // Both ends: the last one says what the file is.
  return `${characters.slice(0, MOST - 21).join('')}…${characters.slice(-20).join('')}`;
}

/** A local file's name for the far side: one part of a path. */
export function sentName(name: string): string {
  const plain = name.replace(/[/\\\p{Cc}]/gu, '_').trim();
  return plain === '' || plain === '.' || plain === '..' ? 'upload' : plain;
}
