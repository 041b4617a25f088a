import type { Failure } from '../../errors.ts';

/** A transfer's own websocket, open. One listener each. */
export interface BulkSocket {
  /** Sends a text frame. */
  send(text: string): void;
  /** Sends a binary frame; `sent` is called when the network took it, with an error when it never will. */
  sendBytes(data: Buffer, sent: (error?: Error) => void): void;
  /** Frames from now on, in order; nothing was read before. */
  onMessage(listener: (data: Buffer, isBinary: boolean) => void): void;
  /** Called once, with why where it did not simply close. */
  onClose(listener: (end: { readonly failure: Failure | null }) => void): void;
  close(): void;
}

/** Opens a transfer's websocket. Rejects where that fails for good or the signal is aborted; nothing stays open then. */
export type OpenBulkSocket = (id: string, tenant: string, signal: AbortSignal) => Promise<BulkSocket>;
