import { describeStatus } from '../../main/core/describe.ts';
import { type ErrorCode, failureText, SallyportError } from '../../main/core/errors.ts';
import { takesSessions } from '../../main/core/health.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import type { RunningOutpost } from './outpost.ts';

export interface OnlineOptions {
  readonly timeoutMs?: number;
}

/** There is none to be started, however long one waits. */
const NO_GUACD = new Set<ErrorCode>(['guacd-missing', 'guacd-container']);

/**
 * Resolves when sessions can go through the outpost. Rejects with what keeps it from that: at once where waiting
 * is of no use (its process ended, guacd is not installed), else when the time is over.
 */
export function untilOnline(
  { control, ended }: Pick<RunningOutpost, 'control' | 'ended'>,
  { timeoutMs = 60_000 }: OnlineOptions = {},
): Promise<OutpostStatus> {
  return new Promise((resolve, reject) => {
    let latest: OutpostStatus | undefined;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      settle();
    };
    const look = (status: OutpostStatus) => {
      latest = status;
      if (takesSessions(status)) finish(() => resolve(status));
      else if (status.guacd.kind === 'down' && NO_GUACD.has(status.guacd.reason.code)) {
        const { code, message, advice } = status.guacd.reason;
        finish(() => reject(new SallyportError(code, message, { advice })));
      }
    };
    const timer = setTimeout(() => finish(() => reject(tooLate(latest, timeoutMs))), timeoutMs);
    const unsubscribe = control.on('status/changed', look);
    const fail = (error: unknown) => finish(() => reject(error));
    ended.catch(fail);
    control.request('status/subscribe', {}).then(look, fail);
  });
}

function tooLate(status: OutpostStatus | undefined, timeoutMs: number): SallyportError {
  const within = `The outpost was not online within ${timeoutMs / 1000} s`;
  if (status === undefined) return new SallyportError('connect-timeout', `${within}; it said nothing.`);
  const { sentence, advice } = describeStatus(status, Date.now());
  const text = failureText({ code: 'connect-timeout', message: sentence, ...(advice ? { advice } : {}) });
  return new SallyportError('connect-timeout', `${within}: ${text}`);
}
