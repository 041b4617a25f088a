import { describeSessionState, describeUser } from '../../core/describe-session.ts';
import { describeUntil, formatBytes } from '../../core/describe-units.ts';
import type { Moment, SessionStatus } from '../../core/status.ts';
import { shortIds } from '../session-id.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

type Row = SessionStatus & { readonly shortId: string };

/** The open sessions, oldest first, as a table. */
export function sessionsView(style: Style, sessions: readonly SessionStatus[], now: Moment): string[] {
  const shown = shortIds(sessions.map(({ id }) => id));
  const rows = sessions
    .map((session, index): Row => ({ ...session, shortId: shown[index] ?? session.id }))
    .sort((a, b) => a.startedAt - b.startedAt);
  return table<Row>(
    style,
    [
      { title: 'USER', text: ({ user }) => describeUser(user), shrinkTo: 8 },
      { title: 'MACHINE', text: ({ machine }) => machine, shrinkTo: 12 },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol.toUpperCase() },
      { title: 'STATE', text: describeSessionState },
      { title: 'FOR', text: ({ startedAt }) => describeUntil(now - startedAt), align: 'right' },
      { title: 'TO USER', text: ({ bytesToPeer }) => formatBytes(bytesToPeer), align: 'right' },
      { title: 'FROM USER', text: ({ bytesToGuacd }) => formatBytes(bytesToGuacd), align: 'right' },
      // Never cut: it is what `sallyport end` asks for.
      { title: 'ID', text: ({ shortId }) => shortId },
    ],
    rows,
  );
}
