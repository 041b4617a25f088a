import type { CredentialInfo } from '../../../main/core/offline/vault/shapes.ts';
import type { Answer, ConsoleClient } from '../../../preload/contract/console.ts';
import type { VaultView } from '../../../preload/contract/vault.ts';
import { useModel } from '../model/model.ts';
import { type Loaded, useLoaded } from '../model/use-loaded.ts';

export interface Vault {
  readonly view: VaultView;
  /** Null while it is locked, or not there. */
  readonly credentials: readonly CredentialInfo[] | null;
}

export interface VaultHeld {
  readonly loaded: Loaded<Vault>;
  /** Null until it is known. */
  readonly vault: Vault | null;
  readonly reload: () => Promise<unknown>;
}

/** The vault as it is now: asked for again whenever the outpost says that it is another. */
export function useVault(): VaultHeld {
  const { client, status } = useModel();
  const told = status.value?.vault;
  const { loaded, reload } = useLoaded(() => ask(client), told?.kind, told?.until);
  return { loaded, vault: loaded.kind === 'there' ? loaded.value : null, reload };
}

async function ask(client: ConsoleClient): Promise<Answer<Vault>> {
  const answer = await client.call('vault/state', {});
  if (!answer.ok) return answer;
  const held = answer.value.state.kind === 'unlocked' ? await client.call('vault/credentials', {}) : null;
  return {
    ok: true,
    value: { view: answer.value, credentials: held?.ok === true ? held.value.credentials : null },
  };
}
