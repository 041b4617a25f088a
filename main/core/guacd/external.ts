import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { type Failure, SallyportError } from '../errors.ts';
import type { HandshakeOptions } from '../guacamole/handshake.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { GuacdState, Moment } from '../status.ts';
import { type GuacdAddress, unprotectedWarning } from './address.ts';
import { DEFAULT_DIAL_TIMEOUT_MS, type DialledConnection, type DialOptions, dialGuacd } from './dial.ts';
import { type ConnectOptions, counted, type Guacd, type GuacdConnection } from './guacd.ts';
import { ExternalInstance, type InstanceOptions } from './instance.ts';
import { isUnreachable } from './socket.ts';
import { versionWarning } from './version.ts';

export interface ExternalGuacdOptions extends Partial<InstanceOptions> {
  /** At least one. */
  readonly addresses: readonly GuacdAddress[];
  readonly dial?: Omit<DialOptions, 'signal'>;
}

/** One or several guacds that others run; the healthy one with the fewest sessions takes the next. */
export class ExternalGuacd implements Guacd {
  readonly isLocal = false;
  readonly restarts = 0;
  readonly #instances: readonly ExternalInstance[];
  readonly #dial: Omit<DialOptions, 'signal'>;
  readonly #logger: Logger;
  readonly #changed = new Emitter<GuacdState>();
  readonly onState = this.#changed.on;
  /** Which guacd holds a connection, by the connection's id. */
  readonly #owners = new Map<string, ExternalInstance>();
  #ending: AbortController | undefined;
  #watching: Promise<unknown> = Promise.resolve();
  #since: Moment = 0;
  #turn = 0;
  #reported = '';

  constructor(options: ExternalGuacdOptions, logger: Logger) {
    const { addresses, dial = {}, probeEveryMs = 15_000, probeTimeoutMs = 5_000 } = options;
    if (addresses.length === 0) throw new SallyportError('settings-invalid', 'No guacd is named.');
    const timing = { probeEveryMs, probeTimeoutMs };
    const instances = addresses.map(
      (address) => new ExternalInstance(address, timing, () => this.#announce()),
    );
    this.#instances = instances.filter(
      ({ name }, at) => instances.findIndex((other) => other.name === name) === at,
    );
    this.#dial = dial;
    this.#logger = logger;
  }

