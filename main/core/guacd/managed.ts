import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { describeStep } from '../describe.ts';
import { type Failure, SallyportError } from '../errors.ts';
import type { HandshakeOptions } from '../guacamole/handshake.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { GuacdState, StartingStep } from '../status.ts';
import { addressText, type GuacdAddress } from './address.ts';
import { DEFAULT_DIAL_TIMEOUT_MS, type DialOptions, dialGuacd } from './dial.ts';
import { type ConnectOptions, counted, type Guacd, type GuacdConnection } from './guacd.ts';
import { pause } from './pause.ts';
import type { GuacdRunner } from './runner.ts';
import { cancelled, isUnreachable } from './socket.ts';
import type { SupervisorTimings } from './supervision.ts';
import { Supervisor } from './supervisor.ts';
import { versionWarning } from './version.ts';

export interface ManagedGuacdOptions {
  readonly timings: SupervisorTimings;
  readonly dial?: Omit<DialOptions, 'signal'>;
  /** How long a session waits for a guacd that is being started again, in milliseconds. */
  readonly patienceMs?: number;
}

/** How long the first try to set up a session may take, in milliseconds; there is time for another one then. */
const FIRST_TRY_MS = 6_000;

/** A guacd that this outpost runs itself, on loopback: as a program, or in a container. */
export class ManagedGuacd implements Guacd {
  readonly #runner: GuacdRunner;
  readonly #supervisor: Supervisor;
  readonly #dial: Omit<DialOptions, 'signal'>;
  readonly #patienceMs: number;
  readonly #logger: Logger;
  readonly #changed = new Emitter<GuacdState>();
  readonly onState = this.#changed.on;
  /** By address, for a guacd that is gone may still have sessions that have not noticed. */
  readonly #sessions = new Map<string, number>();
  #warned: string | undefined;

  constructor(
    runner: GuacdRunner,
    { timings, dial = {}, patienceMs = 5_000 }: ManagedGuacdOptions,
    logger: Logger,
  ) {
    this.#runner = runner;
    this.#dial = dial;
    this.#patienceMs = patienceMs;
    this.#logger = logger;
    this.#supervisor = new Supervisor(runner, timings, logger);
    this.#supervisor.onState(() => this.#announce());
  }

  start(): Promise<void> {
    return this.#supervisor.start();
  }

  stop(): Promise<void> {
    return this.#supervisor.stop();
  }

  killNow(): void {
    this.#supervisor.killNow();
  }

  get isLocal(): boolean {
    return this.#runner.sharesFiles;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  lastOutput(): readonly string[] {
    return this.#supervisor.lastOutput();
  }

  get state(): GuacdState {
    const { state, degraded } = this.#supervisor;
    if (state.kind !== 'up') return state;
    const address = addressText(state.address);
    const sessions = this.#sessions.get(address) ?? 0;
    const { version, container } = state;
    const facts = { address, healthy: true, version, sessions, reason: degraded };
    const instance = container === null ? facts : { ...facts, container };
    return { kind: 'up', since: state.since, instances: [instance] };
  }

  get warnings(): readonly Failure[] {
    const { state, degraded } = this.#supervisor;
    const old = state.kind === 'up' ? versionWarning(state.version) : null;
    return [old, degraded].filter((warning) => warning !== null);
  }

