import type { Logger } from '../base/logger.ts';
import { type ContainerOptions, GuacdInContainer } from './container/runner.ts';
import { ExternalGuacd, type ExternalGuacdOptions } from './external.ts';
import type { Guacd } from './guacd.ts';
import { ManagedGuacd, type ManagedGuacdOptions } from './managed.ts';
import { GuacdProgram, type ProgramOptions } from './program.ts';
import { DEFAULT_TIMINGS, type SupervisorTimings } from './supervision.ts';

interface OwnGuacdOptions extends Partial<Omit<ManagedGuacdOptions, 'timings'>> {
  readonly timings?: Partial<SupervisorTimings>;
}

export type GuacdOptions =
  | ({ readonly mode: 'managed' } & OwnGuacdOptions & Omit<ProgramOptions, 'stopGraceMs'>)
  | ({ readonly mode: 'container' } & OwnGuacdOptions & ContainerOptions)
  | ({ readonly mode: 'external' } & ExternalGuacdOptions);

/** A container takes longer than a program: its engine prepares it, and tidies up behind it. */
const CONTAINER_TIMINGS: SupervisorTimings = { ...DEFAULT_TIMINGS, startTimeoutMs: 30_000 };
const CONTAINER_PATIENCE_MS = 10_000;

/** The guacd that the settings ask for; not started yet. Throws `settings-invalid` where they name none. */
export function createGuacd(options: GuacdOptions, logger: Logger): Guacd {
  switch (options.mode) {
    case 'managed': {
      const timings = { ...DEFAULT_TIMINGS, ...options.timings };
      const program = new GuacdProgram({ ...options, stopGraceMs: timings.stopGraceMs }, logger);
      return new ManagedGuacd(program, { ...options, timings }, logger);
    }
    case 'container': {
      const timings = { ...CONTAINER_TIMINGS, ...options.timings };
      const container = new GuacdInContainer(options, logger);
      return new ManagedGuacd(container, { patienceMs: CONTAINER_PATIENCE_MS, ...options, timings }, logger);
    }
    case 'external':
      return new ExternalGuacd(options, logger);
  }
}
