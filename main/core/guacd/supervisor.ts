import { backoff } from '../base/backoff.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { type ErrorCode, type Failure, SallyportError } from '../errors.ts';
import type { Moment, StartingStep } from '../status.ts';
import { addressText } from './address.ts';
import { GuacdOutput } from './output.ts';
import { pause, Snooze } from './pause.ts';
import { freePort } from './process.ts';
import type { GuacdRunner, ReadyGuacd, StartedGuacd } from './runner.ts';
import type { SupervisorState, SupervisorTimings } from './supervision.ts';
import { type Running, untilOver, untilReady } from './watch.ts';

interface Launched extends Running {
  readonly started: StartedGuacd;
  /** The exact one, or else the protocol's. */
  readonly version: string;
}

interface Run {
  readonly failure: SallyportError;
  /** How long it was up, in milliseconds; 0 where it never was. */
  readonly upMs: number;
}

const HOST = '127.0.0.1';
/** Somebody else may take the free port first: then another one is tried, so often. */
const PORT_TRIES = 5;

/** What guacd told of its version before it began may still be on its way, so many milliseconds. */
const VERSION_MS = 2_000;

/** Nothing there to start: waiting for another try is of little use, and it has not died. */
const ABSENT: readonly ErrorCode[] = ['guacd-missing', 'guacd-container'];

/** Runs guacd on a port of loopback and sees to it that it stays running: one start to one stop. */
export class Supervisor {
  readonly #runner: GuacdRunner;
  readonly #timings: SupervisorTimings;
  readonly #logger: Logger;
  readonly #changed = new Emitter<SupervisorState>();
  readonly #snooze = new Snooze();
  readonly onState = this.#changed.on;
  #state: SupervisorState = { kind: 'stopped' };
  #ending = new AbortController();
  #loop: Promise<void> | undefined;
  #firstAttempt: Promise<void> = Promise.resolve();
  #started: StartedGuacd | undefined;
  #output: GuacdOutput | undefined;
  #earlierLines: readonly string[] = [];
  #deaths: Moment[] = [];
  #restarts = 0;

  constructor(runner: GuacdRunner, timings: SupervisorTimings, logger: Logger) {
    this.#runner = runner;
    this.#timings = timings;
    this.#logger = logger;
  }

  get state(): SupervisorState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Set while guacd has died too often lately to be relied on. */
  get degraded(): Failure | null {
    const deaths = this.#recentDeaths();
    if (deaths < this.#timings.deathsToDegrade) return null;
    const minutes = Math.round(this.#timings.deathWindowMs / 60_000);
    return {
      code: 'guacd-died',
      message: `guacd has died ${deaths} times in ${minutes} minutes; sessions through it are cut off each time.`,
      advice: 'Look at guacd’s lines in the log; a newer guacd or more memory may help.',
    };
  }

  lastOutput(): readonly string[] {
    return [...this.#earlierLines, ...(this.#output?.lastLines() ?? [])].slice(-20);
  }

  /** Resolves after the first attempt. */
  start(): Promise<void> {
    if (this.#loop) return this.#firstAttempt;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    this.#firstAttempt = new Promise((resolve) => {
      const stopListening = this.onState(({ kind }) => {
        if (kind === 'starting') return;
        stopListening();
        resolve();
      });
    });
    this.#loop = this.#supervise(signal);
    return this.#firstAttempt;
  }

  /** Resolves when no process of guacd is left. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
    this.#loop = undefined;
    this.#setState({ kind: 'stopped' });
  }

  /** Looks at once whether guacd answers, because somebody doubts it. */
  check(): void {
    if (this.#state.kind === 'up') this.#snooze.wake();
  }

  killNow(): void {
    this.#started?.killNow();
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    for (let first = true; ; first = false) {
      this.#setState({ kind: 'starting', since: Date.now() });
      const { failure, upMs } = await this.#run(signal, first);
      if (signal.aborted) return;
      attempt = upMs >= this.#timings.stableMs ? 1 : attempt + 1;
      const missing = ABSENT.includes(failure.code);
      if (!missing) this.#deaths.push(Date.now());
      const wait = this.#waitBefore(attempt, missing);
      const reason = this.#reason(failure);
      this.#logger.log('error', 'guacd is down', { ...reason, retry_in_ms: wait });
      this.#setState({ kind: 'down', retryAt: Date.now() + wait, reason });
      await pause(wait, signal);
      if (signal.aborted) return;
      if (!missing) this.#restarts += 1;
    }
  }

  #waitBefore(attempt: number, missing: boolean): number {
    const { slowRetryMs, restartFirstMs, restartCapMs } = this.#timings;
    if (missing || this.degraded) return slowRetryMs;
    return backoff(attempt, { first: restartFirstMs, cap: restartCapMs });
  }

  #reason(failure: SallyportError): Failure {
    const { degraded } = this;
    if (!degraded) return failure.toFailure();
    return { ...degraded, message: `${degraded.message} The last time: ${failure.message}` };
  }

  #recentDeaths(): number {
    const since = Date.now() - this.#timings.deathWindowMs;
    this.#deaths = this.#deaths.filter((moment) => moment > since);
    return this.#deaths.length;
  }

