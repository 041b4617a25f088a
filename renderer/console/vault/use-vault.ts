import { useCallback, useEffect, useState } from 'preact/hooks';
import type { CredentialInfo } from '../../../main/core/offline/vault/shapes.ts';
import type { VaultView } from '../../../preload/contract/vault.ts';
import { useModel } from '../model/model.ts';

export interface VaultHeld {
  /** Null until it is known. */
  readonly view: VaultView | null;
  /** Null while the vault is locked, or not there. */
  readonly credentials: readonly CredentialInfo[] | null;
  readonly reload: () => Promise<void>;
}

/** The vault as it is now: asked for again whenever the outpost says that it is another. */
export function useVault(): VaultHeld {
  const { client, status } = useModel();
  const [view, setView] = useState<VaultView | null>(null);
  const [credentials, setCredentials] = useState<readonly CredentialInfo[] | null>(null);
  const told = status.value?.vault;
  const reload = useCallback(async () => {
    const answer = await client.call('vault/state', {});
    if (!answer.ok) return;
    const held = answer.value.state.kind === 'unlocked' ? await client.call('vault/credentials', {}) : null;
    setView(answer.value);
    setCredentials(held?.ok === true ? held.value.credentials : null);
  }, [client]);
  useEffect(() => void reload(), [reload, told?.kind, told?.until]);
  return { view, credentials, reload };
}
