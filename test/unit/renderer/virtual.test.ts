import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atEnd, rowAfterKey, scrollFor, visibleRange } from '../../../renderer/shared/virtual.ts';

const views = fc.record({
  rows: fc.integer({ min: 0, max: 100_000 }),
  rowHeight: fc.integer({ min: 16, max: 80 }),
  scrollTop: fc.integer({ min: -50, max: 3_000_000 }),
  height: fc.integer({ min: 0, max: 3000 }),
});

describe('the rows of a long list', () => {
  it('are drawn as many as are seen and a few more, however long the list', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { from, to } = visibleRange(view);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(view.rows);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(view.height / view.rowHeight) + 18);
      }),
    );
  });

  it('are all drawn that can be seen', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { from, to } = visibleRange(view);
        const most = Math.max(0, view.rows * view.rowHeight - view.height);
        const scrollTop = Math.min(Math.max(0, view.scrollTop), most);
        const range = visibleRange({ ...view, scrollTop });
        expect(range.from * view.rowHeight).toBeLessThanOrEqual(scrollTop);
        const bottom = Math.min(scrollTop + view.height, view.rows * view.rowHeight);
        expect(range.to * view.rowHeight).toBeGreaterThanOrEqual(bottom);
        expect(from).toBeLessThanOrEqual(Math.max(to, from));
      }),
    );
  });

  it('scroll only as far as a row needs', () => {
    const view = { rows: 100, rowHeight: 20, scrollTop: 100, height: 200 };
    expect(scrollFor(6, view)).toBe(100);
    expect(scrollFor(2, view)).toBe(40);
    expect(scrollFor(20, view)).toBe(220);
  });

  it('know when their end is seen', () => {
    const view = { rows: 100, rowHeight: 20, height: 200 };
    expect(atEnd({ ...view, scrollTop: 1800 })).toBe(true);
    expect(atEnd({ ...view, scrollTop: 1795 })).toBe(true);
    expect(atEnd({ ...view, scrollTop: 1700 })).toBe(false);
  });

  it('are walked through by keys, and never left', () => {
    expect(rowAfterKey('ArrowDown', 3, 10, 5)).toBe(4);
    expect(rowAfterKey('ArrowUp', 0, 10, 5)).toBe(0);
    expect(rowAfterKey('PageDown', 3, 10, 5)).toBe(8);
    expect(rowAfterKey('PageDown', 8, 10, 5)).toBe(9);
    expect(rowAfterKey('End', 3, 10, 5)).toBe(9);
    expect(rowAfterKey('Home', 3, 10, 5)).toBe(0);
    expect(rowAfterKey('a', 3, 10, 5)).toBeNull();
    expect(rowAfterKey('End', -1, 0, 5)).toBeNull();
  });
});
