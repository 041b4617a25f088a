import { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import { userCertificate } from './certificate.ts';
import { createLoginKey } from './key.ts';

/** What authentik sends in place of a password for a machine that runs its agent. */
const TOKEN = 'goauthentik.io/rac/ssh-token';
const HOST_KEY = 'goauthentik.io/rac/ssh-host-key';
/** Where the agent looks for the two. */
const TOKEN_EXTENSION = 'goauthentik.io/platform/ssh/ssh/token';
const HOST_KEY_EXTENSION = 'goauthentik.io/platform/ssh/host-key';
/** It is only used to log in; the session outlives it. */
const VALID_MS = 5 * 60 * 1000;

type Parameters = ReadonlyMap<string, Secret>;

/** A login that authentik's agent on the machine is asked about; nobody but the agent is told what is in it. */
export interface AgentLogin {
  readonly token: Secret;
  readonly hostKey: Secret;
}

/** Takes out of a connection's parameters what only the agent is to know, whatever the protocol. */
export function takeAgentLogin(
  protocol: string,
  parameters: Parameters,
): { readonly parameters: Parameters; readonly login: AgentLogin | null } {
  const token = parameters.get(TOKEN);
  const hostKey = parameters.get(HOST_KEY) ?? new Secret('');
  const rest = new Map(parameters);
  rest.delete(TOKEN);
  rest.delete(HOST_KEY);
  return { parameters: rest, login: token && protocol === 'ssh' ? { token, hostKey } : null };
}

/**
 * The parameters with a key and a certificate, made for this login, that carries the token and the host's key to
 * the agent. `now` in milliseconds since 1970. Rejects with `request-invalid` where nobody is named.
 */
export async function withCertificate(
  parameters: Parameters,
  { token, hostKey }: AgentLogin,
  now = Date.now(),
): Promise<Map<string, Secret>> {
  const username = parameters.get('username')?.reveal() ?? '';
  if (username === '')
    throw new SallyportError('request-invalid', 'authentik did not say who logs in to the machine.', {
      advice: 'Check the user name in the endpoint or its property mappings in authentik.',
    });
  const key = await createLoginKey();
  const certificate = userCertificate(key, {
    username,
    validAfter: now - VALID_MS,
    validBefore: now + VALID_MS,
    extensions: new Map([
      ['permit-pty', null],
      [TOKEN_EXTENSION, token.reveal()],
      [HOST_KEY_EXTENSION, hostKey.reveal()],
    ]),
  });
  return new Map(parameters)
    .set('private-key', new Secret(key.pem))
    .set('public-key', new Secret(certificate));
}

/** What guacd must understand for that, and what to say where it does not. */
export const CERTIFICATE_NEED = {
  parameter: 'public-key',
  message: 'This machine is logged in to with a certificate, which this guacd cannot use for SSH.',
  advice: 'Run guacd 1.6.0 or newer, or give the endpoint in authentik a password or a key.',
} as const;
