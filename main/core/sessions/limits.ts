import { freemem } from 'node:os';
import { FILE_LIMITS, type FileLimits } from './drive/file-limits.ts';

/** Every bound of the session path, in one place. */
export interface SessionLimits {
  /** Sessions at once. */
  readonly sessions: number;
  /** From the request to guacd's `ready` and an open tunnel, in milliseconds. */
  readonly setupMs: number;
  /** Longest instruction from guacd, in bytes. authentik takes messages of up to 16 MiB. */
  readonly instructionBytes: number;
  /** Longest message from authentik, in bytes. */
  readonly frameBytes: number;
  /** Bytes that may wait for either end before the other one is no longer read. */
  readonly queueBytes: number;
  /** Bytes that one session may move before all others have had a turn. */
  readonly turnBytes: number;
  /** Frames that may arrive before the session is set up, in bytes. */
  readonly earlyBytes: number;
  /** Silence towards the person's end after which a `nop` is sent, in milliseconds. authentik's page gives up after 10 s. */
  readonly quietMs: number;
  /** Silence of guacd after which it is given up, in milliseconds. guacd sends a `nop` at least every 10 s. */
  readonly guacdSilenceMs: number;
  /** How long a last word may take to an end that is slow, in milliseconds; a picture may stand in the queue before it. */
  readonly farewellMs: number;
  /** Refusals that may be told at the same time; the rest is only logged. */
  readonly refusals: number;
  /** How long a session waits for a person whose end has gone, in milliseconds; 0: not at all. */
  readonly holdMs: number;
  /**
   * How long the earlier place at guacd is kept when the person is back, in milliseconds. guacd counts whoever joins a
   * little after it has said `ready`, and ends a connection in the moment in which it counts nobody.
   */
  readonly settleMs: number;
  /** Sessions that are held at the same time; the next one ends at once. */
  readonly held: number;
  /**
   * Silence of a person’s end after which somebody else who asks for the very same thing takes its place, in
   * milliseconds. A page that is there says something every 5 s.
   */
  readonly presumedGoneMs: number;
  /** Views of running sessions at the same time. */
  readonly watchers: number;
  readonly files: FileLimits;
}

export const DEFAULT_LIMITS: Omit<SessionLimits, 'sessions'> = {
  setupMs: 20_000,
  instructionBytes: 16 * 1024 * 1024,
  frameBytes: 16 * 1024 * 1024,
  queueBytes: 1024 * 1024,
  turnBytes: 256 * 1024,
  earlyBytes: 64 * 1024,
  quietMs: 3_000,
  guacdSilenceMs: 45_000,
  farewellMs: 5_000,
  refusals: 64,
  holdMs: 60_000,
  settleMs: 5_000,
  held: 64,
  presumedGoneMs: 6_000,
  watchers: 32,
  files: FILE_LIMITS,
};

/** guacd's memory for one RDP session, the most expensive kind; an SSH session takes about 5 MB. */
const BYTES_PER_SESSION = 160 * 1024 * 1024;

/** How many sessions fit into four fifths of `free` bytes if all were RDP; at least four. */
export function sessionLimitFor(free: number = freemem()): number {
  return Math.max(4, Math.floor((free * 0.8) / BYTES_PER_SESSION));
}
