import { Secret } from '../base/secret.ts';
import type { Protocol } from '../status.ts';
import type { CredentialFields } from './machines/credentials.ts';
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

type Field = keyof CredentialFields;

/** Which fields of a credential go into which parameter. Source: Guacamole's manual, “Configuring connections”. */
const CREDENTIALS: Readonly<Record<Protocol, Partial<Readonly<Record<Field, string>>>>> = {
  ssh: { user: 'username', password: 'password', privateKey: 'private-key', passphrase: 'passphrase' },
  rdp: { user: 'username', password: 'password', domain: 'domain' },
  vnc: { user: 'username', password: 'password' },
  telnet: { user: 'username', password: 'password' },
  // Certificates are its own kind of login.
  kubernetes: { privateKey: 'client-key' },
};

/**
 * Everything that guacd is told of a machine. The machine's own user stands above the credential's: the same
 * password may belong to several. What is missing is left out, and guacd asks for it; so is what would touch files of
 * guacd's host.
 */
export function connectionParameters(
  { protocol, host, port, user, parameters }: Place,
  credential: CredentialFields,
): ReadonlyMap<string, Secret> {
  const all = new Map<string, Secret>();
  for (const [name, value] of Object.entries(parameters))
    if (!ofGuacdsHost(name)) all.set(name, new Secret(value));
  all.set('hostname', new Secret(host));
  all.set('port', new Secret(String(port)));
  for (const [field, name] of entriesOf(CREDENTIALS[protocol])) {
    const value = credential[field];
    if (value !== undefined) all.set(name, value instanceof Secret ? value : new Secret(value));
  }
  const userName = CREDENTIALS[protocol].user;
  if (user !== '' && userName !== undefined) all.set(userName, new Secret(user));
  return all;
}

function entriesOf(fields: Partial<Readonly<Record<Field, string>>>): readonly (readonly [Field, string])[] {
  const names: readonly Field[] = ['user', 'password', 'privateKey', 'passphrase', 'domain'];
  return names.flatMap((field) => {
    const name = fields[field];
    return name === undefined ? [] : [[field, name] as const];
  });
}
