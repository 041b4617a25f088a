import type { WindowBounds } from './preferences.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Area, 'width' | 'height'>;

/** So much of the title must be on a screen, in pixels, to be caught with a mouse. */
const GRIP = 80;

/**
 * Where a window opens: where it was, if that can still be seen, else in the middle; no larger than all screens together.
 * At first in its `usual` size.
 */
export function visibleBounds(
  remembered: WindowBounds | null,
  screens: readonly Area[],
  usual: Size,
): Size & Partial<Area> {
  const { width, height } = remembered ?? usual;
  const room = screens.length === 0 ? { width, height } : around(screens);
  const size = { width: Math.min(width, room.width), height: Math.min(height, room.height) };
  if (remembered === null) return size;
  const { x, y } = remembered;
  const seen = screens.some(
    (area) =>
      x + size.width - GRIP > area.x &&
      x + GRIP < area.x + area.width &&
      y >= area.y - 1 &&
      y + GRIP / 2 < area.y + area.height,
  );
  return seen ? { x, y, ...size } : size;
}

/** The size of what holds all of them. */
function around(screens: readonly Area[]): Size {
  const edges = (start: 'x' | 'y', length: 'width' | 'height') =>
    Math.max(...screens.map((area) => area[start] + area[length])) -
    Math.min(...screens.map((area) => area[start]));
  return { width: edges('x', 'width'), height: edges('y', 'height') };
}

/** What a window tells of where it is; without maximising and full screen. */
export function boundsOf(window: { getNormalBounds(): Area; isMaximized(): boolean }): WindowBounds {
  const { x, y, width, height } = window.getNormalBounds();
  return { x, y, width, height, maximised: window.isMaximized() };
}
