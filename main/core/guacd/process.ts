import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../errors.ts';
import { LineReader } from './lines.ts';

export interface SpawnOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Takes what it prints, line by line, bounded. */
  readonly onLine: (line: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What to say instead of how it ended, where it never began. */
  readonly failure?: SallyportError;
}

export interface GuacdProcess {
  readonly pid: number;
  /** Resolves when it has ended and its last words have been read. */
  readonly exited: Promise<Exit>;
}

/** How long the last output may come after the end, in milliseconds: connections' processes keep the pipe open. */
const LAST_WORDS_MS = 200;
/**
 * The least that guacd prints. Not `info`: guacd forks a process for each connection while its other threads may be
 * in syslog(), whose lock the new process then inherits for ever: of 20 sessions at once one or two hung at their
 * first line of log. At this level the parent has nothing to say.
 */
const LOG_LEVEL = 'warning';

/** guacd in the foreground, listening there. */
export function guacdArguments({ host, port }: { host: string; port: number }): string[] {
  return ['-f', '-b', host, '-l', String(port), '-L', LOG_LEVEL];
}

/**
 * Starts what runs guacd, in the foreground and as leader of its own session and process group. Rejects with `guacd-missing` when
 * the system does not start it.
 */
export function spawnGuacd({ executable, args, environment, onLine }: SpawnOptions): Promise<GuacdProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [...args], {
      // Its own session: a Ctrl+C in the terminal reaches the outpost only, which then ends guacd in order.
      detached: true,
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineReader(onLine);
      stream.on('data', (chunk: Buffer) => lines.push(chunk));
      stream.on('end', () => lines.end());
      stream.on('error', () => {});
    }
    child.once('error', (error) => {
      reject(
        new SallyportError(
          'guacd-missing',
          `guacd at ${executable} could not be started: ${error.message}.`,
          {
            cause: error,
          },
        ),
      );
    });
    const closed = new Promise<void>((done) => child.once('close', () => done()));
    const exited = new Promise<Exit>((done) => {
      child.once('exit', (code, signal) => {
        void Promise.race([closed, sleep(LAST_WORDS_MS)]).then(() => done({ code, signal }));
      });
    });
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve({ pid: child.pid, exited });
    });
  });
}

/** A port on 127.0.0.1 that is free now; somebody else may take it the next moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(SallyportError.from(error, 'A port on 127.0.0.1', 'listen-failed')),
    );
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new SallyportError('listen-failed', 'The system gave no port on 127.0.0.1.'));
      });
    });
  });
}
