import type { WindowBounds } from './preferences.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const USUAL = { width: 1120, height: 760 } as const;
/** So much of the title must be on a screen, in pixels, to be caught with a mouse. */
const GRIP = 80;

/** Where a window opens: where it was, if that can still be seen; else in the middle, in its usual size. */
export function visibleBounds(remembered: WindowBounds | null, screens: readonly Area[]): Partial<Area> {
  if (remembered === null) return USUAL;
  const { x, y, width, height } = remembered;
  const seen = screens.some(
    (area) =>
      x + width - GRIP > area.x &&
      x + GRIP < area.x + area.width &&
      y >= area.y - 1 &&
      y + GRIP / 2 < area.y + area.height,
  );
  return seen ? { x, y, width, height } : { width, height };
}
