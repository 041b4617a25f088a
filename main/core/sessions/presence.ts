import { performance } from 'node:perf_hooks';
import { setTimeout as later } from 'node:timers/promises';
import type { Session } from './session.ts';

/** How often a session is looked at whose person may have gone, in milliseconds. */
const LOOK_MS = 50;

/**
 * Whether the session waits for a person. One that is live may have lost its person without anybody having said so:
 * whoever is there says something within `presumedGoneMs`. No longer looked at when `signal` aborts.
 */
export async function isLeft(
  session: Session,
  presumedGoneMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const askedAt = performance.now();
  while (session.state === 'live' && !signal.aborted) {
    const { silentMs } = session;
    if (silentMs >= presumedGoneMs) session.presumeGone();
    else if (silentMs < performance.now() - askedAt) return false;
    else await later(LOOK_MS);
  }
  return session.state === 'held';
}
