import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { until } from '../../../practice/authentik/until.ts';
import { DIST } from './lab.ts';

/** What came of a command line. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly stateDir: string;
  /** What its standard input brings. */
  readonly input?: string;
  /** Variables beside those that every shell has. */
  readonly environment?: Readonly<Record<string, string>>;
}

const LIMIT_MS = 120_000;

/** The built `sallyport`, as somebody runs it in a shell whose output goes into a pipe. */
export class RunningCommand {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #listeners = new Set<() => void>();
  readonly #ended: Promise<number | null>;
  #out = '';
  #err = '';

  constructor(args: readonly string[], { stateDir, input = '', environment }: CommandOptions) {
    this.#child = spawn(process.execPath, [join(DIST, 'sallyport.cjs'), ...args], {
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        SALLYPORT_STATE_DIR: stateDir,
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stdin.end(input);
    this.#child.stdout
      .setEncoding('utf8')
      .on('data', (chunk: string) => this.#hear(() => (this.#out += chunk)));
    this.#child.stderr
      .setEncoding('utf8')
      .on('data', (chunk: string) => this.#hear(() => (this.#err += chunk)));
    this.#ended = once(this.#child, 'close').then(([code]: unknown[]) =>
      typeof code === 'number' ? code : null,
    );
  }

  get out(): string {
    return this.#out;
  }

  /** Resolves when it has written `text`. */
  async untilSays(text: string): Promise<void> {
    await until(
      () => this.#out.includes(text),
      (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      { timeoutMs: 60_000, what: `the command says “${text}”` },
    );
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  async end(): Promise<Outcome> {
    const code = await this.#ended;
    return { code, out: this.#out, err: this.#err };
  }

  #hear(add: () => void): void {
    add();
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Runs a command to its end. */
export function command(args: readonly string[], options: CommandOptions): Promise<Outcome> {
  return new RunningCommand(args, options).end();
}
