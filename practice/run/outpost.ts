import { setTimeout as delay } from 'node:timers/promises';
import { type ControlClient, connectControl } from '../../main/control/client.ts';
import { SallyportError } from '../../main/core/errors.ts';
import { statePaths, thisHost } from '../../main/core/settings/paths.ts';
import { endMarked } from '../machines/leftovers.ts';
import { type Program, startProgram } from '../machines/program.ts';
import { graveWords } from './outpost-line.ts';

export interface OutpostOptions {
  /** What runs the outpost, such as Node and the bundle. */
  readonly command: readonly [program: string, ...args: string[]];
  /** A private folder: it keeps its state there, and what belongs to it is known by it. */
  readonly dir: string;
  /** Address of authentik, and the token for it: both reach the outpost through its environment. */
  readonly host: string;
  readonly token: string;
  /** Where it serves metrics; any free port of loopback unless told. */
  readonly metrics?: string;
  /** Variables beside, or instead of, those that practice sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears each line that the outpost writes. */
  readonly log?: (line: string) => void;
}

/** An outpost process of practice's own. */
export interface RunningOutpost {
  readonly pid: number;
  readonly stateDir: string;
  /** Connected from the start; its end is the end of the process, or close to it. */
  readonly control: ControlClient;
  /** Rejects in words when the process ends, whatever the reason; never resolves. */
  readonly ended: Promise<never>;
  /** Ends it as a service manager does, and its guacd where it could not. Resolves when they are gone. */
  stop(): Promise<void>;
}

const NAME = 'The outpost';
/** Longer than the outpost gives itself to end. */
const END_MS = 8_000;
const START_MS = 60_000;
const PAUSE_MS = 50;

/** What an outpost may see of our environment; it starts from nothing else, so that no setting leaks in. */
const HANDED_ON = ['TMPDIR', 'XDG_RUNTIME_DIR', 'TZ', 'LD_LIBRARY_PATH', 'SALLYPORT_GUACD_PATH'] as const;

/**
 * Starts an outpost and resolves when it answers on its control socket, which is before it is online. Rejects with
 * its last words where it ends instead, with `connect-timeout` where it does neither.
 */
export async function startOutpost(options: OutpostOptions): Promise<RunningOutpost> {
  const { command, dir, log = () => {} } = options;
  const environment = environmentOf(options);
  const [path, ...args] = command;
  const program = startProgram(path, args, {
    cwd: dir,
    dir,
    log: (line) => log(line.slice(NAME.length + 2)),
    name: NAME,
    words: graveWords,
    graceMs: END_MS,
    env: environment,
  });
  const stop = async (): Promise<void> => {
    await program.stop();
    await endMarked(dir);
  };
  try {
    const address = statePaths(dir, thisHost(environment)).control.path;
    const control = await Promise.race([program.ended, connect(address, program)]);
    const { pid } = program;
    // One that never began has ended above.
    if (pid === undefined) throw new SallyportError('internal', 'The outpost has no process id.');
    return {
      pid,
      stateDir: dir,
      control,
      ended: program.ended,
      stop: async () => {
        control.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environmentOf({ dir, host, token, metrics, environment }: OutpostOptions): Record<string, string> {
  const handed: Record<string, string> = {};
  for (const name of HANDED_ON) {
    const value = process.env[name];
    if (value !== undefined) handed[name] = value;
  }
  return {
    ...handed,
    AUTHENTIK_HOST: host,
    AUTHENTIK_TOKEN: token,
    AUTHENTIK_LISTEN__METRICS: metrics ?? '127.0.0.1:0',
    SALLYPORT_STATE_DIR: dir,
    SALLYPORT_GUACD: 'managed',
    // Everything is on this machine: a proxy could only be in the way.
    SALLYPORT_PROXY: 'none',
    ...environment,
  };
}

async function connect(address: string, program: Program): Promise<ControlClient> {
  let over = false;
  program.ended.catch(() => {
    over = true;
  });
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      return await connectControl(address);
    } catch (error) {
      if (over || Date.now() > deadline) throw error;
    }
    await delay(PAUSE_MS);
  }
}
