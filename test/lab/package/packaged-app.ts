import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';

/** The packaged app as it runs, seen through Chromium's own port for tools: its inspector is switched off. */
export interface PackagedApp {
  readonly said: () => string;
  /** Resolves when the console's page is there. */
  window(): Promise<PackagedPage>;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export interface PackagedPage {
  readonly title: string;
  /** The value of an expression in the page, promises waited for. */
  evaluate(expression: string): Promise<unknown>;
}

/** Root may not use Chromium's sandbox of processes; whoever is somebody else does. */
export const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const TEST_ARGUMENTS = ['--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'];

const pages = v.array(v.object({ url: v.string(), title: v.string(), webSocketDebuggerUrl: v.string() }));
const answer = v.object({ result: v.object({ result: v.object({ value: v.unknown() }) }) });

export interface PackagedOptions {
  /** The program, perhaps with what starts it in front. */
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function startPackaged({ command, args = [], environment }: PackagedOptions): PackagedApp {
  const [program = '', ...first] = command;
  const child = spawn(program, [...first, ...TEST_ARGUMENTS, ...args], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
    });
  const gone = once(child, 'exit');
  return {
    said: () => said,
    ended: gone,
    window: async () => {
      const port = await within(
        60_000,
        () => /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1],
      );
      const found = await within(60_000, async () => {
        const list = v.parse(pages, await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
        return list.find(({ url, title }) => url === 'app://console/' && title.includes('Sallyport'));
      });
      return {
        title: found.title,
        evaluate: (expression) => evaluate(found.webSocketDebuggerUrl, expression),
      };
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

async function evaluate(address: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(address);
  try {
    await once(socket, 'open');
    const params = { expression, awaitPromise: true, returnByValue: true };
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    const [message] = await once(socket, 'message');
    return v.parse(answer, JSON.parse(String(message))).result.result.value;
  } finally {
    socket.close();
  }
}

/** The first thing that `look` finds. */
export async function within<T>(
  timeoutMs: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; ) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Within ${timeoutMs / 1000} s nothing was found by: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
