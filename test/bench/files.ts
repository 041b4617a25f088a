import { randomUUID } from 'node:crypto';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './measure.ts';
import { type Subject, until } from './subject.ts';

/** Large enough never to end while something is measured; sparse, so that it takes no room. */
const FILE_BYTES = 64 * 1024 ** 3;
const WINDOW_BYTES = 512 * 1024;

/** Downloads that go on as fast as they can until they are stopped. */
export interface Downloads {
  /** What has come so far, all together. */
  bytes(): number;
  stop(): void;
}

/** Opens a session with a drive, puts a large file there, and downloads it `count` times at once. */
export async function startDownloads(
  { authentik, guacd }: Bench,
  outpost: Subject,
  count: number,
): Promise<Downloads> {
  const channel = `drive-${randomUUID()}`;
  outpost.open(channel);
  await until(() => guacd.has(channel) && authentik.tunnels.has(channel), 'a session with a drive');
  const drives = join(outpost.stateDir, 'drives');
  const [drive = ''] = readdirSync(drives);
  writeFileSync(join(drives, drive, 'large'), '');
  truncateSync(join(drives, drive, 'large'), FILE_BYTES);
  const sockets: { terminate(): void }[] = [];
  let bytes = 0;
  authentik.onBulk = (websocket) => {
    sockets.push(websocket);
    websocket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return;
      bytes += data.length;
      websocket.send(JSON.stringify({ type: 'credit', bytes: data.length }));
    });
    websocket.on('error', () => {});
    websocket.send('{"type":"start"}');
    websocket.send(JSON.stringify({ type: 'credit', bytes: WINDOW_BYTES }));
  };
  const tunnel = authentik.tunnels.get(channel);
  for (let at = 0; at < count; at += 1) {
    const request = {
      ...{ request: randomUUID().replaceAll('-', ''), action: 'prepare', id: randomUUID() },
      ...{ path: '/large', direction: 'download', size: 0, tenant: 'public' },
    };
    tunnel?.send(`0.authentik.bulk.${JSON.stringify(request)}`);
  }
  await until(() => sockets.length === count, `${count} downloads`);
  return {
    bytes: () => bytes,
    stop: () => {
      for (const socket of sockets) socket.terminate();
      tunnel?.terminate();
    },
  };
}
