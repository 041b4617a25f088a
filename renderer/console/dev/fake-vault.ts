import type { CredentialInfo, ProtectionKind, VaultState } from '../../../main/core/offline/vault/shapes.ts';
import type { CallParams, RequestName, Value } from '../../../preload/contract/console.ts';

type VaultName = Extract<RequestName, `vault/${string}`>;
type VaultHandlers = { readonly [N in VaultName]: (params: CallParams<N>) => Value<N> };

const MINUTES_15 = 15 * 60_000;

function credential(id: string, part: Partial<CredentialInfo>): CredentialInfo {
  return {
    id,
    name: id,
    user: '',
    domain: '',
    hasPassword: true,
    hasPrivateKey: false,
    keyType: null,
    hasPassphrase: false,
    createdAt: 0,
    updatedAt: 0,
    ...part,
  };
}

const SAMPLES: readonly CredentialInfo[] = [
  credential('c1', {
    name: 'Linux machines',
    user: 'admin',
    hasPassword: false,
    hasPrivateKey: true,
    keyType: 'ssh-ed25519',
  }),
  credential('c2', { name: 'Windows domain', user: 'jump', domain: 'CORP' }),
];

/** A vault in memory; `changed` hears when it is another. */
export function fakeVault(changed: (state: VaultState) => void): VaultHandlers {
  let credentials = SAMPLES;
  let state: VaultState = { kind: 'locked', protection: 'passphrase' };
  const become = (next: VaultState) => {
    state = next;
    changed(state);
    return view();
  };
  const view = () => ({ state, keychain: 'real' as const });
  const open = (protection: ProtectionKind) =>
    become({ kind: 'unlocked', protection, until: Date.now() + MINUTES_15 });
  const kind = (): ProtectionKind => (state.kind === 'none' ? 'passphrase' : state.protection);
  return {
    'vault/state': view,
    'vault/create': ({ protection }) => open(protection.kind),
    'vault/unlock': () => open(kind()),
    'vault/lock': () => become({ kind: 'locked', protection: kind() }),
    'vault/change': ({ next }) => open(next.kind),
    'vault/credentials': () => ({ credentials }),
    'vault/credential/put': ({ id, credential: { name, user, domain, password } }) => {
      const kept = credential(id ?? `c${credentials.length + 1}`, {
        name,
        user,
        domain,
        hasPassword: password !== null,
      });
      credentials = [...credentials.filter((other) => other.id !== kept.id), kept];
      return kept;
    },
    'vault/credential/remove': ({ id }) => {
      credentials = credentials.filter((other) => other.id !== id);
      return {};
    },
  };
}
