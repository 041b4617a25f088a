import type { Readable, Writable } from 'node:stream';
import { wantsColour } from '../core/telemetry/terminal-line.ts';
import { type Style, wantsUnicode } from './view/style.ts';

/** A stream that may be a terminal. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

/** The world of one run of the command: a test brings its own. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  /** Calls `listener` when the person presses Ctrl-C, until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: Date.now,
    onInterrupt: (listener) => {
      process.on('SIGINT', listener);
      return () => process.removeListener('SIGINT', listener);
    },
  };
}

/** How to write on this output. */
export function styleOf({ env }: Pick<Io, 'env'>, output: Output): Style {
  return {
    colour: wantsColour(output.isTTY, env),
    unicode: wantsUnicode(env, process.platform),
    width: output.isTTY ? Math.max(40, output.columns ?? 80) : null,
  };
}

/** Writes whole lines; resolves when the output took them, so that a slow pipe slows the writer. */
export function writeLines(output: Output, lines: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    // An output that went away (`| head`) is the end of the command, not a failure of it.
    output.write(lines.map((line) => `${line}\n`).join(''), () => resolve());
  });
}

export function writeJson(output: Output, value: unknown): Promise<void> {
  return writeLines(output, [JSON.stringify(value, null, 2)]);
}

/** Everything that standard input brings, as text; throws `tooLong()` as soon as it is more than `maxBytes`. */
export async function readAll(stdin: Input, maxBytes: number, tooLong: () => Error): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxBytes) throw tooLong();
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
