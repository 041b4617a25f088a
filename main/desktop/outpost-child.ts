import { utilityProcess } from 'electron';
import { LastWords } from './last-words.ts';
import type { OutpostChild } from './outpost-host.ts';

/** Variables of this process that are none of a child's business. */
const OWN = /^(?:ELECTRON_|CHROME_|NODE_OPTIONS$)/;

export interface ChildOptions {
  /** Hears its standard output, line by line. */
  readonly line?: (line: string) => void;
  /** What a sentence for people looks like on its standard error. */
  readonly spoken?: RegExp;
}

/**
 * Starts one of our own bundles as a utility process: it ends with the app, whatever happens to that. Its standard
 * output is handed to `line`; of its standard error the last words are kept.
 */
export function startChild(
  bundle: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { line, spoken }: ChildOptions = {},
): OutpostChild {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && !OWN.test(name)) env[name] = value;
  const child = utilityProcess.fork(bundle, [...args], {
    env,
    stdio: 'pipe',
    serviceName: 'Sallyport outpost',
  });
  const words = new LastWords(undefined, spoken);
  child.stderr?.on('data', (chunk: Buffer) => words.hear(chunk));
  const lines = new LastWords(line);
  child.stdout?.on('data', (chunk: Buffer) => lines.hear(chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let pid: number | undefined;
  child.once('spawn', () => {
    pid = child.pid;
  });
  return {
    get pid() {
      return pid;
    },
    ended: ended.then((code) => ({ code, words: words.told })),
    end: () => {
      child.kill();
    },
    kill: () => {
      if (pid === undefined) return;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went by itself.
      }
    },
  };
}
