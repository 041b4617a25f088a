import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve as absolute, delimiter, join } from 'node:path';
import { SallyportError } from '../errors.ts';
import { parseVersion } from './version.ts';

export interface FindOptions {
  /** The admin's choice: this file and no other; null looks around. */
  readonly configured: string | null;
  /** Where the app keeps what it brings; null outside the app. */
  readonly resourcesDir: string | null;
  /** The environment to look at and to start guacd with; it holds nothing secret. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where packages put guacd without PATH knowing. */
  readonly usualDirs?: readonly string[];
  /** How long `guacd -v` may take, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface FoundGuacd {
  readonly executable: string;
  /** Such as `1.6.0`; null where `guacd -v` did not tell. */
  readonly version: string | null;
}

export const USUAL_DIRS = ['/usr/sbin', '/usr/local/sbin', '/opt/guacamole/sbin'] as const;

const MAX_VERSION_OUTPUT = 16_384;
const ADVICE =
  'Install guacd (Debian and Ubuntu: “apt install guacd”, Fedora: “dnf install guacd”), run it in a container (“sallyport config set guacd.target container”, with Podman or Docker), or name one elsewhere (“sallyport config set guacd.target guacd.example.org:4822”).';

/**
 * The guacd to start: the first that is there and can be run. Rejects with `guacd-missing`, which says where it
 * looked and why a file that is there was not taken.
 */
export async function findGuacd(options: FindOptions): Promise<FoundGuacd> {
  const { configured, environment, timeoutMs = 5_000 } = options;
  const unfit: string[] = [];
  for (const executable of candidates(options)) {
    if (!(await isFile(executable))) continue;
    try {
      await access(executable, constants.X_OK);
      return { executable, version: parseVersion(await printVersion(executable, environment, timeoutMs)) };
    } catch (error) {
      unfit.push(`${executable} cannot be run (${whyUnfit(error)})`);
    }
  }
  if (unfit.length > 0) throw missing(`guacd cannot be started: ${unfit.join('; ')}.`);
  if (configured !== null) throw missing(`There is no guacd at ${configured}.`);
  throw missing('guacd was not found on this host, neither on the PATH nor where packages put it.');
}

function candidates({
  configured,
  resourcesDir,
  environment,
  usualDirs = USUAL_DIRS,
}: FindOptions): string[] {
  if (configured !== null) return [absolute(configured)];
  const brought =
    resourcesDir === null ? [] : [join(resourcesDir, 'guacd', 'sbin'), join(resourcesDir, 'guacd')];
  // An empty entry in PATH means the current directory, which is no place to start a daemon from.
  const path = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return [...new Set([...brought, ...path, ...usualDirs].map((directory) => join(directory, 'guacd')))];
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** What `guacd -v` prints. Rejects when it cannot be run or hangs; an exit code says nothing against it. */
function printVersion(executable: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: timeoutMs, maxBuffer: MAX_VERSION_OUTPUT, killSignal: 'SIGKILL' } as const;
    execFile(executable, ['-v'], { env, ...limits }, (error, stdout, stderr) => {
      const couldNotRun = error !== null && (typeof error.code === 'string' || error.killed === true);
      if (couldNotRun && error.code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') reject(error);
      else resolve(`${stdout}\n${stderr}`);
    });
  });
}

/** The system's code, such as `EACCES`; one that was killed for taking too long has null for a code. */
function whyUnfit(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'it hangs';
}

function missing(message: string): SallyportError {
  return new SallyportError('guacd-missing', message, { advice: ADVICE });
}
