/** Longest name that every file system takes, in bytes, with room for what is put before it while it is written. */
const MAX_BYTES = 180;
/** What Windows takes for a device, whatever stands behind the dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name for a file of this machine, made of one that somebody else has chosen: the last part of a path, without
 * control characters, without those that turn the direction of writing, and without what any system refuses.
 */
export function suggestedName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{feff}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\s+|[\s.]+$/g, '');
  if (plain === '') return 'download';
  return shortened(DEVICES.test(plain) ? `_${plain}` : plain);
}

/** Keeps the ending, which says what the file is, and never cuts a character. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  const room = MAX_BYTES - Buffer.byteLength(ending);
  let kept = '';
  let bytes = 0;
  for (const character of name.slice(0, name.length - ending.length)) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return `${kept}${ending}`;
}

/** Somebody else's text, fit for a title: one line, without what would turn or hide the rest. */
export function titleText(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= 80 ? line : `${characters.slice(0, 79).join('')}…`;
}
