import * as v from 'valibot';
import { Secret } from '../../base/secret.ts';
import { sealedDamaged } from '../passphrase-seal.ts';
import type { CredentialFields, CredentialVault, NamedCredential } from './credentials.ts';
import type { CredentialsFound, Reading } from './import-types.ts';
import { CREDENTIAL_USES, type CredentialUse, type Machine } from './machine.ts';

/*
 * The part of an export that is sealed: each credential once, and which of them a machine uses for what. So one that many
 * machines share comes back as one.
 */

const text = v.exactOptional(v.string(), '');
const contentSchema = v.object({
  credentials: v.record(
    v.string(),
    v.object({
      name: v.string(),
      user: text,
      domain: text,
      password: text,
      privateKey: text,
      passphrase: text,
    }),
  ),
  /** By the machine's id. */
  machines: v.record(
    v.string(),
    v.object({
      credential: v.exactOptional(v.string()),
      gatewayCredential: v.exactOptional(v.string()),
      sftpCredential: v.exactOptional(v.string()),
    }),
  ),
});

type Content = v.InferOutput<typeof contentSchema>;

/** What is to be sealed, as text, and how many credentials are in it. Rejects as `namedCredential` does. */
export async function packCredentials(
  machines: readonly Machine[],
  vault: Pick<CredentialVault, 'namedCredential'>,
): Promise<{ readonly text: string; readonly credentials: number }> {
  // Under its id here, which means nothing elsewhere.
  const known = new Map<string, NamedCredential | null>();
  const used: [string, Partial<Record<CredentialUse, string>>][] = [];
  for (const machine of machines) {
    const uses: Partial<Record<CredentialUse, string>> = {};
    for (const use of CREDENTIAL_USES) {
      const id = machine[use];
      if (id === null) continue;
      const found = known.get(id);
      const credential = found === undefined ? await vault.namedCredential(id) : found;
      known.set(id, credential);
      if (credential !== null) uses[use] = id;
    }
    if (Object.keys(uses).length > 0) used.push([machine.id, uses]);
  }
  const credentials = [...known].flatMap(([id, named]) =>
    named === null ? [] : [[id, plain(named)] as const],
  );
  const content = { credentials: Object.fromEntries(credentials), machines: Object.fromEntries(used) };
  return { text: JSON.stringify(content), credentials: credentials.length };
}

/**
 * The credentials in what was sealed, by machine; machines that share one have the same object. Throws `request-invalid`
 * for what is something else.
 */
export function unpackCredentials(packed: string): ReadonlyMap<string, CredentialsFound> {
  const decoded = v.safeParse(contentSchema, JSON.parse(packed));
  if (!decoded.success) throw sealedDamaged();
  const { credentials, machines } = decoded.output;
  const known = new Map(Object.entries(credentials).map(([id, fields]) => [id, named(fields)] as const));
  return new Map(
    Object.entries(machines).map(([id, uses]) => {
      const found = CREDENTIAL_USES.flatMap((use) => {
        const credential = known.get(uses[use] ?? '');
        return credential === undefined ? [] : [[use, credential] as const];
      });
      return [id, Object.fromEntries(found)];
    }),
  );
}

/** Puts the credentials of machines, by the ids that they have in an export, to what was read of it. */
export function withCredentials(
  reading: Reading,
  credentials: ReadonlyMap<string, CredentialsFound>,
): Reading {
  const candidates = reading.candidates.map((candidate) => {
    const found = credentials.get(candidate.id ?? '');
    return found === undefined ? candidate : { ...candidate, credentials: found };
  });
  return { ...reading, candidates };
}

function plain({ name, fields }: NamedCredential): Partial<Content['credentials'][string]> {
  const { user, domain, password, privateKey, passphrase } = fields;
  return {
    name,
    ...(user !== undefined && { user }),
    ...(domain !== undefined && { domain }),
    ...(password && { password: password.reveal() }),
    ...(privateKey && { privateKey: privateKey.reveal() }),
    ...(passphrase && { passphrase: passphrase.reveal() }),
  };
}

function named({ name, user, domain, ...secrets }: Content['credentials'][string]): NamedCredential {
  const { password, privateKey, passphrase } = secrets;
  const fields: CredentialFields = {
    ...(user !== '' && { user }),
    ...(domain !== '' && { domain }),
    ...(password !== '' && { password: new Secret(password) }),
    ...(privateKey !== '' && { privateKey: new Secret(privateKey) }),
    ...(passphrase !== '' && { passphrase: new Secret(passphrase) }),
  };
  return { name, fields };
}
