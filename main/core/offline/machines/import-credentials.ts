import { type Failure, SallyportError } from '../../errors.ts';
import type { CredentialVault, KeptCredential, NamedCredential } from './credentials.ts';
import type { PlannedEntry } from './import-plan.ts';
import type { CredentialsFound, FoundCredential } from './import-types.ts';
import { CREDENTIAL_USES, type CredentialIds, type CredentialUse, type MachineDraft } from './machine.ts';

/**
 * Puts the credentials of an import into the vault, each once: all of them or none. Never rejects: the machines are there
 * in any case, and `failure` says why their credentials are not kept.
 */
export async function keepCredentials(
  vault: CredentialVault,
  wanted: readonly PlannedEntry[],
): Promise<{
  readonly kept: ReadonlyMap<FoundCredential, KeptCredential>;
  readonly failure: Failure | null;
}> {
  const named = new Map<FoundCredential, NamedCredential>();
  for (const { draft, credentials } of wanted)
    for (const use of CREDENTIAL_USES) {
      const found = credentials[use];
      if (found !== undefined && !named.has(found)) named.set(found, namedAfter(draft, use, found));
    }
  if (named.size === 0) return { kept: new Map(), failure: null };
  try {
    const kept = await vault.keepCredentials([...named.values()]);
    const pairs = [...named.keys()].flatMap((found, at) => {
      const one = kept[at];
      return one === undefined ? [] : [[found, one] as const];
    });
    return { kept: new Map(pairs), failure: null };
  } catch (error) {
    return {
      kept: new Map(),
      failure: SallyportError.from(error, 'Keeping the secrets').toFailure(),
    };
  }
}

/** The ids that a machine's credentials have in the vault now, by use. */
export function idsOf(
  credentials: CredentialsFound,
  kept: ReadonlyMap<FoundCredential, KeptCredential>,
): Partial<CredentialIds> {
  return Object.fromEntries(
    CREDENTIAL_USES.flatMap((use) => {
      const found = credentials[use];
      const id = found && kept.get(found)?.id;
      return id === undefined ? [] : [[use, id] as const];
    }),
  );
}

/** What no file has named is called after its machine; its login has the machine's user. */
function namedAfter(
  { name, user }: MachineDraft,
  use: CredentialUse,
  found: FoundCredential,
): NamedCredential {
  if (found.name !== null) return { name: found.name, fields: found.fields };
  if (use !== 'credential') return { name: `${name} (${SUFFIX[use]})`, fields: found.fields };
  return { name, fields: { ...(user !== '' && { user }), ...found.fields } };
}

const SUFFIX = { gatewayCredential: 'gateway', sftpCredential: 'SFTP' } as const;
