import type { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import { seal, unseal } from '../passphrase-seal.ts';
import type { CredentialVault } from './credentials.ts';
import type { CredentialsFound } from './import-types.ts';
import { draftOf, type Machine } from './machine.ts';
import { packCredentials, unpackCredentials } from './sealed-credentials.ts';

const PURPOSE = 'sallyport machines 1';
/** A shorter one is guessed in a day. */
export const SHORTEST_PASSPHRASE = 10;

export interface ExportResult {
  /** JSON. */
  readonly text: string;
  readonly machines: number;
  /** How many are in it. */
  readonly credentials: number;
}

/** The machines as a file for another address book, without anything secret. */
export function exportPlain(machines: readonly Machine[], now: Date): ExportResult {
  return { text: written(machines, now, null), machines: machines.length, credentials: 0 };
}

/**
 * The same with the credentials that the machines use, sealed with a passphrase. Rejects with `request-invalid`
 * where the passphrase is too short or the vault is locked.
 */
export async function exportSealed(
  machines: readonly Machine[],
  now: Date,
  passphrase: Secret,
  vault: CredentialVault,
): Promise<ExportResult> {
  if ([...passphrase.reveal()].length < SHORTEST_PASSPHRASE)
    throw new SallyportError(
      'request-invalid',
      `The passphrase has fewer than ${SHORTEST_PASSPHRASE} characters.`,
      { advice: 'Take a longer one: the file can be tried out by anyone who has it.' },
    );
  if (!vault.isUnlocked)
    throw new SallyportError('request-invalid', 'The vault is locked, so its secrets cannot be exported.', {
      advice: 'Unlock it first, or export without secrets.',
    });
  const { text, credentials } = await packCredentials(machines, vault);
  const sealed = await seal(text, passphrase, PURPOSE);
  return { text: written(machines, now, sealed), machines: machines.length, credentials };
}

/** The credentials in an export's sealed part, by machine id. Rejects as `unseal` does. */
export async function openSealed(
  sealed: unknown,
  passphrase: Secret,
): Promise<ReadonlyMap<string, CredentialsFound>> {
  return unpackCredentials(await unseal(sealed, passphrase, PURPOSE));
}

function written(machines: readonly Machine[], now: Date, sealed: unknown): string {
  const entries = machines.map(({ id, ...machine }) => {
    // An id of this host's vault says nothing to another.
    const { credential: _, gatewayCredential: __, sftpCredential: ___, ...draft } = draftOf(machine);
    return { id, ...draft };
  });
  const file = {
    sallyport: 'machines',
    version: 1,
    exportedAt: now.toISOString(),
    machines: entries,
    ...(sealed !== null && { sealed }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
