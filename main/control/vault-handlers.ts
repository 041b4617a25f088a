import { Secret } from '../core/base/secret.ts';
import type { CredentialDraft } from '../core/offline/vault/credential.ts';
import type { Protection, Opener as VaultOpener } from '../core/offline/vault/protection.ts';
import type { LockReason, Vault } from '../core/offline/vault/vault.ts';
import type { ControlHandlers } from './requests.ts';
import type { CredentialWish, Opener, ProtectionWish, VAULT_REQUESTS } from './vault-schema.ts';

export interface VaultDesk {
  readonly vault: Pick<
    Vault,
    'state' | 'onChange' | 'create' | 'unlock' | 'lock' | 'change' | 'credentials' | 'put' | 'remove'
  >;
  /** Where a key file lies when nobody says. */
  readonly keyFile: string;
  /** The passphrase was typed on this connection, and was right. */
  passphraseTyped(connection: object): void;
}

/** The contract's requests about the vault. */
export function vaultHandlers(desk: VaultDesk): Pick<ControlHandlers, keyof typeof VAULT_REQUESTS> {
  const { vault } = desk;
  const because = (reason: Exclude<LockReason, 'time' | 'end'> = 'asked') => vault.lock(reason);
  return {
    'vault/state': () => vault.state,
    'vault/subscribe': (_, context) => {
      let told = JSON.stringify(vault.state);
      const tell = () => {
        const { state } = vault;
        const news = JSON.stringify(state);
        // That another credential is kept is for the admin to hear.
        if (context.member !== null && news === told) return;
        told = news;
        context.notify('vault/changed', state);
      };
      context.once('vault', () => vault.onChange(tell));
      return vault.state;
    },
    'vault/create': async ({ protection }) => {
      await vault.create(protectionOf(protection, desk.keyFile));
      return vault.state;
    },
    'vault/unlock': async ({ opener }, context) => {
      await vault.unlock(openerOf(opener), context.member);
      if (opener.kind === 'passphrase') desk.passphraseTyped(context);
      return vault.state;
    },
    'vault/lock': (params) => {
      because(params.because);
      return vault.state;
    },
    'vault/change': async ({ current, next }) => {
      await vault.change(openerOf(current), protectionOf(next, desk.keyFile));
      return vault.state;
    },
    'vault/credentials': () => ({ credentials: vault.credentials }),
    'vault/credential/put': ({ id, credential }) => vault.put(id, draftOf(credential)),
    'vault/credential/remove': async ({ id }) => {
      await vault.remove(id);
      return {};
    },
  };
}

function openerOf(opener: Opener): VaultOpener {
  switch (opener.kind) {
    case 'passphrase':
      return { kind: 'passphrase', passphrase: new Secret(opener.passphrase) };
    case 'keychain':
      return { kind: 'keychain', key: Buffer.from(opener.key, 'base64') };
    case 'key-file':
      return opener;
    default:
      return opener satisfies never;
  }
}

function protectionOf(protection: ProtectionWish, keyFile: string): Protection {
  if (protection.kind === 'key-file') return { kind: 'key-file', path: protection.path ?? keyFile };
  return protection.kind === 'passphrase'
    ? { kind: 'passphrase', passphrase: new Secret(protection.passphrase) }
    : { kind: 'keychain', key: Buffer.from(protection.key, 'base64') };
}

function draftOf({ name, user, domain, password, privateKey, passphrase }: CredentialWish): CredentialDraft {
  return {
    name,
    user,
    domain,
    ...(password !== undefined && { password: secretOf(password) }),
    ...(privateKey !== undefined && { privateKey: secretOf(privateKey) }),
    ...(passphrase !== undefined && { passphrase: secretOf(passphrase) }),
  };
}

function secretOf(text: string | null): Secret | null {
  return text === null ? null : new Secret(text);
}
