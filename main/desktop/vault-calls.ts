import type { Params } from '../../preload/contract/console.ts';
import type { VaultView } from '../../preload/contract/vault.ts';
import type { ProtectionWish } from '../control/vault-schema.ts';
import { SallyportError } from '../core/errors.ts';
import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';
import type { VaultKeyFile } from './vault-key-file.ts';
import { SLOW } from './vault-opener.ts';

type VaultState = VaultView['state'];
type VaultCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `vault/${string}`>>;

/** The requests about the vault: handed on to the outpost, with the keychain's key where it is opened by that. */
export function vaultCalls({ desk, vault }: Pick<AppContext, 'desk' | 'vault'>): VaultCalls {
  const control = () => desk.host.control;
  const view = (state: VaultState): VaultView => ({ state, keychain: vault.keychain.kind });
  return {
    'vault/state': async () => view(await vault.state()),
    'vault/create': async ({ protection }) => {
      // The key of a vault that is there must not be written over.
      if ((await vault.state()).kind !== 'none') throw thereAlready();
      const wish = await protectionOf(protection, vault.keyFile);
      return view(await control().request('vault/create', { protection: wish }, SLOW));
    },
    'vault/unlock': async ({ passphrase }) => view(await vault.unlock(passphrase)),
    'vault/lock': async () => view(await control().request('vault/lock', { because: 'asked' })),
    'vault/change': async ({ current, next }) => {
      const state = await vault.state();
      const file = vault.keyFile;
      const wasKeychain = state.kind !== 'none' && state.protection === 'keychain';
      const opener = await vault.opener(state, current);
      // Two keys in one file: a crash in between would lose the older one.
      if (wasKeychain && next.kind === 'keychain') return view(state);
      const changed = await control().request(
        'vault/change',
        { current: opener, next: await protectionOf(next, file) },
        SLOW,
      );
      if (wasKeychain) await file.forget();
      return view(changed);
    },
    'vault/credentials': () => control().request('vault/credentials', {}),
    'vault/credential/put': (entry) => control().request('vault/credential/put', entry, SLOW),
    'vault/credential/remove': (which) => control().request('vault/credential/remove', which),
  };
}

async function protectionOf(
  wish: Params<'vault/create'>['protection'],
  file: VaultKeyFile,
): Promise<ProtectionWish> {
  return wish.kind === 'keychain' ? { kind: 'keychain', key: await file.make() } : wish;
}

function thereAlready(): SallyportError {
  return new SallyportError('vault-refused', 'There is a vault already.');
}
