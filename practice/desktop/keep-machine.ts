import type { ControlClient } from '../../main/control/client.ts';
import { EMPTY_DRAFT } from '../../main/core/offline/machines/machine.ts';
import type { Machine } from '../machines/machine.ts';

export interface KeepOptions {
  /** False: nothing secret and no user, so that the person is asked. */
  readonly withSecrets?: boolean;
  /** Parameters beside the machine's own. */
  readonly more?: Readonly<Record<string, string>>;
  /** Id of a credential in the vault, for files beside a desktop. */
  readonly sftpCredential?: string | null;
}

/** Puts a practice machine into the address book, what is secret of it into the vault; resolves with its id. */
export async function keepMachine(
  control: ControlClient,
  { name, protocol, port, parameters }: Pick<Machine, 'name' | 'protocol' | 'port' | 'parameters'>,
  { withSecrets = true, more = {}, sftpCredential = null }: KeepOptions = {},
): Promise<string> {
  const { hostname: _, port: __, username = '', password, 'private-key': privateKey, ...rest } = parameters;
  const secrets = {
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
  };
  const credential = withSecrets
    ? await control.request('vault/credential/put', {
        id: null,
        credential: { name, user: username, domain: '', ...secrets },
      })
    : null;
  // authentik's own, which guacd does not know.
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('rac-')));
  const { id } = await control.request('machines/put', {
    id: null,
    machine: {
      ...EMPTY_DRAFT,
      ...{ name, protocol, port, host: '127.0.0.1' },
      user: withSecrets ? username : '',
      credential: credential?.id ?? null,
      sftpCredential,
      parameters: { ...kept, ...more },
    },
  });
  return id;
}
