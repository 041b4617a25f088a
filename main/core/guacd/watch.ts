import type { Logger } from '../base/logger.ts';
import { SallyportError } from '../errors.ts';
import type { GuacdAddress } from './address.ts';
import type { GuacdOutput } from './output.ts';
import { pause, type Snooze } from './pause.ts';
import { probeGuacd } from './probe.ts';
import type { Exit } from './process.ts';
import type { StartedGuacd } from './runner.ts';
import type { SupervisorTimings } from './supervision.ts';

/** A guacd that has been started. */
export interface Running {
  readonly started: Pick<StartedGuacd, 'exited'>;
  readonly output: GuacdOutput;
  readonly address: GuacdAddress;
}

/** How long an end that shows on the connection may take to show on the process, in milliseconds. */
const END_SHOWS_MS = 100;

/**
 * Resolves with the version of Guacamole's protocol once guacd answers. Rejects with `guacd-died`, `guacd-timeout`
 * or `aborted`; ending the process is up to the caller.
 */
export async function untilReady(
  { started, output, address }: Running,
  timings: Pick<SupervisorTimings, 'startTimeoutMs' | 'readyPollMs' | 'probeTimeoutMs'>,
  signal: AbortSignal,
): Promise<string> {
  const { startTimeoutMs, readyPollMs, probeTimeoutMs } = timings;
  const life = lifeOf(started, signal);
  const until = Date.now() + startTimeoutMs;
  try {
    for (;;) {
      const timeoutMs = Math.min(probeTimeoutMs, Math.max(1, until - Date.now()));
      const answer = await probed(address, output, timeoutMs, life.over);
      if (life.exit) throw died('ended right after its start', life.exit, output);
      if (signal.aborted) throw new SallyportError('aborted', 'Starting guacd was cancelled.');
      if (answer.ok) return answer.version;
      if (Date.now() >= until) throw neverAnswered(startTimeoutMs, answer.error, output);
      await pause(readyPollMs, life.over);
    }
  } finally {
    life.dispose();
  }
}

/**
 * Probes guacd every now and then, at once when `snooze` is woken. Resolves with why it can be used no longer:
 * `guacd-died`, `guacd-timeout` when it hangs, or `aborted`.
 */
export async function untilOver(
  { started, output, address }: Running,
  timings: Pick<SupervisorTimings, 'probeEveryMs' | 'probeTimeoutMs' | 'probeFailures'>,
  snooze: Snooze,
  logger: Logger,
  signal: AbortSignal,
): Promise<SallyportError> {
  const { probeEveryMs, probeTimeoutMs, probeFailures } = timings;
  const life = lifeOf(started, signal);
  try {
    for (let failures = 0; ; ) {
      // After one failure the next look is near: a hung guacd holds everybody up.
      await snooze.wait(failures === 0 ? probeEveryMs : probeEveryMs / 5, life.over);
      const answer = await probed(address, output, probeTimeoutMs, life.over);
      if (!answer.ok) await pause(END_SHOWS_MS, life.over);
      if (life.exit) return died('ended by itself', life.exit, output);
      if (signal.aborted) return new SallyportError('aborted', 'guacd was stopped.');
      failures = answer.ok ? 0 : failures + 1;
      if (answer.ok) continue;
      logger.log('warning', 'guacd did not answer a probe', { failures, error: answer.error });
      if (failures >= probeFailures) return hung(failures, answer.error, output);
    }
  } finally {
    life.dispose();
  }
}

type Answer =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly error: unknown };

async function probed(
  address: GuacdAddress,
  output: GuacdOutput,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  output.probing = true;
  try {
    return { ok: true, version: await probeGuacd(address, { signal, timeoutMs }) };
  } catch (error) {
    return { ok: false, error };
  } finally {
    output.probing = false;
  }
}

interface Life {
  /** Aborts when the process ends or is to end. */
  readonly over: AbortSignal;
  /** How it ended; null while it runs. */
  readonly exit: Exit | null;
  dispose(): void;
}

function lifeOf({ exited }: Pick<StartedGuacd, 'exited'>, signal: AbortSignal): Life {
  const over = new AbortController();
  const end = () => over.abort();
  const life = {
    over: over.signal,
    exit: null as Exit | null,
    dispose: () => signal.removeEventListener('abort', end),
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  void exited.then((exit) => {
    life.exit = exit;
    end();
  });
  return life;
}

function died(what: string, { code, signal, failure }: Exit, output: GuacdOutput): SallyportError {
  if (failure) return failure;
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : `killed by ${signal}`;
  return new SallyportError('guacd-died', `guacd ${what} (${how}).${output.lastWords()}`);
}

function neverAnswered(afterMs: number, cause: unknown, output: GuacdOutput): SallyportError {
  const message = `guacd was started, but did not answer within ${afterMs / 1000} s.${output.lastWords()}`;
  return new SallyportError('guacd-timeout', message, { cause });
}

function hung(failures: number, cause: unknown, output: GuacdOutput): SallyportError {
  const message = `guacd runs, but did not answer ${failures} times in a row.${output.lastWords()}`;
  return new SallyportError('guacd-timeout', message, { cause });
}
