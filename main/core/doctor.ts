import { authentikChecks } from './doctor/authentik-checks.ts';
import { runChecks } from './doctor/checks.ts';
import type { DoctorSource, Findings } from './doctor/findings.ts';
import { guacdCheck } from './doctor/guacd-check.ts';
import { metricsCheck, ownChecks } from './doctor/local-checks.ts';
import type { DoctorStep } from './doctor/step.ts';

export interface DoctorOptions {
  readonly signal: AbortSignal;
  /** Milliseconds for each step; default 10 s. */
  readonly stepTimeoutMs?: number;
}

/**
 * Every first-run check, from the settings to the event websocket, guacd and the metrics port, in the order in
 * which a person would look. Nothing it does changes anything: not here, and not in authentik.
 */
export function examine(
  source: DoctorSource,
  { signal, stepTimeoutMs = 10_000 }: DoctorOptions,
): AsyncGenerator<DoctorStep> {
  const findings: Findings = {};
  const checks = [
    ...ownChecks(source, findings),
    // A little less than the step, so that the sentence is that of whoever knows what it waited for.
    ...authentikChecks(findings, Math.ceil(stepTimeoutMs * 0.9)),
    guacdCheck(source, findings),
    metricsCheck(source, findings),
  ];
  return runChecks(checks, { signal, timeoutMs: stepTimeoutMs });
}
