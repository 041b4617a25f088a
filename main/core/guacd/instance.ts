import { type Failure, SallyportError } from '../errors.ts';
import type { GuacdInstance, Moment } from '../status.ts';
import { addressText, type GuacdAddress } from './address.ts';
import { Snooze } from './pause.ts';
import { probeGuacd } from './probe.ts';

export interface InstanceOptions {
  /** Between two probes, in milliseconds. */
  readonly probeEveryMs: number;
  readonly probeTimeoutMs: number;
}

/** One guacd that others run: whether it answers, and how many of our sessions go through it. */
export class ExternalInstance {
  readonly address: GuacdAddress;
  readonly name: string;
  readonly #options: InstanceOptions;
  readonly #onChange: () => void;
  readonly #snooze = new Snooze();
  /** Null until it has been probed. */
  #healthy: boolean | null = null;
  #reason: Failure | null = null;
  #version: string | null = null;
  #sessions = 0;
  #nextProbe: Moment = 0;
  /** When it was last chosen, so that equals take turns. */
  chosenAt = 0;

  constructor(address: GuacdAddress, options: InstanceOptions, onChange: () => void) {
    this.address = address;
    this.name = addressText(address);
    this.#options = options;
    this.#onChange = onChange;
  }

  get healthy(): boolean {
    return this.#healthy === true;
  }

  get probed(): boolean {
    return this.#healthy !== null;
  }

  get sessions(): number {
    return this.#sessions;
  }

  get version(): string | null {
    return this.#version;
  }

  get reason(): Failure | null {
    return this.#reason;
  }

  get nextProbe(): Moment {
    return this.#nextProbe;
  }

  get status(): GuacdInstance {
    const { name: address, healthy } = this;
    return { address, healthy, version: this.#version, sessions: this.#sessions, reason: this.#reason };
  }

  /** Probes now and then until `signal` aborts. Never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    this.#healthy = null;
    while (!signal.aborted) {
      await this.#probe(signal);
      if (signal.aborted) return;
      this.#nextProbe = Date.now() + this.#options.probeEveryMs;
      await this.#snooze.wait(this.#options.probeEveryMs, signal);
    }
  }

  /** Looks at once, because somebody doubts it. */
  check(): void {
    this.#snooze.wake();
  }

  /** A dial has shown that it cannot be reached; the next probe is at once. */
  doubt(reason: Failure): void {
    this.#set(false, reason);
    this.check();
  }

  /** A session has gone through: no better proof. */
  trust(protocolVersion: string | null): void {
    this.#set(true, null, protocolVersion ?? 'VERSION_1_0_0');
  }

  count(by: 1 | -1): void {
    this.#sessions += by;
    this.#onChange();
  }

  async #probe(signal: AbortSignal): Promise<void> {
    try {
      const version = await probeGuacd(this.address, { signal, timeoutMs: this.#options.probeTimeoutMs });
      this.#set(true, null, version);
    } catch (error) {
      if (!signal.aborted) this.#set(false, SallyportError.from(error).toFailure());
    }
  }

  #set(healthy: boolean, reason: Failure | null, version = this.#version): void {
    const same =
      this.#healthy === healthy && this.#reason?.message === reason?.message && this.#version === version;
    this.#version = version;
    this.#healthy = healthy;
    this.#reason = reason;
    if (!same) this.#onChange();
  }
}
