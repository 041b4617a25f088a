import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../machines/programs.ts';

/** A screen and a session bus. */
export interface DesktopSession {
  readonly display: string;
  readonly bus: string;
  end(): Promise<void>;
}

/** What of a session is there already, and is not ended with it. */
export type GivenSession = Partial<Pick<DesktopSession, 'display' | 'bus'>>;

/** Starts Xvfb and a bus where they are not given; both choose their own address. */
export async function startSession(given: GivenSession = {}): Promise<DesktopSession> {
  const children: ChildProcess[] = [];
  const end = async () => {
    await Promise.all(children.map(stop));
  };
  const started = (name: string, args: readonly string[]): Promise<string> => {
    const child = start(name, args);
    children.push(child);
    return firstLine(child);
  };
  try {
    const [display, bus] = await Promise.all([
      given.display ??
        started('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp']).then(
          (number) => `:${number}`,
        ),
      given.bus ?? started('dbus-daemon', ['--session', '--nofork', '--print-address=1']),
    ]);
    return { display, bus, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function start(name: string, args: readonly string[]): ChildProcess {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed: npm run setup`);
  return spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error('It did not say where it is.')), 60_000);
    stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('\n')) return;
      clearTimeout(timer);
      resolve(said.split('\n')[0] ?? '');
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await gone;
  clearTimeout(timer);
}
