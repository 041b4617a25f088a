import type { PracticeMachine } from '../authentik/machine.ts';
import type { Machine, MachineProtocol } from '../machines/machine.ts';

/** What a person can expect of a practice machine, in one line. */
const DESCRIPTIONS: Readonly<Record<MachineProtocol, string>> = {
  ssh: 'A shell in a home folder of its own.',
  vnc: 'A terminal on a screen that everyone shares.',
  rdp: 'A terminal on a remote desktop, over TLS.',
};

/** A machine as practice authentik offers it. */
export function offer({ name, protocol, parameters }: Machine): PracticeMachine {
  return { name, protocol, description: DESCRIPTIONS[protocol], parameters };
}
