import type { AuditEntries, AuditFilter } from '../control/audit-schema.ts';
import type { ControlClient } from '../control/client.ts';
import type { GuardrailsDesk } from '../control/guardrails-schema.ts';
import type { ConfigStore, TokenStore } from '../control/handlers.ts';
import type { DoctorStep } from '../core/doctor/step.ts';
import { SallyportError } from '../core/errors.ts';
import type { Exit } from './exit.ts';
import type { Io } from './io.ts';
import type { Style } from './view/style.ts';

/** What commands use where no outpost is running: the same stores, opened by the command itself. */
export interface Local {
  readonly token: TokenStore;
  readonly config: ConfigStore;
  readonly guardrails: GuardrailsDesk;
  /** Reads the journal's files; how far authentik was told stands in its mark. */
  readonly activity: (filter: AuditFilter) => Promise<AuditEntries>;
  readonly doctor: (signal: AbortSignal) => AsyncIterable<DoctorStep>;
}

/** What a command has to work with. */
export interface CommandContext {
  readonly io: Io;
  /** How to write on standard output. */
  readonly style: Style;
  /** Rejects with `control-unreachable` where no outpost runs. Closed by whoever called the command. */
  connect(): Promise<ControlClient>;
  /** Rejects with `settings-…`. */
  local(): Promise<Local>;
}

/** Does its work, writes on standard output and says how it went; what it throws is told on standard error. */
export type Command<O> = (context: CommandContext, options: O) => Promise<Exit>;

/** The running outpost; null where none is. */
export async function connectIfRunning(context: CommandContext): Promise<ControlClient | null> {
  try {
    return await context.connect();
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'control-unreachable') return null;
    throw error;
  }
}
