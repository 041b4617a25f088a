import type { Failure } from '../errors.ts';
import type { GuacdContainer, Moment, StartingStep } from '../status.ts';
import type { GuacdAddress } from './address.ts';

/** All in milliseconds, but for the counts. */
export interface SupervisorTimings {
  /** From the start until guacd answers. */
  readonly startTimeoutMs: number;
  /** Between two looks whether it answers yet. */
  readonly readyPollMs: number;
  /** Between two probes of a guacd that is up. */
  readonly probeEveryMs: number;
  readonly probeTimeoutMs: number;
  /** Failed probes in a row after which it counts as hung. */
  readonly probeFailures: number;
  /** From the polite signal to the one that kills. */
  readonly stopGraceMs: number;
  /** Upper bounds of the first and of any wait before a restart. */
  readonly restartFirstMs: number;
  readonly restartCapMs: number;
  /** After so long a life the next death is a first one again. */
  readonly stableMs: number;
  /** So many deaths within the window are more than bad luck. */
  readonly deathsToDegrade: number;
  readonly deathWindowMs: number;
  /** Between tries when it dies again and again, or is not installed. */
  readonly slowRetryMs: number;
}

export const DEFAULT_TIMINGS: SupervisorTimings = {
  startTimeoutMs: 10_000,
  readyPollMs: 50,
  probeEveryMs: 15_000,
  probeTimeoutMs: 5_000,
  probeFailures: 2,
  stopGraceMs: 2_000,
  restartFirstMs: 1_000,
  restartCapMs: 30_000,
  stableMs: 60_000,
  deathsToDegrade: 5,
  deathWindowMs: 600_000,
  slowRetryMs: 60_000,
};

export type SupervisorState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly since: Moment; readonly step?: StartingStep }
  | {
      readonly kind: 'up';
      readonly since: Moment;
      readonly address: GuacdAddress;
      readonly version: string | null;
      readonly container: GuacdContainer | null;
    }
  | { readonly kind: 'down'; readonly retryAt: Moment; readonly reason: Failure };
