import { readdirSync, readFileSync } from 'node:fs';

/** One process and everything that it has started, as the kernel tells of them. */
export interface Family {
  readonly pids: readonly number[];
  /** CPU time so far, in seconds, to the nanosecond; of those that are still there. */
  readonly cpuSeconds: number;
  /** How often one of their threads was woken up. */
  readonly wakeups: number;
}

/** `without`: processes that are left out, with all that they have started. */
export function familyOf(pid: number, without: readonly number[] = []): Family {
  const parents = new Map(allPids().map((one) => [one, parentOf(one)]));
  const pids = [pid];
  for (const one of pids)
    for (const [child, parent] of parents)
      if (parent === one && !without.includes(child) && !pids.includes(child)) pids.push(child);
  const threads = pids.flatMap(threadsOf);
  return {
    pids,
    cpuSeconds:
      threads.reduce((sum, thread) => sum + Number(read(`${thread}/schedstat`).split(' ')[0]), 0) / 1e9,
    wakeups: threads.reduce(
      (sum, thread) =>
        sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`${thread}/status`))?.[1] ?? 0),
      0,
    ),
  };
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch {
    return [];
  }
}

/** Empty for what has gone meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
