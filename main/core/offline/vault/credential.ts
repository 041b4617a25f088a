import { Secret } from '../../base/secret.ts';
import { SallyportError } from '../../errors.ts';
import type { CredentialFields } from '../machines/credentials.ts';
import { CREDENTIAL_LIMITS } from './limits.ts';
import { checkPrivateKey } from './private-key.ts';
import type { CredentialInfo } from './shapes.ts';

/** What a person gives. Of a secret that is left out the old one stays; null takes it away. */
export interface CredentialDraft {
  readonly name: string;
  readonly user: string;
  readonly domain: string;
  readonly password?: Secret | null;
  readonly privateKey?: Secret | null;
  readonly passphrase?: Secret | null;
}

/** What is encrypted apart from the rest, so that a list of names needs nobody's password. */
export interface CredentialSecrets {
  readonly password: Secret | null;
  readonly privateKey: Secret | null;
  readonly passphrase: Secret | null;
}

export const NO_SECRETS: CredentialSecrets = { password: null, privateKey: null, passphrase: null };

/**
 * The credential that a draft makes of an old one, checked. Rejects with `request-invalid` and a sentence about the
 * first thing that is wrong; nothing secret is in it.
 */
export async function cleanCredential(
  draft: CredentialDraft,
  old: CredentialSecrets,
): Promise<{
  readonly info: Omit<CredentialInfo, 'id' | 'createdAt' | 'updatedAt'>;
  readonly secrets: CredentialSecrets;
}> {
  const name = line('The name', draft.name, CREDENTIAL_LIMITS.name);
  if (name === '') throw invalid('The credential has no name', 'Give it one by which you know it again.');
  const user = line('The user name', draft.user, CREDENTIAL_LIMITS.user);
  const domain = line('The domain', draft.domain, CREDENTIAL_LIMITS.domain);
  const privateKey = merged(draft.privateKey, old.privateKey);
  // The passphrase of a key that has gone is of no use.
  const passphrase = privateKey === null ? null : merged(draft.passphrase, old.passphrase);
  const password = merged(draft.password, old.password);
  bounded('The password', password, CREDENTIAL_LIMITS.password);
  bounded('The passphrase', passphrase, CREDENTIAL_LIMITS.passphrase);
  if (user === '' && password === null && privateKey === null)
    throw invalid('The credential holds nothing', 'Give a user name, a password or a private key.');
  const key = privateKey === null ? null : await checkPrivateKey(privateKey, passphrase);
  return {
    info: {
      name,
      user,
      domain,
      hasPassword: password !== null,
      hasPrivateKey: key !== null,
      keyType: key?.type ?? null,
      hasPassphrase: passphrase !== null && key?.isEncrypted === true,
    },
    secrets: {
      password,
      privateKey: key?.text ?? null,
      // A key that is not encrypted needs none.
      passphrase: key?.isEncrypted === true ? passphrase : null,
    },
  };
}

/** As sessions and exports want them. */
export function fieldsOf({ user, domain }: CredentialInfo, secrets: CredentialSecrets): CredentialFields {
  const { password, privateKey, passphrase } = secrets;
  return {
    ...(user !== '' && { user }),
    ...(domain !== '' && { domain }),
    ...(password && { password }),
    ...(privateKey && { privateKey }),
    ...(passphrase && { passphrase }),
  };
}

function merged(given: Secret | null | undefined, old: Secret | null): Secret | null {
  if (given === undefined) return old;
  return given === null || given.isEmpty ? null : given;
}

function line(what: string, raw: string, most: number): string {
  const text = raw.trim();
  if (text.length > most) throw invalid(`${what} is longer than ${most} characters`);
  if (/\p{Cc}/u.test(text)) throw invalid(`${what} holds a line break or a control character`);
  return text;
}

function bounded(what: string, secret: Secret | null, most: number): void {
  if (secret !== null && secret.reveal().length > most)
    throw invalid(`${what} is longer than ${most} characters`);
}

function invalid(what: string, advice?: string): SallyportError {
  return new SallyportError('request-invalid', `${what}.`, { advice });
}

/** Secrets as JSON text, for encryption alone. */
export function packSecrets({ password, privateKey, passphrase }: CredentialSecrets): Secret {
  return new Secret(
    JSON.stringify({
      password: password?.reveal() ?? null,
      privateKey: privateKey?.reveal() ?? null,
      passphrase: passphrase?.reveal() ?? null,
    }),
  );
}
