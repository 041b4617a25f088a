import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import { answers, listenOnFile, SOCKET_PATH_MAX_BYTES } from '../../../main/control/socket-file.ts';
import { Bench } from './outpost-fixture.ts';

let dir: string;
const servers: Server[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sp-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) if (server.listening) await closed(server);
  rmSync(dir, { recursive: true, force: true });
});

function server(): Server {
  const made = createServer((socket) => socket.on('error', () => {}));
  servers.push(made);
  return made;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

const LISTENS = `require('net').createServer().listen(process.argv[1], () => console.log('up'))`;

async function listener(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', LISTENS, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** A socket file whose process was killed. */
async function deadSocket(path: string): Promise<void> {
  await kill(await listener(path));
  expect(existsSync(path)).toBe(true);
}

describe.skipIf(process.platform === 'win32')('the control socket’s file', () => {
  it('is nobody else’s from its first moment on, whatever the umask is', async () => {
    const path = join(dir, 'control.sock');
    const made = server();
    const modes: number[] = [];
    const { listen } = made;
    // The real call, looked at in the moment it returns.
    made.listen = (...given: unknown[]) => {
      Reflect.apply(listen, made, given);
      modes.push(statSync(path).mode & 0o077);
      return made;
    };
    const before = process.umask(0);
    try {
      await listenOnFile(made, path);
      expect(process.umask()).toBe(0);
    } finally {
      process.umask(before);
    }
    expect(modes).toEqual([0]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lies in a directory that is made for its owner alone', async () => {
    const path = join(dir, 'a', 'b', 'control.sock');
    const before = process.umask(0);
    try {
      await listenOnFile(server(), path);
    } finally {
      process.umask(before);
    }
    expect(statSync(join(dir, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('of a killed process is replaced also where its path is as long as can be', async () => {
    const folder = join(
      dir,
      'x'.repeat(SOCKET_PATH_MAX_BYTES - Buffer.byteLength(join(dir, '/control.sock')) - 1),
    );
    mkdirSync(folder);
    const path = join(folder, 'control.sock');
    expect(Buffer.byteLength(path)).toBe(SOCKET_PATH_MAX_BYTES);
    await deadSocket(path);
    await listenOnFile(server(), path);
    expect(await answers(path)).toBe(true);
  });

  it('is taken by one of many that find a dead one at once, and each of the others is told', async () => {
    const path = join(dir, 'control.sock');
    await deadSocket(path);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => listenOnFile(server(), path)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of tries) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-running' });
    }
    expect(await answers(path)).toBe(true);
    expect(readdirSync(dir)).toEqual(['control.sock']);
  });

  it('is not taken from an outpost that hangs', async () => {
    const path = join(dir, 'control.sock');
    const child = await listener(path);
    child.kill('SIGSTOP');
    try {
      await expect(listenOnFile(server(), path)).rejects.toMatchObject({ code: 'already-running' });
    } finally {
      await kill(child);
    }
  });

  it('of the next outpost survives the end of the one before', async () => {
    const bench = new Bench();
    try {
      await bench.listen();
      const watcher = await connectControl(bench.path);
      const ending = bench.server?.close();
      // The file is free at once, long before the last connection has ended.
      const next = server();
      await new Promise<void>((resolve) => next.listen(bench.path, () => resolve()));
      await ending;
      watcher.close();
      expect(await answers(bench.path)).toBe(true);
      await closed(next);
    } finally {
      rmSync(bench.dir, { recursive: true, force: true });
    }
  });

  it('below something that is no directory is refused in words', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(listenOnFile(server(), join(dir, 'file', 'control.sock'))).rejects.toMatchObject({
      message: expect.stringContaining(join(dir, 'file')),
    });
  });
});
