import { performance } from 'node:perf_hooks';
import { SallyportError } from '../errors.ts';
import { type DoctorStep, type StepOutcome, skipped } from './step.ts';

/** One check of the doctor. It resolves with what was found; what it throws is the step's failure. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** Ids of earlier checks without which this one makes no sense. */
  readonly needs: readonly string[];
  /** Completes "not tried because …" for those that need this one. */
  readonly otherwise: string;
  readonly run: (signal: AbortSignal) => Promise<StepOutcome>;
}

/**
 * Runs checks one after another and yields each as it is done. A check whose needs are not met is left out, and
 * says because of what. Aborting `signal` ends the round: nothing more is yielded.
 */
export async function* runChecks(
  checks: readonly Check[],
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): AsyncGenerator<DoctorStep> {
  /** Why what depends on a check cannot be tried, by the id of the check. */
  const missing = new Map<string, string>();
  for (const check of checks) {
    const started = performance.now();
    const reason = check.needs.map((id) => missing.get(id)).find((because) => because !== undefined);
    const outcome = reason === undefined ? await attempt(check, signal, timeoutMs) : skipped(reason);
    if (signal.aborted) return;
    // What was left out itself hands on the first cause, not its own absence.
    if (outcome.kind === 'skipped') missing.set(check.id, outcome.because);
    if (outcome.kind === 'failed') missing.set(check.id, check.otherwise);
    yield { id: check.id, title: check.title, outcome, tookMs: Math.round(performance.now() - started) };
  }
}

async function attempt({ title, run }: Check, parent: AbortSignal, timeoutMs: number): Promise<StepOutcome> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer: NodeJS.Timeout | undefined;
  // A check that does not listen to its signal is left behind, not waited for.
  const cut = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(tooSlow(title, timeoutMs)), { once: true });
    timer = setTimeout(abort, timeoutMs);
    if (parent.aborted) abort();
    else parent.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([run(controller.signal), cut]);
  } catch (error) {
    return { kind: 'failed', failure: SallyportError.from(error, title).toFailure() };
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', abort);
  }
}

function tooSlow(title: string, timeoutMs: number): SallyportError {
  return new SallyportError('connect-timeout', `${title}: nothing came of it within ${timeoutMs / 1000} s.`, {
    advice: 'Does a firewall drop the packets on the way, or is the other end overloaded?',
  });
}
