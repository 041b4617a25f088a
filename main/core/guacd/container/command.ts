import { spawn } from 'node:child_process';
import { SallyportError } from '../../errors.ts';
import { LineReader } from '../lines.ts';

export interface CommandOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** How long it may take before it is ended, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Takes each line that it prints, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** What it printed, the beginning of it where that is far too much. */
  readonly stdout: string;
  /** The last lines of its errors. */
  readonly stderr: string;
}

const MAX_STDOUT_BYTES = 1024 * 1024;
const KEPT_ERROR_LINES = 8;
/** From the polite signal to the one that kills, in milliseconds. */
const KILL_AFTER_MS = 1_000;

/**
 * Runs a program to its end. Resolves with its exit code, whatever that is. Rejects with the system's error where it
 * cannot be started, with `guacd-timeout` where it takes too long, and with `aborted`; it has been killed then.
 */
export function runCommand(options: CommandOptions): Promise<CommandResult> {
  const { program, args, environment, timeoutMs, signal, onLine = () => {} } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(program));
    const child = spawn(program, [...args], {
      cwd: '/',
      env: environment,
      // Its own session: a Ctrl+C in the terminal reaches the outpost only.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stdout = '';
    const errors: string[] = [];
    let cut: SallyportError | undefined;
    let kill: NodeJS.Timeout | undefined;
    const end = (why: SallyportError) => {
      cut ??= why;
      child.kill('SIGTERM');
      kill ??= setTimeout(() => {
        child.kill('SIGKILL');
        // What it started may hold its output open for ever.
        settle(null);
      }, KILL_AFTER_MS);
    };
    const onAbort = () => end(cancelled(program));
    const timer = setTimeout(() => end(tooSlow(program, args, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    const tidy = () => {
      clearTimeout(timer);
      clearTimeout(kill);
      signal?.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const settle = (code: number | null) => {
      tidy();
      if (cut) reject(cut);
      else resolve({ code, stdout, stderr: errors.join('\n') });
    };
    const out = new LineReader(onLine);
    const err = new LineReader((line) => {
      errors.push(line);
      if (errors.length > KEPT_ERROR_LINES) errors.shift();
      onLine(line);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      if (stdout.length < MAX_STDOUT_BYTES) stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    for (const stream of [child.stdout, child.stderr]) stream.on('error', () => {});
    child.once('error', (error) => {
      tidy();
      reject(error);
    });
    child.once('close', (code) => {
      out.end();
      err.end();
      settle(code);
    });
  });
}

function cancelled(program: string): SallyportError {
  return new SallyportError('aborted', `${program} was cancelled.`);
}

function tooSlow(program: string, args: readonly string[], timeoutMs: number): SallyportError {
  const what = `“${program} ${args[0] ?? ''}”`;
  return new SallyportError('guacd-timeout', `${what} did not end within ${timeoutMs / 1000} s.`);
}
