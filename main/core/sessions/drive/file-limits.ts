/** Every bound of a session's files, in one place. */
export interface FileLimits {
  /** Transfers at once. Source: authentik's. */
  readonly transfers: number;
  /** Directories that are read at once. */
  readonly listings: number;
  /** Answers that the person's end has not taken; above that nothing more is answered. */
  readonly unsent: number;
  /** A transfer without a frame for this long ends, in milliseconds. */
  readonly idleMs: number;
}

export const FILE_LIMITS: FileLimits = { transfers: 16, listings: 16, unsent: 64, idleMs: 60_000 };
