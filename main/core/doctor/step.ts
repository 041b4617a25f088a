import type { Failure } from '../errors.ts';

/** Warnings of one step that are told; the rest are counted. */
const MAX_WARNINGS = 8;

/** How one check of the doctor went. */
export type StepOutcome =
  /** `detail` says what was found, such as `guacd 1.6.0 at /usr/sbin/guacd`. */
  | { readonly kind: 'passed'; readonly detail: string }
  /** It works, but an admin should know this. */
  | { readonly kind: 'warned'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** `because` completes "not tried because …". */
  | { readonly kind: 'skipped'; readonly because: string };

export interface DoctorStep {
  /** A word for programs, such as `dns`; stays the same from version to version. */
  readonly id: string;
  /** What was checked, for people. */
  readonly title: string;
  readonly outcome: StepOutcome;
  /** Milliseconds it took. */
  readonly tookMs: number;
}

export interface DoctorReport {
  readonly steps: readonly DoctorStep[];
  /** Whether no step failed; steps that were left out do not count. */
  readonly healthy: boolean;
}

export function passed(detail: string): StepOutcome {
  return { kind: 'passed', detail };
}

/** One outcome of everything an admin should know; null where there is nothing. */
export function warned(failures: readonly Failure[]): StepOutcome | null {
  const [first, ...others] = failures;
  if (first === undefined) return null;
  if (others.length === 0) return { kind: 'warned', failure: first };
  const told = failures.slice(0, MAX_WARNINGS);
  const left = failures.length - told.length;
  const message = told.map((failure) => failure.message).join(' ') + (left > 0 ? ` And ${left} more.` : '');
  const advice = [...new Set(told.flatMap((failure) => failure.advice ?? []))].join(' ');
  return { kind: 'warned', failure: { code: first.code, message, ...(advice !== '' && { advice }) } };
}

export function skipped(because: string): StepOutcome {
  return { kind: 'skipped', because };
}

export function isHealthy(steps: readonly DoctorStep[]): boolean {
  return steps.every((step) => step.outcome.kind !== 'failed');
}
