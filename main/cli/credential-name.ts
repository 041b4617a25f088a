import type { ControlClient } from '../control/client.ts';
import { SallyportError } from '../core/errors.ts';
import type { CredentialInfo } from '../core/offline/vault/shapes.ts';

/**
 * The credential that is called `given`, or has that id. Rejects with `credential-not-found` where there is none or
 * several, and with `vault-locked`: a locked vault tells no names.
 */
export async function findCredential(client: ControlClient, given: string): Promise<CredentialInfo> {
  const { credentials } = await client.request('vault/credentials', {});
  const found = credentials.filter(({ id, name }) => id === given || name === given);
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new SallyportError(
    'credential-not-found',
    found.length === 0 ? 'There is no such credential in the vault.' : 'Several credentials have that name.',
    { advice: 'Give the id, as `sallyport vault credentials list` shows it.' },
  );
}
