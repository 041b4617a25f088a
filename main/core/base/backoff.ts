export interface BackoffOptions {
  /** Upper bound of the first wait, in milliseconds. */
  readonly first: number;
  /** No wait is longer than this, in milliseconds. */
  readonly cap: number;
  /** Returns a number in [0, 1); a test brings its own. */
  readonly random?: () => number;
}

/**
 * The wait before try number `attempt` (from 1), in milliseconds: doubling with full jitter, so that a fleet
 * that lost its server together does not come back together.
 */
export function backoff(attempt: number, { first, cap, random = Math.random }: BackoffOptions): number {
  const bound = Math.min(cap, first * 2 ** Math.min(attempt - 1, 30));
  return Math.round(bound * random());
}
