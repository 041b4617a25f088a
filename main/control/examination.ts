import type { Logger } from '../core/base/logger.ts';
import { type DoctorReport, type DoctorStep, isHealthy } from '../core/doctor/step.ts';
import { SallyportError } from '../core/errors.ts';
import type { ControlContext } from './requests.ts';
import type { Proposal } from './trust-schema.ts';

/** Examines this host, with what is proposed in place of what is kept. Nothing more comes after `signal` aborts. */
export type Doctor = (signal: AbortSignal, proposed?: Proposal) => AsyncIterable<DoctorStep>;

/** The doctor's rounds, at most one for each connection: the steps of two could not be told apart. */
export class Examinations {
  readonly #doctor: Doctor;
  readonly #logger: Logger;
  readonly #running = new WeakMap<ControlContext, AbortController>();

  constructor(doctor: Doctor, logger: Logger) {
    this.#doctor = doctor;
    this.#logger = logger;
  }

  /** Rejects with `aborted` when the connection has gone, cancelled it, or began another. */
  async run(context: ControlContext, proposed: Proposal | undefined): Promise<DoctorReport> {
    this.cancel(context);
    const controller = new AbortController();
    const abort = () => controller.abort();
    this.#running.set(context, controller);
    context.signal.addEventListener('abort', abort, { once: true });
    if (context.signal.aborted) abort();
    try {
      return await this.#collect(context, controller.signal, proposed);
    } finally {
      context.signal.removeEventListener('abort', abort);
      if (this.#running.get(context) === controller) this.#running.delete(context);
    }
  }

  cancel(context: ControlContext): void {
    this.#running.get(context)?.abort();
  }

  async #collect(
    context: ControlContext,
    signal: AbortSignal,
    proposed: Proposal | undefined,
  ): Promise<DoctorReport> {
    const steps: DoctorStep[] = [];
    for await (const step of this.#doctor(signal, proposed)) {
      if (signal.aborted) break;
      steps.push(step);
      context.notify('doctor/step', step);
    }
    // Half a round says nothing about the whole.
    if (signal.aborted) {
      this.#logger.log('debug', 'The doctor was sent away', { steps: steps.length });
      throw new SallyportError('aborted', 'The doctor was sent away.');
    }
    return { steps, healthy: isHealthy(steps) };
  }
}
