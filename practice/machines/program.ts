import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Ring } from '../../main/core/base/ring.ts';
import { SallyportError } from '../../main/core/errors.ts';
import { MARKER } from './leftovers.ts';
import { findProgram } from './programs.ts';

const GRACE_MS = 2_000;
const LAST_WORDS_MS = 100;
const KEPT_LINES = 5;

export interface ProgramOptions {
  /** Added to a small environment of its own; nothing else of ours is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The folder of the machine it belongs to: how leftovers are told from strangers. */
  readonly dir: string;
  readonly log: (line: string) => void;
  /** What it is called in the log and in what is told of its end; the program's own name unless told. */
  readonly name?: string;
  /** What of a line is kept as its last words, if anything; the line as it is unless told. */
  readonly words?: (line: string) => string | undefined;
  /** Milliseconds between asking it to end and ending it; 2 s unless told. */
  readonly graceMs?: number;
  /** Gives the program a pipe as file descriptor 3, to be read from `messages`. */
  readonly messages?: boolean;
}

/** A server that runs in a process group of its own, and that does not outlive this process. */
export interface Program {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Rejects with what the program said last when it ends, whatever the reason; never resolves. */
  readonly ended: Promise<never>;
  /** What it writes to file descriptor 3. */
  readonly messages: Readable | undefined;
  /** Asks it to end, then ends it. Resolves when it is gone; may be called twice. */
  stop(): Promise<void>;
}

/** Starts a program in the background. Its failure to start shows in `ended`. */
export function startProgram(path: string, args: readonly string[], options: ProgramOptions): Program {
  const [command, ...rest] = bound([path, ...args]);
  const child = spawn(command, rest, {
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', options.messages ? 'pipe' : 'ignore'],
    env: { PATH: searchPath(), LANG: 'C.UTF-8', [MARKER]: options.dir, ...options.env },
  });
  const { name = path.slice(path.lastIndexOf('/') + 1), words = (line: string) => line } = options;
  const lastLines = new Ring<string>(KEPT_LINES);
  for (const output of [child.stdout, child.stderr]) {
    if (output)
      eachLine(output, (line) => {
        const said = words(line);
        if (said !== undefined) lastLines.push(said);
        options.log(`${name}: ${line}`);
      });
  }
  const closed = once(child, 'close').catch(() => undefined);
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `it ended with code ${code}` : `it got ${signal}`;
      // Its last words are still on their way; but a session it has started may keep its output open for long.
      void Promise.race([closed, delay(LAST_WORDS_MS)]).then(() => resolve(how));
    });
  });
  const ended = gone.then((how): never => {
    const said = lastLines.toArray().join(' | ');
    throw new SallyportError(
      'internal',
      `${name} is gone: ${how}${said === '' ? '' : ` after saying: ${said}`}.`,
    );
  });
  // Whoever waits gets the rejection; without anybody waiting it is no accident.
  ended.catch(() => undefined);
  const pipe = child.stdio[3];
  return {
    pid: child.pid,
    ended,
    messages: pipe && 'read' in pipe ? pipe : undefined,
    stop: () => endGroup(child, gone, options.graceMs ?? GRACE_MS),
  };
}

/** Runs a program to its end. Rejects with what it said when it fails or takes longer than `timeoutMs`. */
export async function runProgram(
  path: string,
  args: readonly string[],
  { input = '', timeoutMs = 60_000, cwd }: { input?: string; timeoutMs?: number; cwd: string },
): Promise<Buffer> {
  const child = spawn(path, args, {
    cwd,
    stdio: 'pipe',
    timeout: timeoutMs,
    env: { PATH: searchPath(), HOME: cwd },
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    const said = Buffer.concat(complaints).toString('utf8').trim().slice(-500);
    throw new SallyportError('internal', `${path} failed with code ${code}: ${said}`);
  }
  return Buffer.concat(output);
}

/** With util-linux's setpriv the kernel itself ends the program when this process dies, whatever it dies of. */
function bound(command: [string, ...string[]]): [string, ...string[]] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'TERM', ...command];
}

async function endGroup(child: ChildProcess, gone: Promise<string>, graceMs: number): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const waiting = new AbortController();
  await Promise.race([gone, delay(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  // What the program started may still be there when it is gone itself.
  signalGroup(child, 'SIGKILL');
  await gone;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

function eachLine(stream: Readable, hear: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-10_000);
    for (const line of lines) if (line.trim() !== '') hear(line.trimEnd());
  });
}

function searchPath(): string {
  return process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
}
