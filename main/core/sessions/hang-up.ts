import type { GuacdConnection } from '../guacd/guacd.ts';
import { DISCONNECT } from './words.ts';

/** How long guacd may take to close by itself, in milliseconds. */
const CLOSE_MS = 1_000;

/** Tells guacd that this user of a connection is gone, and closes the socket; with the last one guacd ends it. */
export function hangUp({ socket, release }: GuacdConnection): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) {
      release();
      return resolve();
    }
    const force = setTimeout(() => socket.destroy(), CLOSE_MS);
    socket.once('close', () => {
      clearTimeout(force);
      release();
      resolve();
    });
    socket.removeAllListeners('data');
    socket.resume();
    socket.end(DISCONNECT);
  });
}
