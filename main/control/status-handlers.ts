import type { Unsubscribe } from '../core/base/emitter.ts';
import type { OutpostStatus } from '../core/status.ts';
import { isNews, memberView } from './member-view.ts';
import type { ControlContext, ControlHandlers } from './requests.ts';

/** Least time between two `status/changed` of one connection, in ms. */
const STATUS_EVERY_MS = 200;

export interface StatusSource {
  status(): OutpostStatus;
  onStatus(listener: () => void): Unsubscribe;
}

/** The contract's requests about how the outpost is, each answered as far as who asks may see it. */
export function statusHandlers(
  outpost: StatusSource,
  everyMs = STATUS_EVERY_MS,
): Pick<ControlHandlers, 'status' | 'status/subscribe' | 'sessions'> {
  return {
    status: (_, context) => seenBy(outpost, context),
    'status/subscribe': (_, context) => {
      const status = seenBy(outpost, context);
      context.once('status', () => followStatus(outpost, status, everyMs, context));
      return status;
    },
    sessions: (_, context) => ({ sessions: seenBy(outpost, context).sessions }),
  };
}

function seenBy(outpost: StatusSource, { member }: Pick<ControlContext, 'member'>): OutpostStatus {
  const status = outpost.status();
  return member === null ? status : memberView(status, member);
}

/** The newest state at most every so often: a busy outpost changes many times a second. */
function followStatus(
  outpost: StatusSource,
  first: OutpostStatus,
  everyMs: number,
  context: ControlContext,
): Unsubscribe {
  let told = first;
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  const tell = () => {
    waiting = false;
    const status = seenBy(outpost, context);
    // What a member hears, and when, is about them alone.
    if (context.member !== null && !isNews(told, status)) return;
    if (context.notify('status/changed', status)) told = status;
    else waiting = true;
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting) tell();
    }, everyMs);
  };
  const unsubscribe = outpost.onStatus(() => {
    waiting = true;
    if (timer === undefined) tell();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
