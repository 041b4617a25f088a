/** Which rows of a long list are drawn. */
export interface Range {
  /** The first row that is drawn. */
  readonly from: number;
  /** The row after the last that is drawn. */
  readonly to: number;
}

export interface View {
  readonly rows: number;
  /** Every row's height, in px. */
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
}

/** Rows above and below what is seen, so that a quick hand does not see the gap. */
const OVERSCAN = 8;

/** The rows to draw; never more than what is seen and a few around it, however long the list. */
export function visibleRange({ rows, rowHeight, scrollTop, height }: View): Range {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const seen = Math.ceil(height / rowHeight) + 1;
  const from = clamp(first - OVERSCAN, 0, Math.max(0, rows - 1));
  return { from, to: clamp(first + seen + OVERSCAN, 0, rows) };
}

/** Where to scroll so that a row is seen whole; where it is already, nothing moves. */
export function scrollFor(row: number, { rowHeight, scrollTop, height }: View): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/** Whether the end of the list is seen, give or take half a row. */
export function atEnd({ rows, rowHeight, scrollTop, height }: View): boolean {
  return scrollTop + height >= rows * rowHeight - rowHeight / 2;
}

/** The row that a key leads to; null for keys that lead nowhere. */
export function rowAfterKey(key: string, row: number, rows: number, page: number): number | null {
  if (rows === 0) return null;
  const to = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: rows - 1,
  }[key];
  return to === undefined ? null : clamp(to, 0, rows - 1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
