import { type BigIntStats, lstatSync, unlinkSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { SallyportError } from '../core/errors.ts';

/** The longest path of a unix socket that every system takes, in bytes (macOS: 104 with the closing zero). */
export const SOCKET_PATH_MAX_BYTES = 103;
const PROBE_TIMEOUT_MS = 2000;
/** No group and no others, for what is made while it holds: nobody else can connect before the mode is set. */
const OWNER_ONLY = 0o077;

/** Named pipes of Windows have no file, no mode and no leftovers. */
export function isNamedPipe(path: string): boolean {
  return path.startsWith('\\\\');
}

/**
 * Lets `server` listen on the socket file `path`, mode 0600, in a directory that is made 0700 where missing.
 * A file left by a process that is gone is removed; rejects with `already-running` where one still answers. With
 * `groupId` the members of that group may connect as well, mode 0660; rejects with `listen-failed` where it cannot
 * be given to them.
 */
export async function listenOnFile(server: Server, path: string, groupId?: number): Promise<void> {
  if (isNamedPipe(path)) return listenOnce(server, path);
  checkLength(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw SallyportError.from(error, dirname(path), 'file-unwritable');
  });
  const leftover = statNow(path);
  if (leftover) await checkDead(path, leftover);
  await listenOnce(server, path, leftover);
  if (groupId === undefined) return chmod(path, 0o600);
  try {
    // In this order: no other group has it for a moment.
    await chown(path, -1, groupId);
    await chmod(path, 0o660);
  } catch (error) {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    throw SallyportError.from(error, `The control socket ${path}`, 'listen-failed');
  }
}

/** Whether a server answers on this path. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => settle(true));
    socket.once('connect', () => settle(true));
    // A full backlog (EAGAIN) or a foreign socket (EACCES) has somebody behind it.
    socket.once('error', (error) =>
      settle('code' in error && error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

async function checkDead(path: string, file: BigIntStats): Promise<void> {
  if (!file.isSocket())
    throw new SallyportError(
      'listen-failed',
      `${path} is in the way of the control socket: it is no socket.`,
      {
        advice: 'Move it away, or choose another --state-dir.',
      },
    );
  if (await answers(path)) throw alreadyRunning(path);
}

async function listenOnce(server: Server, path: string, leftover?: BigIntStats): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? alreadyRunning(path)
          : SallyportError.from(error, `The control socket ${path}`, 'listen-failed'),
      );
    server.once('error', onError);
    // From here to the file of our own there is no turn of the loop in which somebody else could come between.
    if (leftover) removeLeftover(path, leftover);
    const before = process.umask(OWNER_ONLY);
    try {
      server.listen(path, () => {
        server.off('error', onError);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

/** Removes the file that was found dead, unless another process that found it so has put its own there since. */
function removeLeftover(path: string, leftover: BigIntStats): void {
  const now = statNow(path);
  if (!now) return;
  // A new file may get the number of the old one.
  if (now.ino !== leftover.ino || now.ctimeNs !== leftover.ctimeNs) throw alreadyRunning(path);
  try {
    unlinkSync(path);
  } catch (error) {
    throw SallyportError.from(error, path, 'file-unwritable');
  }
}

function alreadyRunning(path: string): SallyportError {
  return new SallyportError(
    'already-running',
    `Another outpost is already running here (it answers on ${path}).`,
    {
      advice: 'See it with `sallyport status`, or choose another --state-dir for a second one.',
    },
  );
}

function checkLength(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= SOCKET_PATH_MAX_BYTES) return;
  throw new SallyportError(
    'listen-failed',
    `The control socket’s path is ${bytes} bytes long, and systems take ${SOCKET_PATH_MAX_BYTES}: ${path}.`,
    { advice: 'Choose a --state-dir with a shorter path.' },
  );
}

function statNow(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}
