import type { Socket } from 'node:net';
import { decode, encode } from '../guacamole/instruction.ts';

const SYNC_PREFIX = Buffer.from('4.sync');

/** Whether guacd says by it that a frame is complete. */
export function isSync(instruction: Buffer): boolean {
  return instruction.subarray(0, SYNC_PREFIX.length).equals(SYNC_PREFIX);
}

/**
 * Tells guacd that the frame of `sync` has been seen, whoever sees it: guacd draws for all its users as slowly as the
 * slowest of them answers. Returns the bytes that were written; none where more than `mostQueued` wait already, for a
 * guacd that does not read what it asked for gets no more of it.
 */
export function sayFrameSeen(guacd: Socket, sync: Buffer, mostQueued: number): number {
  if (guacd.writableLength >= mostQueued) return 0;
  const [, timestamp = ''] = decode(sync);
  const answer = Buffer.from(encode('sync', timestamp));
  guacd.write(answer);
  return answer.length;
}
