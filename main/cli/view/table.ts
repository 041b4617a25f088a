import { columnsOf, paint, plain, type Style, shorten } from './style.ts';

export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly align?: 'left' | 'right';
  /** Columns it keeps when the terminal is narrow; without this it is never cut. */
  readonly shrinkTo?: number;
}

const GAP = 2;

/** Rows under their titles, aligned, cut where the terminal is too narrow for them. */
export function table<T>(style: Style, columns: readonly Column<T>[], rows: readonly T[]): string[] {
  const cells = rows.map((row) => columns.map(({ text }) => plain(style, text(row))));
  const titles = columns.map(({ title }) => title);
  const widths = squeeze(style, columns, natural(titles, cells));
  const line = (texts: readonly string[]) =>
    texts.map((text, index) =>
      pad(style, text, widths[index] ?? 0, columns[index]?.align, index === texts.length - 1),
    );
  return [
    paint(style, 'dim', line(titles).join(' '.repeat(GAP)).trimEnd()),
    ...cells.map((row) => line(row).join(' '.repeat(GAP)).trimEnd()),
  ];
}

/** `Name   value` for each pair, values aligned. */
export function pairs(style: Style, rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => columnsOf(name)));
  return rows.map(([name, value]) => {
    const space = ' '.repeat(width - columnsOf(name) + GAP);
    const room = style.width === null ? null : Math.max(10, style.width - width - GAP - 2);
    const text = plain(style, value);
    return `  ${paint(style, 'dim', name)}${space}${room === null ? text : shorten(style, text, room)}`;
  });
}

function natural(titles: readonly string[], cells: readonly (readonly string[])[]): number[] {
  return titles.map((title, index) =>
    Math.max(columnsOf(title), ...cells.map((row) => columnsOf(row[index] ?? ''))),
  );
}

/** Takes from the widest of the columns that may shrink, until all fit or none can give more. */
function squeeze<T>(style: Style, columns: readonly Column<T>[], widths: readonly number[]): number[] {
  const fitted = [...widths];
  if (style.width === null) return fitted;
  let over = fitted.reduce((sum, width) => sum + width, GAP * (columns.length - 1)) - style.width;
  while (over > 0) {
    let widest = -1;
    for (const [index, { shrinkTo }] of columns.entries()) {
      const width = fitted[index] ?? 0;
      if (shrinkTo !== undefined && width > shrinkTo && width > (fitted[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
    over -= 1;
  }
  return fitted;
}

function pad(
  style: Style,
  text: string,
  width: number,
  align: 'left' | 'right' = 'left',
  last: boolean,
): string {
  const shown = shorten(style, text, width);
  const space = ' '.repeat(Math.max(0, width - columnsOf(shown)));
  if (align === 'right') return `${space}${shown}`;
  return last ? shown : `${shown}${space}`;
}
