import { setTimeout as sleep } from 'node:timers/promises';
import { belongsTo, familyOf, listProcesses, listProcessesNow } from './processes.ts';

export interface EndingOptions {
  /** How long processes may take to end themselves before they are killed, in milliseconds. */
  readonly graceMs: number;
  /** How long killed ones may take to be gone, in milliseconds. */
  readonly killWaitMs?: number;
}

const LOOK_EVERY_MS = 25;

/** The processes of the guacd that was started as `leader` for `owner`, those of its connections included. */
export async function guacdFamily(leader: number, owner: string): Promise<number[]> {
  const pids: number[] = [];
  for (const { pid } of familyOf(leader, await listProcesses())) {
    // A number may have been given to somebody else by now; what is known to be no guacd of ours is left alone.
    if ((await belongsTo(owner, pid)) !== false) pids.push(pid);
  }
  return pids;
}

/**
 * Ends what `find` finds: a polite signal, after `graceMs` one that cannot be refused. Resolves with those that are
 * still there after all, normally none; never rejects.
 */
export async function endProcesses(
  find: () => Promise<readonly number[]>,
  { graceMs, killWaitMs = 2_000 }: EndingOptions,
): Promise<readonly number[]> {
  let left = await signalUntilGone(find, 'SIGTERM', graceMs);
  if (left.length > 0) left = await signalUntilGone(find, 'SIGKILL', killWaitMs);
  return left;
}

/**
 * Kills the guacd that runs as `leader`, with the processes of its connections, before it returns. Where the system
 * does not tell in one go which those are, its group alone; they end by themselves then, when nobody reads them.
 */
export function killFamilyNow(leader: number): void {
  for (const { pid } of familyOf(leader, listProcessesNow())) tell(pid, 'SIGKILL');
  tell(-leader, 'SIGKILL');
}

async function signalUntilGone(
  find: () => Promise<readonly number[]>,
  signal: 'SIGTERM' | 'SIGKILL',
  waitMs: number,
): Promise<readonly number[]> {
  const until = Date.now() + waitMs;
  const told = new Set<number>();
  for (;;) {
    const left = await find();
    for (const pid of left) {
      // Once each: a second SIGTERM would interrupt a process that is tidying up.
      if (!told.has(pid)) tell(pid, signal);
      told.add(pid);
    }
    if (left.length === 0 || Date.now() >= until) return left;
    await sleep(LOOK_EVERY_MS);
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or not ours to signal: the next look tells.
  }
}
