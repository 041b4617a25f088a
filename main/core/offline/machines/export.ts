import type { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import { seal, unseal } from '../passphrase-seal.ts';
import type { CredentialFields, CredentialVault } from './credentials.ts';
import { draftOf, type Machine } from './machine.ts';

const PURPOSE = 'sallyport machines 1';
/** A shorter one is guessed in a day. */
export const SHORTEST_PASSPHRASE = 10;

/** Fields of a credential as they are sealed. */
type PlainFields = Readonly<Partial<Record<keyof CredentialFields, string>>>;

export interface ExportResult {
  /** JSON. */
  readonly text: string;
  readonly machines: number;
  /** Machines whose credential is in it. */
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
  const secrets: Record<string, PlainFields> = {};
  for (const { id, credential } of machines) {
    const fields = credential === null ? null : await vault.revealCredential(credential);
    if (fields !== null) secrets[id] = plain(fields);
  }
  const sealed = await seal(JSON.stringify(secrets), passphrase, PURPOSE);
  return {
    text: written(machines, now, sealed),
    machines: machines.length,
    credentials: Object.keys(secrets).length,
  };
}

/** The credentials in an export's sealed part, by machine id. Rejects as `unseal` does. */
export async function openSealed(
  sealed: unknown,
  passphrase: Secret,
): Promise<ReadonlyMap<string, PlainFields>> {
  const value: unknown = JSON.parse(await unseal(sealed, passphrase, PURPOSE));
  const found = new Map<string, PlainFields>();
  if (typeof value !== 'object' || value === null) return found;
  for (const [id, fields] of Object.entries(value)) {
    if (typeof fields !== 'object' || fields === null) continue;
    const texts = Object.entries(fields).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    );
    found.set(id, Object.fromEntries(texts));
  }
  return found;
}

function written(machines: readonly Machine[], now: Date, sealed: unknown): string {
  const entries = machines.map(({ id, ...machine }) => {
    // An id of this host's vault says nothing to another.
    const { credential: _, ...draft } = draftOf(machine);
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

function plain({ user, domain, password, privateKey, passphrase }: CredentialFields): PlainFields {
  return {
    ...(user !== undefined && { user }),
    ...(domain !== undefined && { domain }),
    ...(password && { password: password.reveal() }),
    ...(privateKey && { privateKey: privateKey.reveal() }),
    ...(passphrase && { passphrase: passphrase.reveal() }),
  };
}
