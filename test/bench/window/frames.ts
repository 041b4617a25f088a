import type { Page } from 'playwright-core';
import { encode } from '../../../main/core/guacamole/instruction.ts';

export const FRAME = { width: 1920, height: 1080 } as const;
/** What guacd puts into one blob. */
const BLOB_BYTES = 6048;

/** Pictures that have nothing in common from one to the next, as JPEG, drawn by the browser itself. */
export async function drawFrames(page: Page, count: number): Promise<readonly Buffer[]> {
  const texts = await page.evaluate(
    async ({ width, height, frames }) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('There is no canvas.');
      const pictures: string[] = [];
      for (let frame = 0; frame < frames; frame += 1) {
        const ground = context.createLinearGradient(0, 0, width, height);
        ground.addColorStop(0, `hsl(${frame * 37}, 60%, 40%)`);
        ground.addColorStop(1, `hsl(${frame * 53 + 90}, 60%, 60%)`);
        context.fillStyle = ground;
        context.fillRect(0, 0, width, height);
        context.font = '14px monospace';
        for (let line = 0; line < 70; line += 1) {
          context.fillStyle = `hsl(${(line * 11 + frame * 29) % 360}, 70%, 20%)`;
          context.fillText(
            `${frame} ${line} the quick brown fox `.repeat(9),
            (line * frame) % 90,
            line * 15 + 12,
          );
        }
        pictures.push(canvas.toDataURL('image/jpeg', 0.8).split(',')[1] ?? '');
      }
      return pictures;
    },
    { ...FRAME, frames: count },
  );
  return texts.map((text) => Buffer.from(text, 'base64'));
}

/** One picture that changes the whole window, as guacd sends it. */
export function frameInstructions(jpeg: Buffer, timestamp: number): Buffer {
  const said = [encode('img', '1', '14', '0', 'image/jpeg', '0', '0')];
  for (let at = 0; at < jpeg.length; at += BLOB_BYTES)
    said.push(encode('blob', '1', jpeg.subarray(at, at + BLOB_BYTES).toString('base64')));
  said.push(encode('end', '1'), encode('sync', String(timestamp)));
  return Buffer.from(said.join(''));
}
