import type { PageState } from '../authentik/page-state.ts';

/** What the page calls a protocol. */
export function protocolName(protocol: string): string {
  return protocol.toUpperCase();
}

export type OutpostPresence = 'unknown' | 'waiting' | 'online' | 'lost';

/** `lost`: practice itself does not answer; `waiting`: it does, and no outpost is connected. */
export function presenceOf(state: PageState | null, reachable: boolean): OutpostPresence {
  if (!reachable) return 'lost';
  if (state === null) return 'unknown';
  return state.outposts.some(({ connected }) => connected) ? 'online' : 'waiting';
}

export function presenceWords(presence: OutpostPresence): string {
  switch (presence) {
    case 'unknown':
      return 'Looking for the outpost';
    case 'waiting':
      return 'Waiting for the outpost';
    case 'online':
      return 'Outpost online';
    case 'lost':
      return 'Practice does not answer';
    default:
      return presence satisfies never;
  }
}

/** What to do where machines cannot be opened; null where they can. */
export function presenceAdvice(presence: OutpostPresence): string | null {
  switch (presence) {
    case 'unknown':
    case 'online':
      return null;
    case 'waiting':
      return 'No outpost is connected yet. The machines can be opened as soon as one is; this page notices by itself. If it takes long, the terminal that practice runs in says why.';
    case 'lost':
      return 'Practice has ended, or is being restarted. Start it with npm start; this page notices by itself when it is at the same address.';
    default:
      return presence satisfies never;
  }
}

/** How many sessions are open on a machine: `1 session open`; empty for none. */
export function sessionCount(state: PageState, machine: string): string {
  const count = state.sessions.filter((session) => session.machine === machine).length;
  if (count === 0) return '';
  return count === 1 ? '1 session open' : `${count} sessions open`;
}

/** An age in milliseconds: `just now`, `12 s ago`. */
export function ageWords(ms: number): string {
  return ms < 1000 ? 'just now' : `${Math.floor(ms / 1000)} s ago`;
}
