/** What the place that text goes to can show. */
export interface Style {
  readonly colour: boolean;
  /** Whether signs beyond ASCII come out right. */
  readonly unicode: boolean;
  /** Columns of a terminal; null where lines may be as long as they like. */
  readonly width: number | null;
}

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold';

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, blue: 34, dim: 2, bold: 1 };

const ESCAPE = '\u001b';
/** What `paint` adds, or one sign. */
const PAINTED = new RegExp(`${ESCAPE}\\[[0-9;]*m|[^]`, 'gu');

const IN_ASCII: readonly (readonly [RegExp, string])[] = [
  [/[’‘]/g, "'"],
  [/[“”]/g, '"'],
  [/ [·—–] /g, ' - '],
  [/→|›/g, '>'],
  [/…/g, '...'],
];

/** `text` in a colour, where there are colours. */
export function paint({ colour }: Style, name: Colour, text: string): string {
  return colour && text !== '' ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
}

/**
 * Text from elsewhere (names, sentences) made fit for a terminal: nothing in it moves the cursor or changes
 * colours, and our own signs become ASCII where the terminal knows no other.
 */
export function plain({ unicode }: Pick<Style, 'unicode'>, text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');
  if (unicode) return line;
  return IN_ASCII.reduce((shown, [sign, letters]) => shown.replace(sign, letters), line).replace(
    /[^\x20-\x7e]/gu,
    '?',
  );
}

/** Columns that a terminal gives to `text`: nothing for combining signs, two for East Asian ones and emoji. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const sign of text) {
    if (/^\p{M}$/u.test(sign)) continue;
    columns += isWide(sign.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return columns;
}

/** `text` cut to `columns`, with a sign that something is missing. */
export function shorten({ unicode }: Pick<Style, 'unicode'>, text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const end = unicode ? '…' : '~';
  let cut = '';
  let used = 1;
  for (const sign of text) {
    used += columnsOf(sign);
    if (used > columns) break;
    cut += sign;
  }
  return `${cut}${end}`;
}

/** A painted line cut to `columns`, so that a terminal does not break it into two. */
export function cutPainted(line: string, columns: number): string {
  if (columnsOf(unpainted(line)) <= columns) return line;
  let cut = '';
  let used = 0;
  for (const part of line.match(PAINTED) ?? []) {
    const width = part.startsWith(ESCAPE) ? 0 : columnsOf(part);
    if (used + width > columns) break;
    used += width;
    cut += part;
  }
  return cut.includes(ESCAPE) ? `${cut}${ESCAPE}[0m` : cut;
}

function unpainted(line: string): string {
  return (line.match(PAINTED) ?? []).filter((part) => !part.startsWith(ESCAPE)).join('');
}

/** Words of `text` on lines of at most `columns`; a word that is longer has a line of its own. */
export function wrap(text: string, columns: number | null): string[] {
  if (columns === null) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Whether the locale of the environment writes UTF-8. */
export function wantsUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env['TERM'] === 'dumb' || env['TERM'] === 'linux') return false;
  if (platform === 'win32') return Boolean(env['WT_SESSION'] || env['TERM_PROGRAM']);
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

function isWide(point: number): boolean {
  return (
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    (point >= 0xffe0 && point <= 0xffe6) ||
    (point >= 0x1f300 && point <= 0x1faff) ||
    (point >= 0x20000 && point <= 0x3fffd)
  );
}
