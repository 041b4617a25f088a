import { encode } from '../../main/core/guacamole/instruction.ts';

export type StreamKind = 'image' | 'tiny' | 'mixed';

const BYTES = 8 * 1024 * 1024;

/** About 8 MiB of whole instructions as guacd sends them, the same at every call. */
export function makeStream(kind: StreamKind): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (let frame = 0; bytes < BYTES; frame += 1) {
    const part = Buffer.from(FRAMES[kind](frame));
    parts.push(part);
    bytes += part.length;
  }
  return Buffer.concat(parts);
}

/** 6048 raw bytes are what guacd puts into one blob: 8064 characters of base64. */
const BLOB = Buffer.alloc(6048, 'sallyport').toString('base64');

const FRAMES: Readonly<Record<StreamKind, (frame: number) => string>> = {
  // A desktop in motion: images in blobs, and a sync at the end of the frame.
  image: (frame) =>
    encode('img', '1', '15', '0', 'image/jpeg', String(frame % 1900), '64') +
    encode('blob', '1', BLOB).repeat(12) +
    encode('end', '1') +
    encode('sync', String(1_700_000_000_000 + frame * 33)),
  // A terminal that scrolls: drawing instructions of 20 to 40 bytes.
  tiny: (frame) =>
    encode('copy', '-1', String(frame % 80), '0', '8', '16', '14', '0', '64', '32') +
    encode('rect', '0', String(frame % 1900), '12', '8', '16') +
    encode('cfill', '14', '0', '0', '0', '0', '255') +
    encode('sync', String(1_700_000_000_000 + frame)),
  // Names and texts outside ASCII between the images.
  mixed: (frame) =>
    encode('name', '1', `Übersicht 😀 ${frame} 漢字`) +
    encode('blob', '1', BLOB).repeat(2) +
    encode('rect', '0', String(frame % 1900), '12', '8', '16'),
};
