import { describeUntil, formatBytes } from './describe-units.ts';
import { failureText } from './errors.ts';
import type { EndedSession, EndReason, Moment, SessionStatus, TransferStatus } from './status.ts';

/** A session in one line: `alice → 10.0.0.7:3389 · RDP · live · 12 min · 35 MB`. */
export function describeSession(session: SessionStatus, now: Moment): string {
  const parts = [`${describeUser(session.user)} → ${session.machine}`, session.protocol.toUpperCase()];
  parts.push(describeSessionState(session), describeUntil(now - session.startedAt));
  if (session.state !== 'connecting') parts.push(formatBytes(session.bytesToPeer + session.bytesToGuacd));
  if (session.transfers) parts.push(describeTransfers(session.transfers));
  return parts.join(' · ');
}

/** Files on their way, in a few words: `1 file 40 %`, `3 files 75 %`. */
export function describeTransfers(transfers: readonly TransferStatus[]): string {
  return `${transfers.length} ${transfers.length === 1 ? 'file' : 'files'} ${transferPercent(transfers)} %`;
}

/** How far all of them are together, in whole percent. */
export function transferPercent(transfers: readonly TransferStatus[]): number {
  const size = transfers.reduce((sum, transfer) => sum + transfer.size, 0);
  const done = transfers.reduce((sum, transfer) => sum + transfer.done, 0);
  return size === 0 ? 0 : Math.floor((done / size) * 100);
}

/** Who it is, as far as authentik told. */
export function describeUser(user: string | null): string {
  return user ?? 'unknown user';
}

/** How many people are at work; whoever looks on at a session has none of their own. */
export function countSessions(sessions: readonly Pick<SessionStatus, 'source'>[]): number {
  return sessions.filter(({ source }) => source !== 'watch').length;
}

export function describeSessionState({ state, source }: Pick<SessionStatus, 'state' | 'source'>): string {
  if (source === 'watch' && state === 'live') return 'watching';
  switch (state) {
    case 'connecting':
      return 'connecting';
    case 'live':
      return 'live';
    case 'held':
      return 'held';
    case 'ending':
      return 'ending';
    default:
      return state satisfies never;
  }
}

/** How a session ended: the failure's own sentence where there is one, else the reason in words. */
export function describeEnd(session: Pick<EndedSession, 'reason' | 'failure'>): string {
  return session.failure ? failureText(session.failure) : describeEndReason(session.reason);
}

export function describeEndReason(reason: EndReason): string {
  switch (reason) {
    case 'user-left':
      return 'the user left';
    case 'machine-ended':
      return 'the machine ended it';
    case 'ended-by-admin':
      return 'ended by an administrator of this host';
    case 'ended-by-authentik':
      return 'ended by authentik';
    case 'failed':
      return 'it failed';
    case 'refused':
      return 'it was refused';
    case 'peer-lost':
      return 'the browser’s end was lost';
    case 'guacd-lost':
      return 'guacd was lost';
    case 'hold-expired':
      return 'nobody came back to it';
    case 'guardrail':
      return 'a guardrail of this host ended it';
    case 'shutdown':
      return 'the outpost stopped';
    default:
      return reason satisfies never;
  }
}
