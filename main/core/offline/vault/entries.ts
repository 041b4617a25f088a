import { randomUUID } from 'node:crypto';
import { SallyportError } from '../../errors.ts';
import { type CredentialSecrets, type cleanCredential, packSecrets } from './credential.ts';
import type { Held } from './held-key.ts';
import { CREDENTIAL_LIMITS } from './limits.ts';
import { makeSealing, resealSealing } from './sealing.ts';
import type { CredentialInfo } from './shapes.ts';
import {
  openInfo,
  openSecrets,
  sealEntry,
  type VaultEntry,
  type VaultFile,
  type VaultLock,
} from './vault-file.ts';

/* What is done with the credentials in a vault's file; the file itself is never changed, a new one comes of it. */

type Cleaned = Awaited<ReturnType<typeof cleanCredential>>;

/** A credential that is to be written. */
export interface Sealed {
  readonly info: CredentialInfo;
  readonly entry: VaultEntry;
}

export function infosOf({ id, credentials }: VaultFile, key: Buffer): Held['infos'] {
  return new Map(
    credentials.map((entry) => [entry.id, openInfo(id, entry, key) ?? unreadableInfo(entry.id)] as const),
  );
}

/** Throws `credential-not-found`. */
export function entryOf({ credentials }: VaultFile, id: string): VaultEntry {
  const entry = credentials.find((other) => other.id === id);
  if (entry) return entry;
  throw new SallyportError('credential-not-found', 'There is no such credential in the vault.', {
    advice: 'It may have been removed; see the list of credentials.',
  });
}

/** Throws `vault-unreadable` for a credential that the key does not open. */
export function secretsOf(file: VaultFile, entry: VaultEntry, key: Buffer): CredentialSecrets {
  const secrets = openSecrets(file.id, entry, key);
  if (secrets) return secrets;
  throw new SallyportError(
    'vault-unreadable',
    'This credential is damaged: the vault’s key does not open it.',
    {
      advice: 'Remove it and keep it anew.',
    },
  );
}

/** The id of one that is there already, to the letter. */
export function sameIn(
  file: VaultFile,
  { infos, key }: Held,
  { info, secrets }: Cleaned,
): string | undefined {
  const wanted = packSecrets(secrets).reveal();
  return file.credentials.find((entry) => {
    const there = infos.get(entry.id);
    if (there?.name !== info.name || there.user !== info.user || there.domain !== info.domain) return false;
    const opened = openSecrets(file.id, entry, key);
    return opened !== null && packSecrets(opened).reveal() === wanted;
  })?.id;
}

/** One as it is written now, in ms; `id`: of the one that it takes the place of. */
export function sealedFor(
  file: VaultFile,
  { infos, key }: Held,
  { info, secrets }: Cleaned,
  id: string | null,
  now: number,
): Sealed {
  const createdAt = id === null ? now : (infos.get(id)?.createdAt ?? now);
  const made: CredentialInfo = { id: id ?? randomUUID(), ...info, createdAt, updatedAt: now };
  return { info: made, entry: sealEntry(file.id, made, secrets, key) };
}

/** With these, in the place of those that have their ids. Throws `request-invalid` where that would be too many. */
export function withEntries(file: VaultFile, sealed: readonly Sealed[]): VaultFile {
  const { credentials } = file;
  const written = new Set(sealed.map(({ info }) => info.id));
  const others = credentials.filter(({ id }) => !written.has(id));
  const most = CREDENTIAL_LIMITS.credentials;
  const total = others.length + sealed.length;
  if (total > Math.max(most, credentials.length))
    throw new SallyportError(
      'request-invalid',
      `The vault holds ${credentials.length} credentials, and takes no more than ${most}.`,
    );
  return { ...file, credentials: [...others, ...sealed.map(({ entry }) => entry)] };
}

export function withoutEntries(file: VaultFile, ids: readonly string[]): VaultFile {
  const gone = new Set(ids);
  return { ...file, credentials: file.credentials.filter(({ id }) => !gone.has(id)) };
}

/** All of it under another key, which `lock` keeps. Throws `vault-unreadable` where a credential would be lost. */
export function encryptedAnew(file: VaultFile, lock: VaultLock, old: Buffer, key: Buffer): VaultFile {
  const credentials = file.credentials.map((entry) => resealed(file.id, entry, old, key));
  const sealing =
    (file.sealing && resealSealing(file.id, file.sealing, old, key)) ?? makeSealing(file.id, key);
  return { ...file, lock, credentials, sealing };
}

function resealed(vault: string, entry: VaultEntry, old: Buffer, key: Buffer): VaultEntry {
  const info = openInfo(vault, entry, old);
  const secrets = openSecrets(vault, entry, old);
  if (info && secrets) return sealEntry(vault, info, secrets, key);
  throw new SallyportError(
    'vault-unreadable',
    `The credential ${info?.name ?? entry.id} is damaged and would be lost with the old key.`,
    { advice: 'Remove it first, then change the passphrase.' },
  );
}

/** Stands for a credential whose envelope does not open, so that it can be seen and removed. */
function unreadableInfo(id: string): CredentialInfo {
  return {
    id,
    name: `? ${id.slice(0, 8)}`,
    user: '',
    domain: '',
    hasPassword: false,
    hasPrivateKey: false,
    keyType: null,
    hasPassphrase: false,
    createdAt: 0,
    updatedAt: 0,
  };
}
