import Guacamole from 'guacamole-common-js';
import { expect, it } from 'vitest';
import {
  empty,
  type UploadEvents,
  type UploadStream,
  upload,
} from '../../../renderer/viewer/files/upload.ts';

/** A stream to a far side that acknowledges when a test says so. */
class FarSide implements UploadStream {
  readonly said: string[] = [];
  onack: UploadStream['onack'] = null;
  readonly sendBlob = () => void this.said.push('blob');
  readonly sendEnd = () => void this.said.push('end');

  acknowledge(code: Guacamole.Status.Code = Guacamole.Status.Code.SUCCESS): void {
    this.onack?.(new Guacamole.Status(code));
  }
}

function started(bytes: number) {
  const far = new FarSide();
  const heard: string[] = [];
  const events: UploadEvents = {
    onMoved: () => {},
    onDone: () => heard.push('done'),
    onFailed: ({ code }) => heard.push(code),
    onCut: () => heard.push('cut'),
  };
  return { far, heard, cut: upload(new Blob([new Uint8Array(bytes)]), far, events) };
}

const blobs = ({ said }: FarSide) => said.filter((word) => word === 'blob').length;

it('sends as many blobs as may be on their way, and ends when all were taken', async () => {
  const { far, heard } = started(6048 * 20);
  far.acknowledge();
  await expect.poll(() => blobs(far)).toBe(16);
  for (let count = 0; count < 20; count += 1) {
    far.acknowledge();
    await expect.poll(() => blobs(far)).toBe(Math.min(20, 17 + count));
  }
  await expect.poll(() => heard).toEqual(['done']);
  expect(far.said.at(-1)).toBe('end');
});

it('is cut when the far side has taken what was sent, for its number goes to another stream then', async () => {
  const { far, heard, cut } = started(6048 * 20);
  far.acknowledge();
  await expect.poll(() => blobs(far)).toBe(16);
  cut();
  for (let count = 0; count < 15; count += 1) far.acknowledge();
  expect([far.said.includes('end'), heard]).toEqual([false, []]);
  far.acknowledge();
  expect([far.said.at(-1), heard]).toEqual(['end', ['cut']]);
  cut();
  expect(blobs(far)).toBe(16);
});

it('leaves nothing to be emptied where nothing was sent, or where the far side refuses', async () => {
  const early = started(10);
  early.cut();
  early.far.acknowledge();
  expect([early.far.said, early.heard]).toEqual([['end'], []]);
  const refused = started(10);
  refused.far.acknowledge(Guacamole.Status.Code.CLIENT_FORBIDDEN);
  refused.cut();
  expect([refused.far.said, refused.heard]).toEqual([['end'], ['drive-failed']]);
});

it('empties what was cut, and says so only where that was done', () => {
  const far = new FarSide();
  let emptied = 0;
  const done = () => {
    emptied += 1;
  };
  empty(far, done);
  far.acknowledge();
  expect([far.said, emptied]).toEqual([['end'], 1]);
  const other = new FarSide();
  empty(other, done);
  other.acknowledge(Guacamole.Status.Code.CLIENT_FORBIDDEN);
  expect([other.said, emptied]).toEqual([[], 1]);
});
