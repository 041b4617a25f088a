import type { Failure } from '../errors.ts';
import type { SessionStatus } from '../status.ts';
import type { SessionObserver, Watcher } from './observer.ts';

/** What whoever watches is told when there is nothing to see any more. */
export const WATCHED_ENDED: Failure = {
  code: 'aborted',
  message: 'The session that was watched has ended.',
};

/** A view is no session of its own to those who count and keep the journal: it is told of the one that is watched. */
export function viewObserver(
  observer: SessionObserver,
  watcher: Watcher,
  watched: () => SessionStatus | undefined,
): SessionObserver {
  let lastSeen: SessionStatus | undefined;
  const tell = (event: 'began' | 'ended') => {
    lastSeen = watched() ?? lastSeen;
    if (lastSeen) observer.watched?.(lastSeen, watcher, event);
  };
  let hasBegun = false;
  return {
    sessionStarted: () => {},
    setupFinished: () => {},
    sessionEnded: () => {},
    bytes: (direction, count) => observer.bytes(direction, count),
    opened: () => {
      hasBegun = true;
      tell('began');
    },
    ended: () => {
      if (hasBegun) tell('ended');
    },
  };
}
