import type { GuardrailsDesk } from '../../../main/control/guardrails-schema.ts';
import { HandedInKey } from '../../../main/core/settings/handed-in-key.ts';
import { guardrailsDesk } from '../../../main/process/guardrails.ts';

/** The real desk over a state directory. */
export function guardrailsIn(stateDir: string): GuardrailsDesk {
  return guardrailsDesk({ flags: { stateDir }, environment: {}, handedIn: new HandedInKey() });
}
