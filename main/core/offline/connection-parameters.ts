import { Secret } from '../base/secret.ts';
import type { Protocol } from '../status.ts';
import { credentialParameters } from './machines/credential-parameters.ts';
import type { CredentialsByUse } from './machines/credentials.ts';
import { usesOf } from './machines/machine.ts';
import { ofGuacdsHost } from './machines/secret-parameters.ts';

/** Where a machine is, and what is set for it; nothing of it is secret. */
export interface Place {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** Empty: the credential's, or asked for. */
  readonly user: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Everything that guacd is told of a machine. The machine's own user, and its user at a gateway or for SFTP, stand above
 * the credential's: the same password may belong to several. What is missing is left out, and guacd asks for it; so is what
 * would touch files of guacd's host.
 */
export function connectionParameters(
  { protocol, host, port, user, parameters }: Place,
  credentials: CredentialsByUse,
): ReadonlyMap<string, Secret> {
  const all = new Map<string, Secret>();
  for (const [name, value] of Object.entries(parameters))
    if (!ofGuacdsHost(name)) all.set(name, new Secret(value));
  all.set('hostname', new Secret(host));
  all.set('port', new Secret(String(port)));
  for (const use of usesOf(protocol))
    for (const [field, name] of credentialParameters(use, protocol)) {
      const own = use === 'credential' ? (field === 'user' ? user : '') : (parameters[name] ?? '');
      const value = own === '' ? credentials[use]?.[field] : own;
      if (value !== undefined) all.set(name, value instanceof Secret ? value : new Secret(value));
    }
  return all;
}