  async connect(
    handshake: HandshakeOptions,
    signal: AbortSignal,
    { address: wanted }: ConnectOptions = {},
  ): Promise<GuacdConnection> {
    const { timeoutMs = DEFAULT_DIAL_TIMEOUT_MS } = this.#dial;
    try {
      return await this.#connect(handshake, signal, wanted, Math.min(timeoutMs, FIRST_TRY_MS));
    } catch (error) {
      const failure = SallyportError.from(error);
      if (signal.aborted || wanted !== undefined || !mayBeBadLuck(failure)) throw failure;
      this.#logger.log('warning', 'guacd lost a session that was being set up; trying once more', {
        reason: failure.message,
      });
      return this.#connect(handshake, signal, wanted, timeoutMs);
    }
  }

  async #connect(
    handshake: HandshakeOptions,
    signal: AbortSignal,
    wanted: string | undefined,
    timeoutMs: number,
  ): Promise<GuacdConnection> {
    const address = await this.#whenUp(signal);
    const place = addressText(address);
    if (wanted !== undefined && wanted !== place) throw elsewhere(handshake.select, wanted);
    this.#count(place, 1);
    try {
      const dialled = await dialGuacd(address, handshake, { ...this.#dial, timeoutMs, signal });
      return counted(dialled, () => this.#count(place, -1));
    } catch (error) {
      this.#count(place, -1);
      const failure = SallyportError.from(error);
      if (isUnreachable(failure) || failure.code === 'guacd-timeout') this.#supervisor.check();
      throw failure;
    }
  }

  /** Where guacd listens; waits a little for one that is on its way. */
  async #whenUp(signal: AbortSignal): Promise<GuacdAddress> {
    const until = Date.now() + this.#patienceMs;
    for (;;) {
      const { state } = this.#supervisor;
      if (signal.aborted) throw cancelled('this host');
      if (state.kind === 'up') return state.address;
      if (state.kind === 'stopped') throw unavailable('guacd-unreachable', 'guacd is stopped.');
      const hopeless = state.kind === 'down' && state.retryAt > until;
      if (hopeless || Date.now() >= until) {
        if (state.kind === 'starting') throw unavailable('guacd-timeout', stillStarting(state.step));
        throw unavailable(state.reason.code, state.reason.message, state.reason.advice);
      }
      await this.#nextState(until - Date.now(), signal);
    }
  }

  async #nextState(withinMs: number, signal: AbortSignal): Promise<void> {
    const changed = new AbortController();
    const wake = () => changed.abort();
    const stopListening = this.#supervisor.onState(wake);
    signal.addEventListener('abort', wake, { once: true });
    await pause(Math.max(0, withinMs), changed.signal);
    signal.removeEventListener('abort', wake);
    stopListening();
  }

  #count(address: string, by: number): void {
    const count = (this.#sessions.get(address) ?? 0) + by;
    if (count > 0) this.#sessions.set(address, count);
    else this.#sessions.delete(address);
    this.#announce();
  }

  #announce(): void {
    for (const warning of this.warnings) {
      // Once a version, not at every restart.
      if (warning.code !== 'guacd-outdated' || warning.message === this.#warned) continue;
      this.#warned = warning.message;
      this.#logger.log('warning', 'guacd should be updated', { ...warning });
    }
    this.#changed.emit(this.state);
  }
}

/**
 * Whether guacd may have lost the session in its own confusion. When a session ends, guacd 1.3 closes a file
 * descriptor twice; where another session has been given that number in between, it is cut off, or hangs. One more
 * try costs little then, and nothing has been shown to anybody yet.
 */
function mayBeBadLuck({ code, status }: SallyportError): boolean {
  if (code === 'guacd-refused') return status === GuacamoleStatus.unsupported;
  return code === 'guacd-died' || code === 'guacd-timeout' || code === 'guacd-unreachable';
}

function stillStarting(step: StartingStep | undefined): string {
  return step ? `guacd is still being started: ${describeStep(step)}.` : 'guacd is still being started.';
}

function unavailable(code: SallyportError['code'], message: string, advice?: string): SallyportError {
  return new SallyportError(code, message, { advice, status: GuacamoleStatus.serverError });
}

/** A session that is joined was held by a guacd before this one; a machine may ask for one that others run. */
function elsewhere(select: string, wanted: string): SallyportError {
  const status = GuacamoleStatus.resourceNotFound;
  if (select.startsWith('$'))
    return new SallyportError('guacd-died', 'The guacd that held that session has ended.', { status });
  return new SallyportError('guacd-refused', `This outpost runs its own guacd, and uses none at ${wanted}.`, {
    advice: 'Leave the machine’s guacd empty, or name that one in guacd.target.',
    status,
  });
}
