import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import { controlAddress, thisHost } from '../../../main/core/settings/paths.ts';
import { until } from '../../../practice/authentik/until.ts';

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');

/** How a program ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built programs with a state directory of their own, and nothing of this machine's environment but PATH. */
export class Programs {
  readonly stateDir: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(stateDir: string) {
    this.stateDir = stateDir;
  }

  static async make(): Promise<Programs> {
    return new Programs(join(await mkdtemp(join(tmpdir(), 'sp-process-')), 'state'));
  }

  /** A guacd that is not there keeps these tests to the process itself. */
  environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      SALLYPORT_STATE_DIR: this.stateDir,
      SALLYPORT_GUACD: '127.0.0.1:1',
      AUTHENTIK_LISTEN__METRICS: 'off',
      ...more,
    };
  }

  start(program: 'outpost' | 'sallyport', args: readonly string[], more?: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [join(DIST, `${program}.cjs`), ...args], {
      env: this.environment(more),
      stdio: 'pipe',
    });
    this.#children.add(child);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      said.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      said.stderr += String(chunk);
    });
    const ended: Promise<Ended> = once(child, 'close').then(() => {
      this.#children.delete(child);
      return { code: child.exitCode, ...said };
    });
    return { child, said, ended };
  }

  /** Runs a program to its end. */
  run(
    program: 'outpost' | 'sallyport',
    args: readonly string[],
    { input = '', more }: { input?: string; more?: Readonly<Record<string, string>> } = {},
  ): Promise<Ended> {
    const { child, ended } = this.start(program, args, more);
    child.stdin.end(input);
    return ended;
  }

  /** The control socket of the outpost that has just been started here. */
  async control(): Promise<ControlClient> {
    const { path } = controlAddress(this.stateDir, thisHost(this.environment()));
    for (let tries = 0; ; tries += 1) {
      try {
        return await connectControl(path);
      } catch (error) {
        if (tries > 1_000) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async end(): Promise<void> {
    const closed = [...this.#children].map((child) => once(child, 'close'));
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(closed);
    await rm(join(this.stateDir, '..'), { recursive: true, force: true });
  }
}

/** Resolves when `holds` is content with the status of the outpost behind `control`. */
export async function untilStatus(
  control: ControlClient,
  holds: (status: Awaited<ReturnType<typeof statusOf>>) => boolean,
): Promise<void> {
  let latest = await control.request('status/subscribe', {});
  await until(
    () => holds(latest),
    (hear) =>
      control.on('status/changed', (status) => {
        latest = status;
        hear();
      }),
  );
}

function statusOf(control: ControlClient) {
  return control.request('status', {});
}
