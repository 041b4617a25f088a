import type { SessionRequest } from '../../sessions/request.ts';
import { splitAddress } from './import-rdp.ts';
import { EMPTY_DRAFT, isProtocol, type MachineDraft } from './machine.ts';
import { PARAMETERS } from './parameter-table.ts';
import { belongsToOneSession, isSecretParameter } from './secret-parameters.ts';

/** What a session leaves for a machine: nothing of it is secret. */
export interface SessionFacts {
  readonly draft: MachineDraft;
  /** Names of parameters whose values were left out: secrets, and those that nobody can tell from one. */
  readonly left: readonly string[];
}

/**
 * A machine made of what a session was opened with. Of its parameters only those are taken that Guacamole's manual
 * knows as no secret: of others an admin may have made up a place for a password.
 */
export function factsOfRequest({
  protocol,
  parameters,
}: Pick<SessionRequest, 'protocol' | 'parameters'>): SessionFacts | null {
  if (!isProtocol(protocol)) return null;
  const value = (name: string) => parameters.get(name)?.reveal() ?? '';
  const host = value('hostname');
  if (host === '') return null;
  const taken: Record<string, string> = {};
  const left: string[] = [];
  for (const [name, secret] of parameters) {
    if (['hostname', 'port', 'username'].includes(name) || belongsToOneSession(name)) continue;
    if (PARAMETERS.has(name) && !isSecretParameter(name)) taken[name] = secret.reveal();
    else left.push(name);
  }
  const port = Number(value('port'));
  return {
    draft: {
      ...EMPTY_DRAFT,
      name: host,
      protocol,
      host,
      port: Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null,
      user: value('username'),
      parameters: taken,
    },
    left,
  };
}

/** The little that is known of a session whose values are gone; null where that is too little. */
export function factsOfEnded({
  protocol,
  machine,
  parameters,
}: {
  readonly protocol: string;
  readonly machine: string;
  readonly parameters: readonly string[];
}): SessionFacts | null {
  const { host, port } = splitAddress(machine);
  if (!isProtocol(protocol) || host === '' || host.includes(' ')) return null;
  return { draft: { ...EMPTY_DRAFT, name: host, protocol, host, port }, left: parameters };
}
