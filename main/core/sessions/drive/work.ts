import { SallyportError } from '../../errors.ts';
import type { FileStatus } from './messages.ts';

/** What a transfer says on its websocket. */
export interface WorkOutput {
  send(text: string): void;
  /** Resolves when the network took it; rejects when it never will. */
  sendBytes(data: Buffer): Promise<void>;
  /** It can go no further; called once. Nothing more is asked of it but `discard`. */
  fail(error: unknown): void;
  /** Everything was sent; called once. */
  complete(): void;
}

/** One direction of a transfer: what is done with its frames and its file. */
export interface Work {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Bytes that are done with. */
  readonly done: number;
  /** SHA-256 of these, as hexadecimal digits. For when it is over. */
  digest(): string;
  begin(output: WorkOutput): void;
  /** Takes a frame. Throws where the other end breaks the rules. */
  take(data: Buffer, isBinary: boolean): void;
  /** Puts an upload in its place, for good; of a download there is nothing to finish. Never rejects. */
  finish(): Promise<FileStatus>;
  /** Lets go of everything, and takes back what was not finished. Never rejects. */
  discard(): Promise<void>;
}

/** The other end of a transfer does not keep to the rules. */
export function brokenRule(what: string): SallyportError {
  return new SallyportError('drive-failed', `authentik broke off the order of a transfer: ${what}.`);
}
