import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { atEnd, rowAfterKey, scrollFor, visibleRange } from './virtual.ts';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** Its least width, in rem. */
  readonly least: number;
  /** Its share of what is left over; without one it stays as narrow as it may be. */
  readonly grow?: number;
  /** Left out where there is no room for all, the highest number first: the details have it. */
  readonly spare?: number;
  readonly align?: 'end';
  /** The title is for screen readers only. */
  readonly quietTitle?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

export interface TableProps<T> {
  /** What the table is, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: T) => void;
  readonly rowClass?: (row: T) => string;
  /** Every row's height, in px. */
  readonly rowHeight?: number;
  /** Stay at the end as rows come. */
  readonly follow?: boolean;
  /** The person scrolled away from the end, or back to it. */
  readonly onFollow?: (follow: boolean) => void;
  readonly dense?: boolean;
  /** New rows come in above: what is read stays where it is. */
  readonly growsAtTop?: boolean;
}

/** The head's height, in px; it stays in sight above the rows. */
const HEAD = 35;
/** What the gaps and the edges take, in rem; the style sheet has the same numbers. */
const GAP = 0.75;
const EDGES = 2;
/**
 * A table of any length: only what is seen is in the page. One stop for the Tab key; arrows, Page Up and Down, Home
 * and End go through the rows, Enter opens one.
 */
export function Table<T>(props: TableProps<T>) {
  const { label, rows, keyOf, onOpen, rowClass, rowHeight = 44, follow = false, onFollow } = props;
  const id = useId();
  const table = useRef<HTMLTableElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(400);
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  const [active, setActive] = useState(-1);
  const [focused, setFocused] = useState(false);
  const view = { rows: rows.length, rowHeight, scrollTop, height };
  const { from, to } = visibleRange(view);

  useEffect(() => {
    const element = table.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight - HEAD);
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = table.current;
    if (element && follow) element.scrollTop = element.scrollHeight;
  }, [follow, rows, height]);

  const first = rows[0];
  const firstKey = useRef<string | number | undefined>(undefined);
  useLayoutEffect(() => {
    const before = firstKey.current;
    firstKey.current = first === undefined ? undefined : keyOf(first);
    if (!props.growsAtTop || before === undefined || before === firstKey.current) return;
    const added = rows.findIndex((row) => keyOf(row) === before);
    if (added <= 0) return;
    setActive((row) => (row < 0 ? row : row + added));
    const element = table.current;
    if (element && element.scrollTop >= rowHeight / 2) element.scrollTop += added * rowHeight;
  }, [rows]);

  const move = (row: number) => {
    setActive(row);
    if (table.current) table.current.scrollTop = scrollFor(row, view);
  };
  const current =
    focused && active >= from && active < Math.min(to, rows.length) ? `${id}-row-${active}` : undefined;
  const columns = fitting(props.columns, width / rem());
  const template = columns
    .map(({ least, grow }) => (grow === undefined ? `${least}rem` : `minmax(${least}rem, ${grow}fr)`))
    .join(' ');
  const minWidth = `${wholeWidth(columns)}rem`;

  // A table whose rows can be walked through: the grid of the ARIA practices, with one stop for the Tab key.
  const grid = { role: 'grid', tabIndex: 0, 'aria-activedescendant': current } as const;

  return (
    <table
      {...grid}
      ref={table}
      class={`table${props.dense ? ' dense' : ''}`}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      onFocus={(event) => {
        if (event.target !== event.currentTarget) return;
        setFocused(true);
        if (active < 0) setActive(from);
      }}
      onBlur={() => setFocused(false)}
      onScroll={(event) => {
        const { scrollTop: top, clientHeight } = event.currentTarget;
        setScrollTop(top);
        onFollow?.(atEnd({ rows: rows.length, rowHeight, scrollTop: top, height: clientHeight - HEAD }));
      }}
      onClick={(event) => {
        const index = indexOf(event.target);
        const row = index === null ? undefined : rows[index];
        if (index === null || row === undefined) return;
        setActive(index);
        onOpen?.(row);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const row = rows[active];
        if (event.key === 'Enter' && row !== undefined && onOpen) {
          event.preventDefault();
          onOpen(row);
          return;
        }
        const page = Math.max(1, Math.floor(height / rowHeight) - 1);
        const next = rowAfterKey(event.key, active, rows.length, page);
        if (next === null) return;
        event.preventDefault();
        move(next);
      }}
    >
      <thead class="table-head" style={{ minWidth, height: `${HEAD}px` }}>
        <tr class="table-row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <th key={column.id} scope="col" class={column.align === 'end' ? 'cell end' : 'cell'}>
              <span class={column.quietTitle ? 'unseen' : undefined}>{column.title}</span>
            </th>
          ))}
        </tr>
      </thead>
      {/* As high as all rows together, so that the scroll bar is right. */}
      <tbody class="table-body" style={{ minWidth, height: `${rows.length * rowHeight}px` }}>
        {rows.slice(from, to).map((row, offset) => {
          const index = from + offset;
          const isActive = focused && index === active;
          return (
            <tr
              key={keyOf(row)}
              id={`${id}-row-${index}`}
              data-index={index}
              aria-rowindex={index + 2}
              aria-selected={isActive}
              class={`table-row${onOpen ? ' opens' : ''}${isActive ? ' active' : ''} ${rowClass?.(row) ?? ''}`}
              style={{
                gridTemplateColumns: template,
                height: `${rowHeight}px`,
                transform: `translateY(${index * rowHeight}px)`,
              }}
            >
              {columns.map((column) => (
                <td key={column.id} class={column.align === 'end' ? 'cell end' : 'cell'}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The row that was clicked; null for the head and the space around. */
function indexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest('tr[data-index]') : null;
  return row instanceof HTMLElement ? Number(row.dataset['index']) : null;
}

/** What columns need side by side, in rem. */
function wholeWidth<T>(columns: readonly Column<T>[]): number {
  return columns.reduce((sum, { least }) => sum + least + GAP, EDGES - GAP);
}

/** The columns that there is room for; those that cannot be spared stay, whatever the room. */
function fitting<T>(columns: readonly Column<T>[], room: number): readonly Column<T>[] {
  if (wholeWidth(columns) <= room) return columns;
  const most = columns.reduce((rank, { spare = 0 }) => Math.max(rank, spare), 0);
  if (most === 0) return columns;
  return fitting(
    columns.filter(({ spare }) => spare !== most),
    room,
  );
}

/** One rem in px. */
function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
