import { Secret } from '../core/base/secret.ts';
import type { Asker, LocalSessions, OpenWish } from '../core/offline/open.ts';
import type { OpenPeer } from '../core/sessions/peer.ts';
import type { Opening, SessionRequest } from '../core/sessions/request.ts';
import type { SessionStatus } from '../core/status.ts';
import type { OFFLINE_REQUESTS } from './offline-schema.ts';
import { Pace } from './pace.ts';
import type { ControlContext, ControlHandlers } from './requests.ts';
import { ticketPeer } from './socket-peer.ts';
import type { Tickets } from './tickets.ts';

export interface OfflineDesk {
  readonly sessions: Pick<LocalSessions, 'machine' | 'place'>;
  readonly tickets: Tickets;
  /** As `Outpost.openLocal`. */
  openLocal(opening: Opening, openPeer: OpenPeer, window: string): void;
  /** As `Outpost.watch`. */
  watch(
    id: string,
    watcher: { readonly user: string | null },
    display: SessionRequest['display'],
    openPeer: OpenPeer,
  ): SessionStatus['id'];
  /** Who the connection belongs to. */
  asker(context: ControlContext): Asker;
}

/** The contract's requests that end in a window which shows a session. */
export function offlineHandlers(desk: OfflineDesk): Pick<ControlHandlers, keyof typeof OFFLINE_REQUESTS> {
  const { sessions, tickets } = desk;
  const begin = (opening: Opening, { window }: OpenWish, { member }: ControlContext) => {
    const { ticket, openPeer } = ticketPeer(tickets, member?.uid ?? null);
    desk.openLocal(opening, openPeer, window);
    return { session: opening.request.id, ticket };
  };
  const asker = (context: ControlContext) => desk.asker(context);
  const pace = new Pace();
  const step = ({ member }: ControlContext) => {
    if (member !== null) pace.step(member.uid);
  };
  return {
    'machines/open': async ({ machine, reason = null, login, ...shown }, context) => {
      step(context);
      const typed = login && { user: login.user, password: new Secret(login.password) };
      const wish = { ...shown, reason, ...(typed && { login: typed }) };
      return begin(await sessions.machine(machine, wish, asker(context)), wish, context);
    },
    'machines/open-inline': async (params, context) => {
      step(context);
      const { protocol, host, port, user, parameters, reason = null, ...shown } = params;
      const wish = { ...shown, reason };
      const place = { protocol, host, port, user, parameters };
      return begin(await sessions.place(place, wish, asker(context)), wish, context);
    },
    'session/watch': ({ id, display }, context) => {
      const { ticket, openPeer } = ticketPeer(tickets, context.member?.uid ?? null);
      return { session: desk.watch(id, asker(context), display, openPeer), ticket };
    },
  };
}
