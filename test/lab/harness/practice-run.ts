import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marked } from '../../../practice/machines/leftovers.ts';
import { DIST, eventually } from './lab.ts';

export interface PracticeRunOptions {
  /** Which of the programs in `dist/`; `practice.cjs` unless told. */
  readonly program?: string;
  /** What follows the program. */
  readonly args: readonly string[];
  /** What the whole command is started by; itself unless told. */
  readonly by?: (command: readonly string[]) => readonly string[];
  /** Where programs are looked for; as in this process unless told. */
  readonly path?: string;
  /** An earlier run whose temporary folder is used again. */
  readonly after?: PracticeRun;
}

/** Practice, or a check of it, as a process of its own, in a temporary folder of its own. */
export class PracticeRun {
  /** Everything it starts has its folder in here, and carries it as its mark. */
  readonly folder: string;
  readonly child: ChildProcess;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  #output = '';

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    this.ended = once(child, 'close').then(() => child.exitCode);
  }

  static async start({
    program: name = 'practice.cjs',
    args,
    by = (command) => command,
    path,
    after,
  }: PracticeRunOptions): Promise<PracticeRun> {
    const program = join(DIST, name);
    if (!existsSync(program)) throw new Error(`${name} is not built. Build it first: npm run build`);
    const folder = after?.folder ?? (await mkdtemp(join(tmpdir(), 'sallyport-run-')));
    const [first = '', ...rest] = by([process.execPath, program, ...args]);
    const child = spawn(first, rest, {
      env: { PATH: path ?? process.env['PATH'], LANG: 'C.UTF-8', TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new PracticeRun(folder, child);
  }

  /** What it has said so far, complaints included. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when it has said something that fits; rejects with all it said where it ends, or says nothing such. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await eventually(() => {
      found ??= pattern.exec(this.#output);
      if (found === null && this.child.exitCode !== null)
        throw new Error(`It ended, saying: ${this.#output}`);
      return found !== null;
    });
    if (found === null) throw new Error(`It said only: ${this.#output}`);
    return found;
  }

  /** What is left of it: files and folders, and pids. */
  async left(): Promise<{ readonly folders: string[]; readonly processes: number[] }> {
    return { folders: await readdir(this.folder), processes: await marked(this.folder) };
  }

  /** Ends what a failed test has left. */
  async clear(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
