import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, SallyportError } from '../../main/core/errors.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import type { RunningOutpost } from './outpost.ts';
import { orAborted } from './stop.ts';

/** How practice's outpost stands. `waiting`: it has ended by itself and is started again. */
export type OutpostState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly status: OutpostStatus }
  | { readonly kind: 'waiting'; readonly retryAt: number; readonly reason: Failure };

/** What of a running outpost is looked at here. */
export type KeptOutpost = Pick<RunningOutpost, 'ended' | 'stop'> & {
  readonly control: Pick<RunningOutpost['control'], 'request' | 'on'>;
};

export interface KeeperOptions {
  readonly launch: () => Promise<KeptOutpost>;
  readonly tell: (state: OutpostState) => void;
  /** Ends the outpost, and the keeping of it. */
  readonly signal: AbortSignal;
  /** Milliseconds before it is started again: the first time, doubling up to the last. */
  readonly pauseMs?: { readonly first: number; readonly last: number };
}

/** An outpost that lived as long as this did not end for what ended the one before. */
const STEADY_MS = 60_000;
/** So often in a row is it tried; then trying is of no use. */
const MAX_ENDS = 5;

/**
 * Keeps an outpost running: one that ends by itself is started again, each time after a longer pause. Resolves
 * with null when `signal` has ended it, or with why it was given up; either way it has ended by then.
 */
export async function keepOutpost(options: KeeperOptions): Promise<Failure | null> {
  const { launch, tell, signal, pauseMs = { first: 1_000, last: 15_000 } } = options;
  for (let ends = 0; !signal.aborted; ) {
    const began = performance.now();
    tell({ kind: 'starting' });
    const reason = await live(launch, tell, signal);
    if (reason === null) return null;
    ends = performance.now() - began > STEADY_MS ? 1 : ends + 1;
    if (ends >= MAX_ENDS) return reason;
    const pause = Math.min(pauseMs.last, pauseMs.first * 2 ** (ends - 1));
    tell({ kind: 'waiting', retryAt: Date.now() + pause, reason });
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** One life of an outpost: null where `signal` ended it, else why it ended. */
async function live(
  launch: KeeperOptions['launch'],
  tell: KeeperOptions['tell'],
  signal: AbortSignal,
): Promise<Failure | null> {
  let outpost: KeptOutpost | undefined;
  try {
    outpost = await launch();
    const { control, ended } = outpost;
    const hear = (status: OutpostStatus) => tell({ kind: 'running', status });
    control.on('status/changed', hear);
    // A request that fails means that the process is about to end, which is told there.
    control.request('status/subscribe', {}).then(hear, () => undefined);
    return await orAborted(ended, signal);
  } catch (error) {
    return signal.aborted ? null : SallyportError.from(error, 'The outpost').toFailure();
  } finally {
    await outpost?.stop();
  }
}