  /** One life of guacd, from looking for it to the end of its last process. Never rejects. */
  async #run(signal: AbortSignal, first: boolean): Promise<Run> {
    let upSince: Moment | undefined;
    const upMs = () => (upSince === undefined ? 0 : Date.now() - upSince);
    try {
      const onStep = (step: StartingStep | null) => this.#tellStep(step);
      const ready = await this.#runner.prepare({ endLeftovers: first, signal, onStep });
      const launched = await this.#launch(ready, signal);
      try {
        upSince = Date.now();
        const { started, address, version } = launched;
        const { container } = started;
        const facts = { address: addressText(address), ...started.facts, version };
        this.#logger.log('info', 'guacd is up', facts);
        this.#setState({ kind: 'up', since: upSince, address, version, container });
        const failure = await untilOver(launched, this.#timings, this.#snooze, this.#logger, signal);
        // Ending what is left of it may take a while: whoever comes meanwhile waits for the next one.
        if (!signal.aborted) this.#setState({ kind: 'starting', since: Date.now() });
        return { failure, upMs: upMs() };
      } finally {
        await this.#end(launched.started);
      }
    } catch (error) {
      return { failure: SallyportError.from(error, 'Starting guacd'), upMs: upMs() };
    }
  }

  /** Starts guacd and waits until it answers. Leaves nothing behind when it rejects. */
  async #launch(ready: ReadyGuacd, signal: AbortSignal): Promise<Launched> {
    for (let tries = 1; ; tries += 1) {
      const address = { host: HOST, port: await freePort(), tls: null };
      const output = new GuacdOutput(this.#logger);
      this.#earlierLines = this.lastOutput();
      this.#output = output;
      const started = await ready.start(address.port, output.take);
      this.#started = started;
      try {
        const running = { started, output, address };
        const protocolVersion = await untilReady(running, this.#timings, signal);
        return { ...running, version: (await toldVersion(started, signal)) ?? protocolVersion };
      } catch (error) {
        await this.#end(started);
        if (!output.couldNotListen || tries >= PORT_TRIES || signal.aborted) throw error;
        this.#logger.log('debug', 'another program took the port meant for guacd', { port: address.port });
      }
    }
  }

  async #end(started: StartedGuacd): Promise<void> {
    await started.end();
    this.#started = undefined;
  }

  #tellStep(step: StartingStep | null): void {
    const { since } = this.#state.kind === 'starting' ? this.#state : { since: Date.now() };
    this.#setState({ kind: 'starting', since, ...(step && { step }) });
  }

  #setState(state: SupervisorState): void {
    this.#state = state;
    this.#changed.emit(state);
  }
}

async function toldVersion({ version }: StartedGuacd, signal: AbortSignal): Promise<string | null> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  const told = await Promise.race([version, pause(VERSION_MS, over.signal)]);
  signal.removeEventListener('abort', stop);
  stop();
  return told ?? null;
}
