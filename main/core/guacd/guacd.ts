import type { Unsubscribe } from '../base/emitter.ts';
import type { Failure } from '../errors.ts';
import type { HandshakeOptions } from '../guacamole/handshake.ts';
import type { GuacdState } from '../status.ts';
import type { DialledConnection } from './dial.ts';

/** A connection that is counted on its guacd until it is released or its socket closes. */
export interface GuacdConnection extends DialledConnection {
  /** Takes the session off the count; calling it again does nothing. Does not close the socket. */
  release(): void;
}

export interface ConnectOptions {
  /** Only this guacd, `host:port`: the one that holds the session to join. */
  readonly address?: string;
}

/** The guacd that sessions go through, whether this outpost runs it or others do. */
export interface Guacd {
  /** Resolves after the first attempt to have a guacd, however it went: `state` tells. */
  start(): Promise<void>;
  /** Ends everything that `start` began; sessions that go through a guacd of ours end with it. Never rejects. */
  stop(): Promise<void>;
  /** Ends a guacd of ours in this very moment, for a process that must go: no waiting, no tidying up. */
  killNow(): void;
  readonly state: GuacdState;
  /** Hears of every change of `state`, `warnings` and `restarts`. */
  onState(listener: (state: GuacdState) => void): Unsubscribe;
  /** What an admin should know though sessions work. */
  readonly warnings: readonly Failure[];
  /** Whether guacd shares this machine's files, so that a session's drive may be put elsewhere. */
  readonly isLocal: boolean;
  /** How often a guacd of ours has been started again. */
  readonly restarts: number;
  /** What guacd printed last, oldest first, at most 20 lines; none from a guacd that others run. */
  lastOutput(): readonly string[];
  /**
   * A session through the guacd that is best for it. Aborting closes its socket as long as this has not resolved.
   * Rejects as `dialGuacd` does, or with `guacd-…` where there is no guacd to dial.
   */
  connect(
    handshake: HandshakeOptions,
    signal: AbortSignal,
    options?: ConnectOptions,
  ): Promise<GuacdConnection>;
}

/** Counts a connection: `onRelease` is called once, at `release` or when the socket has closed. */
export function counted(dialled: DialledConnection, onRelease: () => void): GuacdConnection {
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    dialled.socket.off('close', release);
    onRelease();
  };
  dialled.socket.on('close', release);
  if (dialled.socket.destroyed) release();
  return { ...dialled, release };
}
