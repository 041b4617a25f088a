import type { Params } from '../../preload/contract/console.ts';
import type { VaultView } from '../../preload/contract/vault.ts';
import type { Opener, ProtectionWish } from '../control/vault-schema.ts';
import { SallyportError } from '../core/errors.ts';
import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';
import type { Keychain } from './keychain.ts';
import { VaultKeyFile } from './vault-key-file.ts';

type VaultState = VaultView['state'];
type VaultCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `vault/${string}`>>;

export interface VaultCallsOptions {
  /** The app's own folder; it is there and private. */
  readonly directory: string;
  readonly keychain: Keychain;
}

/** A slow machine takes seconds for scrypt, and others may be before us. */
const UNLOCK_MS = 60_000;

/** The requests about the vault: handed on to the outpost, with the keychain's key where it is opened by that. */
export function vaultCalls(
  { desk }: Pick<AppContext, 'desk'>,
  { directory, keychain }: VaultCallsOptions,
): VaultCalls {
  const control = () => desk.host.control;
  const keyFile = () => new VaultKeyFile(directory, desk.host.address, keychain);
  const view = (state: VaultState): VaultView => ({ state, keychain: keychain.kind });
  const slow = { timeoutMs: UNLOCK_MS };
  return {
    'vault/state': async () => view(await control().request('vault/state', {})),
    'vault/create': async ({ protection }) => {
      // The key of a vault that is there must not be written over.
      if ((await control().request('vault/state', {})).kind !== 'none') throw thereAlready();
      const wish = await protectionOf(protection, keyFile());
      return view(await control().request('vault/create', { protection: wish }, slow));
    },
    'vault/unlock': async ({ passphrase }) => {
      const opener = await openerOf(await control().request('vault/state', {}), passphrase, keyFile());
      return view(await control().request('vault/unlock', { opener }, slow));
    },
    'vault/lock': async () => view(await control().request('vault/lock', { because: 'asked' })),
    'vault/change': async ({ current, next }) => {
      const state = await control().request('vault/state', {});
      const file = keyFile();
      const wasKeychain = state.kind !== 'none' && state.protection === 'keychain';
      const opener = await openerOf(state, current, file);
      // Two keys in one file: a crash in between would lose the older one.
      if (wasKeychain && next.kind === 'keychain') return view(state);
      const changed = await control().request(
        'vault/change',
        { current: opener, next: await protectionOf(next, file) },
        slow,
      );
      if (wasKeychain) await file.forget();
      return view(changed);
    },
    'vault/credentials': () => control().request('vault/credentials', {}),
    'vault/credential/put': (entry) => control().request('vault/credential/put', entry, slow),
    'vault/credential/remove': (which) => control().request('vault/credential/remove', which),
  };
}

async function protectionOf(
  wish: Params<'vault/create'>['protection'],
  file: VaultKeyFile,
): Promise<ProtectionWish> {
  return wish.kind === 'keychain' ? { kind: 'keychain', key: await file.make() } : wish;
}

async function openerOf(
  state: VaultState,
  passphrase: string | undefined,
  file: VaultKeyFile,
): Promise<Opener> {
  // The outpost says in words what is wrong with it.
  if (state.kind === 'none' || state.protection === 'key-file') return { kind: 'key-file' };
  if (state.protection === 'keychain') return { kind: 'keychain', key: await file.read() };
  return { kind: 'passphrase', passphrase: passphrase ?? '' };
}

function thereAlready(): SallyportError {
  return new SallyportError('vault-refused', 'There is a vault already.');
}
