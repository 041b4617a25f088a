import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { SallyportError } from '../../errors.ts';
import { type CommandOptions, type CommandResult, runCommand } from './command.ts';
import { decodeEngineInfo, type EngineInfo } from './engine-info.ts';
import { engineEnvironment } from './environment.ts';
import { containerFailure, ENGINE_NAMES, lastWords } from './failures.ts';

export interface FindEngineOptions {
  /** `auto` takes Podman before Docker; `podman`, `docker`, or the path of either one's program. */
  readonly engine: string;
  /** The outpost's own; only some of it is passed on. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Where packages put engines without PATH knowing. */
  readonly usualDirs?: readonly string[];
  /** How long an engine may take to say that it is there, in milliseconds. */
  readonly timeoutMs?: number;
}

type Options = Pick<CommandOptions, 'timeoutMs' | 'signal' | 'onLine'> & {
  /** Default: the engine's. */
  readonly environment?: NodeJS.ProcessEnv;
};

/** Podman or Docker, with a service that answers. */
export interface Engine extends EngineInfo {
  readonly name: string;
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs one of its commands to the end; rejects as `runCommand` does. */
  run(args: readonly string[], options: Options): Promise<CommandResult>;
}

export const USUAL_ENGINE_DIRS = [
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/podman/bin',
  'C:\\Program Files\\RedHat\\Podman',
  'C:\\Program Files\\Docker\\Docker\\resources\\bin',
] as const;

const INSTALL =
  'Install Podman (Debian and Ubuntu: “apt install podman”, Fedora: “dnf install podman”) or Docker, or choose another guacd with SALLYPORT_GUACD: managed, or host:port.';

/**
 * The engine to run containers with: the first whose service answers. Rejects with `guacd-container`, which says for
 * each that is there why it was not taken, or with `aborted`.
 */
export async function findEngine(options: FindEngineOptions): Promise<Engine> {
  const { engine, environment, signal, timeoutMs = 20_000 } = options;
  const unfit: SallyportError[] = [];
  for (const program of await programs(options)) {
    try {
      return await asked(
        program,
        engineEnvironment(withOwnDirectory(environment, program)),
        signal,
        timeoutMs,
      );
    } catch (error) {
      const failure = SallyportError.from(error, program, 'guacd-container');
      if (failure.code === 'aborted') throw failure;
      unfit.push(failure);
    }
  }
  const [first, ...others] = unfit;
  if (first) {
    const message = [first, ...others].map((failure) => failure.message).join(' ');
    throw containerFailure(message, first.advice ?? INSTALL, first);
  }
  throw notThere(engine);
}

async function asked(
  program: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Engine> {
  // What the file is called, until it says itself what it is: Podman can stand in for Docker.
  const called = /docker/i.test(basename(program)) ? 'docker' : 'podman';
  refuseElsewhere(called, environment);
  const run = (args: readonly string[], options: Options) =>
    runCommand({ program, args, environment, ...options });
  let answer: CommandResult;
  try {
    answer = await run(['info', '--format', '{{json .}}'], { signal, timeoutMs });
  } catch (error) {
    const failure = SallyportError.from(error, program, 'guacd-container');
    if (failure.code === 'aborted') throw failure;
    throw unusable(called, program, failure.message);
  }
  const info = decodeEngineInfo(answer.stdout);
  if (typeof info === 'string') throw unusable(called, program, lastWords(info));
  if (answer.code !== 0 || info === null) throw unusable(called, program, lastWords(answer.stderr));
  return { ...info, name: ENGINE_NAMES[info.kind], program, environment, run };
}

/** guacd's port would be on that machine's loopback, and its files there. */
function refuseElsewhere(kind: EngineInfo['kind'], environment: NodeJS.ProcessEnv): void {
  const variable = kind === 'docker' ? 'DOCKER_HOST' : 'CONTAINER_HOST';
  const host = environment[variable] ?? '';
  if (!/^(tcp|ssh|https?):/i.test(host)) return;
  throw containerFailure(
    `${ENGINE_NAMES[kind]} runs containers on another machine here (${variable}); guacd’s port would be there and not on this host.`,
    `Unset ${variable} for the outpost, or run guacd there and name it with SALLYPORT_GUACD=host:port.`,
  );
}

function unusable(kind: EngineInfo['kind'], program: string, why: string): SallyportError {
  const message = `${ENGINE_NAMES[kind]} is installed (${program}), but cannot be used: ${why}`;
  return containerFailure(message, unusableAdvice(kind, why));
}

function unusableAdvice(kind: EngineInfo['kind'], why: string): string {
  if (/permission denied|EACCES|not permitted/i.test(why))
    return kind === 'docker'
      ? 'Install Podman, which needs no right of root’s, or add the outpost’s user to the group “docker”, which makes it as good as root.'
      : 'Look with “podman info” as the outpost’s user; a user of the system needs lines in /etc/subuid and /etc/subgid for it.';
  if (/connect|is the docker daemon running|no such file|socket|service/i.test(why))
    return kind === 'docker'
      ? 'Start it: “sudo systemctl start docker”, or Docker Desktop.'
      : 'Start it: “podman machine start” on macOS and Windows, “systemctl --user start podman.socket” for a service of one’s own.';
  return `Look with “${kind} info” as the outpost’s user.`;
}

function notThere(engine: string): SallyportError {
  if (engine === 'auto')
    return containerFailure(
      'Neither Podman nor Docker was found on this host, neither on the PATH nor where packages put them.',
      INSTALL,
    );
  if (engine === 'podman' || engine === 'docker')
    return containerFailure(
      `${ENGINE_NAMES[engine]} was not found on this host, neither on the PATH nor where packages put it.`,
      INSTALL,
    );
  return containerFailure(
    `There is no program at ${engine} that could be run.`,
    'Set SALLYPORT_GUACD_ENGINE to auto, podman, docker, or the path of either one’s program.',
  );
}

async function programs({ engine, environment, usualDirs }: FindEngineOptions): Promise<string[]> {
  const names = engine === 'auto' ? ['podman', 'docker'] : [engine];
  const found: string[] = [];
  for (const name of names) {
    const places = name === 'podman' || name === 'docker' ? placesOf(name, environment, usualDirs) : [name];
    for (const place of places) {
      if (!(await canRun(place))) continue;
      found.push(place);
      break;
    }
  }
  return found;
}

function placesOf(
  name: string,
  environment: NodeJS.ProcessEnv,
  usualDirs: readonly string[] = USUAL_ENGINE_DIRS,
): string[] {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  // An empty entry in PATH means the current directory, which is no place to start a program from.
  const path = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return [...path, ...usualDirs].map((directory) => join(directory, file));
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** An app that was started from a menu has a short PATH; engines look on it for what they are made of. */
function withOwnDirectory(environment: NodeJS.ProcessEnv, program: string): NodeJS.ProcessEnv {
  const path = [environment['PATH'], dirname(program)].filter((part) => part !== undefined && part !== '');
  return { ...environment, PATH: path.join(delimiter) };
}
