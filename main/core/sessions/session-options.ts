import type { Logger } from '../base/logger.ts';
import type { OpenBulkSocket } from './drive/bulk-socket.ts';
import type { Turns } from './drive/turns.ts';
import type { Generation } from './generation.ts';
import type { SessionLimits } from './limits.ts';
import type { SessionObserver } from './observer.ts';
import type { OpenPeer } from './peer.ts';
import type { SetUpOptions } from './set-up.ts';

type FromSetUp =
  | 'request'
  | 'join'
  | 'admit'
  | 'sessions'
  | 'openTap'
  | 'connect'
  | 'drives'
  | 'version'
  | 'timezone'
  | 'logger'
  | 'conceal';

export interface SessionOptions extends Pick<SetUpOptions, FromSetUp> {
  readonly openPeer: OpenPeer;
  /** Opens the websocket of a file's transfer. */
  readonly openBulk: OpenBulkSocket;
  /** Shared by all sessions: pieces of files take turns. */
  readonly turns: Turns;
  readonly generation: Generation;
  readonly limits: SessionLimits;
  /** Whether guacd may tell the person that somebody watches. */
  readonly tellWatched: boolean;
  /** Whether the session may wait, or wait on, for a person whose end has gone, as things are. */
  readonly mayHold: () => boolean;
  readonly observer: SessionObserver;
  readonly logger: Logger;
  /** Called at every change that a list of sessions would show, bytes aside. */
  readonly onChange: () => void;
}
