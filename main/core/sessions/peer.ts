import type { Failure } from '../errors.ts';

/** What a peer tells whoever it belongs to. Set before the peer is open, so that nothing it says is lost. */
export interface PeerEvents {
  /** Bytes from the person's end, in the pieces they came in. Not called while the peer is paused. */
  readonly onFrame: (frame: Buffer) => void;
  /** The peer is gone; the failure tells why where it did not simply close. Called once. */
  readonly onClosed: (failure: Failure | null) => void;
}

/** The end of a session that shows it to a person: authentik's tunnel, or a viewer window. */
export interface Peer {
  /** Sends complete instructions; `sent` is called when they have left this process, or never when the peer is gone. */
  send(instructions: Buffer, sent: () => void): void;
  /** Holds back what is sent, until `uncork` hands all of it to the system at once. */
  cork(): void;
  uncork(): void;
  /** Stops reading, so that the sender is slowed down. */
  pause(): void;
  resume(): void;
  /**
   * Closes when what was sent has left, or after `withinMs` at the latest; resolves when it is closed, soon after.
   * Calling it again shortens the time.
   */
  close(withinMs: number): Promise<void>;
}

/** Opens a peer. Rejects where that fails or the signal is aborted; nothing stays open then. */
export type OpenPeer = (events: PeerEvents, signal: AbortSignal) => Promise<Peer>;

/** Closes a peer with a last word, where there is one; it gets `withinMs` to leave. */
export async function sayGoodbye(peer: Peer, word: Buffer | null, withinMs: number): Promise<void> {
  if (word) peer.send(word, () => {});
  await peer.close(withinMs);
}
