import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';
import { Ring } from '../../base/ring.ts';
import { SallyportError } from '../../errors.ts';
import type { GuacdContainer } from '../../status.ts';
import { type Exit, type GuacdProcess, spawnGuacd } from '../process.ts';
import type { StartedGuacd } from '../runner.ts';
import { parseVersion } from '../version.ts';
import { type ContainerPlan, runArguments } from './arguments.ts';
import type { Engine } from './engine.ts';
import { containerFailure, lastWords } from './failures.ts';
import { isGone } from './leftovers.ts';

export interface StartOptions {
  /** What is told of it. */
  readonly container: GuacdContainer;
  readonly onLine: (line: string) => void;
  readonly removeTimeoutMs: number;
  readonly logger: Logger;
}

/** With these an engine, or the shell in the container, says that what was asked for never began. */
const NEVER_BEGAN = [125, 126, 127];
/** How long the engine's command may live on after its container, in milliseconds. */
const FOLLOWS_MS = 2_000;
const REMOVE_TRIES = 2;
const KEPT_LINES = 8;

/** Runs the container, attached: the engine's command lives as long as guacd does, and hands on what it prints. */
export async function startContainer(
  engine: Engine,
  plan: ContainerPlan,
  { container, onLine, removeTimeoutMs, logger }: StartOptions,
): Promise<StartedGuacd> {
  let hasTold = false;
  let tell: (version: string | null) => void = () => {};
  const version = new Promise<string | null>((resolve) => {
    tell = resolve;
  });
  const last = new Ring<string>(KEPT_LINES);
  const { program, environment } = engine;
  const command = await spawnGuacd({
    executable: program,
    args: runArguments(plan),
    environment,
    onLine: (line) => {
      const told = hasTold ? null : parseVersion(line);
      if (told !== null) {
        hasTold = true;
        return tell(told);
      }
      last.push(line);
      onLine(line);
    },
  });
  const exited = command.exited.then((exit): Exit => {
    tell(null);
    if (!hasTold && NEVER_BEGAN.includes(exit.code ?? 0))
      return { ...exit, failure: neverBegan(engine, container, lastWords(last.toArray().join('\n'))) };
    return throughEngine(exit);
  });
  return {
    exited,
    version,
    container,
    facts: { engine: engine.kind, engine_version: engine.version, image: container.image, name: plan.name },
    end: () => remove(engine, plan.name, command, { removeTimeoutMs, logger }),
    killNow: () => {
      // It outlives this process: nobody can wait for it any more.
      const options = { detached: true, stdio: 'ignore', env: environment, windowsHide: true } as const;
      spawn(program, ['rm', '--force', plan.name], options)
        .on('error', () => {})
        .unref();
    },
  };
}

async function remove(
  engine: Engine,
  name: string,
  command: GuacdProcess,
  { removeTimeoutMs, logger }: Pick<StartOptions, 'removeTimeoutMs' | 'logger'>,
): Promise<void> {
  let reason = '';
  for (let tries = 1; tries <= REMOVE_TRIES; tries += 1) {
    let removed = false;
    try {
      const answer = await engine.run(['rm', '--force', name], { timeoutMs: removeTimeoutMs });
      removed = answer.code === 0 || isGone(answer.stderr);
      if (!removed) reason = lastWords(answer.stderr);
    } catch (error) {
      reason = SallyportError.from(error, engine.program).message;
    }
    const followed = await Promise.race([command.exited, sleep(FOLLOWS_MS)]);
    if (removed && followed) return;
    // It may be about to make the container that was not there yet: once it is gone, there will be none.
    if (!followed) await kill(command);
    if (removed && tries === REMOVE_TRIES) return;
  }
  logger.log('error', 'the container of guacd could not be removed', { name, reason });
}

async function kill({ pid, exited }: GuacdProcess): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
  await exited;
}

/** An engine tells of a signal as shells do, with 128 added to its number. */
function throughEngine({ code, signal }: Exit): Exit {
  const number = (code ?? 0) - 128;
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known && isSignal(known[0]) ? { code: null, signal: known[0] } : { code, signal };
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

function neverBegan({ name, kind }: Engine, { image }: GuacdContainer, why: string): SallyportError {
  return containerFailure(
    `${name} could not run guacd out of ${image}: ${why}`,
    `Try it by hand as the outpost’s user: “${kind} run --rm --entrypoint /bin/sh ${image} -c 'guacd -v'”. The image needs /bin/sh and guacd.`,
  );
}
