import type Guacamole from 'guacamole-common-js';

/** Below, decoding in this process is cheaper than handing a blob to another one. Characters of base64. */
const SMALL = 24_000;

/**
 * Lets a display read pictures at a fraction of the cost. Guacamole's own reader makes a `Blob` of every six
 * kilobytes, each of which Chromium registers in another process; here a picture is one blob, and a small one none.
 */
export function readPicturesQuickly(display: Guacamole.Display): void {
  const drawStream = (
    layer: Guacamole.Layer,
    x: number,
    y: number,
    stream: Guacamole.InputStream,
    mimetype: string,
  ) => {
    const pieces: string[] = [];
    stream.onblob = (piece) => pieces.push(piece);
    stream.onend = () => {
      const picture = joinedBase64(pieces);
      if (picture.length < SMALL) display.draw(layer, x, y, `data:${mimetype};base64,${picture}`);
      else display.drawBlob(layer, x, y, new Blob([bytesOf(picture)], { type: mimetype }));
    };
  };
  // Not in the types, for it is only called by Guacamole's client.
  Object.assign(display, { drawStream });
}

/**
 * Hears of a large picture that cannot be decoded, after which a display draws nothing any more. Returns what ends
 * the hearing.
 */
export function onBrokenPicture(listener: () => void): () => void {
  // Guacamole's display does not look at it itself.
  const hear = ({ reason }: PromiseRejectionEvent) => {
    if (reason instanceof DOMException && reason.name === 'InvalidStateError') listener();
  };
  addEventListener('unhandledrejection', hear);
  return () => removeEventListener('unhandledrejection', hear);
}

/** One that ends with padding cannot just be followed by the next. */
export function joinedBase64(pieces: readonly string[]): string {
  const padded = pieces.findIndex((piece) => piece.endsWith('='));
  if (padded < 0 || padded === pieces.length - 1) return pieces.join('');
  return btoa(pieces.map((piece) => atob(piece)).join(''));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
