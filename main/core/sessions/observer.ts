import type { Failure } from '../errors.ts';
import type { EndedSession, SessionStatus } from '../status.ts';
import type { FinishedTransfer } from './drive/drive-files.ts';
import type { SessionRequest } from './request.ts';

/** What is known of a session that was refused; as much as was said. */
export type RefusedSession = Pick<SessionStatus, 'source' | 'protocol' | 'user' | 'machine'>;

/** What sessions tell those who count and those who keep a journal. */
export interface SessionObserver {
  sessionStarted(protocol: string): void;
  setupFinished(protocol: string, seconds: number): void;
  sessionEnded(protocol: string, reason: EndedSession['reason']): void;
  bytes(direction: 'to-peer' | 'to-guacd', count: number): void;
  /** A file has been moved to or from a drive. */
  fileTransferred?(session: SessionRequest, transfer: FinishedTransfer): void;
  /** The session is live for the first time. */
  opened?(session: SessionStatus): void;
  /** Nothing is left of a session, whether it was ever live or not. */
  ended?(session: EndedSession): void;
  /** Nobody was let in: by the limit, a drain, a request that makes no sense, or guardrails (then `ended` follows). */
  refused?(facts: RefusedSession, failure: Failure): void;
  /** The person’s end has gone, and the session waits for it. */
  held?(session: SessionStatus): void;
  /** The person’s end is back. */
  resumed?(session: SessionStatus): void;
  /** Nobody came back in time. */
  holdExpired?(session: SessionStatus): void;
  /** `session` is the watched one. */
  watched?(session: SessionStatus, watcher: Watcher, event: 'began' | 'ended'): void;
}

/** Who watches; a null name is somebody at this host of whom nothing else is known. */
export interface Watcher {
  readonly user: string | null;
}
