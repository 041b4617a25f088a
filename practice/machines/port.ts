import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SallyportError } from '../../main/core/errors.ts';

const LOOPBACK = '127.0.0.1';
const PAUSE_MS = 40;

/** A port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new SallyportError('listen-failed', 'The system gave no free port on 127.0.0.1.');
  }
  return address.port;
}

/**
 * Resolves when something accepts connections on `port`. Rejects with `connect-timeout` after `timeoutMs`,
 * and with the reason of `ended` as soon as that rejects: a program that is gone will not listen any more.
 */
export async function waitForPort(port: number, ended: Promise<never>, timeoutMs = 60_000): Promise<void> {
  const stop = { wanted: false };
  try {
    await Promise.race([ended, knock(port, timeoutMs, stop)]);
  } finally {
    stop.wanted = true;
  }
}

async function knock(port: number, timeoutMs: number, stop: { readonly wanted: boolean }): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!stop.wanted) {
    if (await answers(port)) return;
    if (Date.now() > deadline) {
      throw new SallyportError(
        'connect-timeout',
        `Nothing listened on port ${port} within ${timeoutMs / 1000} s.`,
      );
    }
    await delay(PAUSE_MS);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
