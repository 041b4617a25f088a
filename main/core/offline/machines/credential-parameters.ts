import type { Protocol } from '../../status.ts';
import type { CredentialFields } from './credentials.ts';
import { CREDENTIAL_USES, type CredentialUse, MACHINE_PROTOCOLS } from './machine.ts';

/* Which field of a credential is which parameter. Source: Guacamole's manual, “Configuring connections”. */

type Field = keyof CredentialFields;
type Names = Partial<Readonly<Record<Field, string>>>;

const LOGIN: Readonly<Record<Protocol, Names>> = {
  ssh: { user: 'username', password: 'password', privateKey: 'private-key', passphrase: 'passphrase' },
  rdp: { user: 'username', password: 'password', domain: 'domain' },
  vnc: { user: 'username', password: 'password' },
  telnet: { user: 'username', password: 'password' },
  // Certificates are its own kind of login.
  kubernetes: { privateKey: 'client-key' },
};

const FURTHER: Readonly<Record<Exclude<CredentialUse, 'credential'>, Names>> = {
  gatewayCredential: { user: 'gateway-username', password: 'gateway-password', domain: 'gateway-domain' },
  sftpCredential: {
    user: 'sftp-username',
    password: 'sftp-password',
    privateKey: 'sftp-private-key',
    passphrase: 'sftp-passphrase',
  },
};

const FIELDS: readonly Field[] = ['user', 'password', 'privateKey', 'passphrase', 'domain'];
const SECRETS = ['password', 'privateKey', 'passphrase'] as const satisfies readonly Field[];

/** Where in the vault the value of a parameter belongs. */
export interface SecretPlace {
  readonly use: CredentialUse;
  readonly field: (typeof SECRETS)[number];
}

const PLACES = new Map<string, SecretPlace>();
for (const use of CREDENTIAL_USES)
  for (const protocol of MACHINE_PROTOCOLS)
    for (const field of SECRETS) {
      const name = namesOf(use, protocol)[field];
      if (name !== undefined) PLACES.set(name, { use, field });
    }

/** The fields of a credential with the parameters that they are, for one use of a protocol that has it. */
export function credentialParameters(
  use: CredentialUse,
  protocol: Protocol,
): readonly (readonly [Field, string])[] {
  const names = namesOf(use, protocol);
  return FIELDS.flatMap((field) => {
    const name = names[field];
    return name === undefined ? [] : [[field, name] as const];
  });
}

/** Where a secret parameter is kept; undefined for one that guacd does not know. */
export function placeOfSecret(parameter: string): SecretPlace | undefined {
  return PLACES.get(parameter);
}

function namesOf(use: CredentialUse, protocol: Protocol): Names {
  return use === 'credential' ? LOGIN[protocol] : FURTHER[use];
}