  /** Resolves when one guacd is known to be healthy, or all have been asked. */
  start(): Promise<void> {
    if (this.#ending) return Promise.resolve();
    const ending = new AbortController();
    this.#ending = ending;
    this.#since = Date.now();
    const settled = new Promise<void>((resolve) => {
      const stopListening = this.onState(({ kind }) => {
        if (kind === 'starting') return;
        stopListening();
        resolve();
      });
    });
    this.#watching = Promise.all(this.#instances.map((instance) => instance.watch(ending.signal)));
    this.#announce();
    return settled;
  }

  async stop(): Promise<void> {
    this.#ending?.abort();
    this.#ending = undefined;
    await this.#watching;
    this.#announce();
  }

  killNow(): void {
    // None of them is ours.
  }

  lastOutput(): readonly string[] {
    return [];
  }

  get state(): GuacdState {
    if (!this.#ending) return { kind: 'stopped' };
    const instances = this.#instances.map(({ status }) => status);
    if (this.#instances.some(({ healthy }) => healthy)) return { kind: 'up', since: this.#since, instances };
    if (this.#instances.some(({ probed }) => !probed)) return { kind: 'starting', since: this.#since };
    const retryAt = Math.min(...this.#instances.map(({ nextProbe }) => nextProbe));
    return { kind: 'down', retryAt: Math.max(retryAt, Date.now()), reason: this.#whyNone() };
  }

  get warnings(): readonly Failure[] {
    const warnings: Failure[] = [];
    for (const { address, name, version } of this.#instances) {
      const old = versionWarning(version, `guacd at ${name}`);
      if (old) warnings.push(old);
      const open = unprotectedWarning(address);
      if (open) warnings.push(open);
    }
    return warnings;
  }

  async connect(
    handshake: HandshakeOptions,
    signal: AbortSignal,
    { address }: ConnectOptions = {},
  ): Promise<GuacdConnection> {
    const until = Date.now() + (this.#dial.timeoutMs ?? DEFAULT_DIAL_TIMEOUT_MS);
    let last: SallyportError | undefined;
    for (const instance of this.#candidates(handshake.select, address)) {
      const timeoutMs = until - Date.now();
      if (timeoutMs <= 0) break;
      try {
        return await this.#connectTo(instance, handshake, { ...this.#dial, timeoutMs, signal });
      } catch (error) {
        last = SallyportError.from(error);
        // Something was said to this one: the person's answer comes from it, not from another.
        if (!isUnreachable(last)) throw last;
      }
    }
    throw last ?? this.#none(address);
  }

  async #connectTo(
    instance: ExternalInstance,
    handshake: HandshakeOptions,
    options: DialOptions,
  ): Promise<GuacdConnection> {
    this.#turn += 1;
    instance.chosenAt = this.#turn;
    // Counted from here on, so that many who come at once are spread.
    instance.count(1);
    let dialled: DialledConnection;
    try {
      dialled = await dialGuacd(instance.address, handshake, options);
    } catch (error) {
      instance.count(-1);
      const failure = SallyportError.from(error);
      if (isUnreachable(failure)) instance.doubt(failure.toFailure());
      else if (failure.code === 'guacd-timeout' || failure.code === 'guacd-protocol') instance.check();
      throw failure;
    }
    instance.trust(dialled.protocolVersion);
    // Those who join get the same id: the first one's release must not make the owner forgotten for the rest.
    const owns = !this.#owners.has(dialled.id);
    if (owns) this.#owners.set(dialled.id, instance);
    return counted(dialled, () => {
      if (owns) this.#owners.delete(dialled.id);
      instance.count(-1);
    });
  }

  /**
   * Whom to ask, best first: the healthy ones by their sessions, then the others, for one may have come back since
   * it was last asked. Those are only reached where no healthy one could be.
   */
  #candidates(select: string, address: string | undefined): ExternalInstance[] {
    if (address !== undefined) return this.#instances.filter(({ name }) => name === address);
    const owner = this.#owners.get(select);
    if (owner) return [owner];
    return [...this.#instances].sort(
      (a, b) => Number(b.healthy) - Number(a.healthy) || a.sessions - b.sessions || a.chosenAt - b.chosenAt,
    );
  }

  #none(address: string | undefined): SallyportError {
    if (address === undefined) return withStatus(this.#whyNone());
    return new SallyportError('guacd-refused', `There is no guacd at ${address} any more.`, {
      advice: 'A machine that names its guacd must name one that this outpost uses: see guacd.target.',
      status: GuacamoleStatus.resourceNotFound,
    });
  }

  #whyNone(): Failure {
    const reasons = this.#instances.map(({ reason }) => reason).filter((reason) => reason !== null);
    const [first] = reasons;
    if (first === undefined) return { code: 'guacd-unreachable', message: 'No guacd has answered yet.' };
    if (this.#instances.length === 1) return first;
    const message = `None of the ${this.#instances.length} guacds can be used. ${first.message}`;
    return { ...first, message };
  }

  #announce(): void {
    const { state } = this;
    this.#report(state);
    this.#changed.emit(state);
  }

  /** Health and warnings go to the log when they change. */
  #report(state: GuacdState): void {
    if (state.kind === 'stopped' || state.kind === 'starting') return;
    const health = this.#instances
      .map(({ name, healthy }) => `${name} ${healthy ? 'up' : 'down'}`)
      .join(', ');
    const warnings = this.warnings;
    const report = `${health} ${warnings.map(({ message }) => message).join(' ')}`;
    if (report === this.#reported) return;
    this.#reported = report;
    const failing = this.#instances.filter(({ probed, healthy }) => probed && !healthy);
    this.#logger.log(failing.length > 0 ? 'warning' : 'info', 'the health of guacd has changed', {
      instances: health,
      reasons: failing.map(({ reason }) => reason?.message ?? ''),
      warnings: warnings.map(({ message }) => message),
    });
  }
}

function withStatus({ code, message, advice }: Failure): SallyportError {
  return new SallyportError(code, message, { advice, status: GuacamoleStatus.serverError });
}
