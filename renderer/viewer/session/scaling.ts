/** Width and height, in whatever pixels the place says. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export type ScaleMode = 'fit' | 'exact';

const CSS_DPI = 96;
/** What guacd and machines take. */
const SMALLEST = 64;
const LARGEST = 8192;

/** The size that a machine is asked for, in the screen's own pixels, of which a dense one has several for each of CSS'. */
export function wantedSize(room: Size, ratio: number): Size {
  return { width: devicePixels(room.width, ratio), height: devicePixels(room.height, ratio) };
}

export function wantedDpi(ratio: number): number {
  return Math.round(CSS_DPI * ratio);
}

/**
 * By what the machine's picture is drawn: one of its pixels on one of the screen's, which is sharp; with `fit` smaller
 * where there is no room for it.
 */
export function scaleFor(mode: ScaleMode, room: Size, picture: Size, ratio: number): number {
  const exact = 1 / ratio;
  if (mode === 'exact' || picture.width === 0 || picture.height === 0) return exact;
  return Math.min(exact, room.width / picture.width, room.height / picture.height);
}

function devicePixels(pixels: number, ratio: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, Math.floor(pixels * ratio)));
}
