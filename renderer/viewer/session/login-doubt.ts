import Guacamole from 'guacamole-common-js';

/** A session that guacd has ended with a status. */
interface Refusal {
  readonly status: number;
  readonly protocol: string | null;
  /** Whether the machine has shown anything. */
  readonly drawn: boolean;
}

/**
 * Whether a machine has refused user or password. `perhaps`: guacd's VNC has one answer for everything that goes wrong
 * before the first picture, and any other machine may refuse before guacd could say why.
 */
export function loginDoubt({ status, protocol, drawn }: Refusal): 'refused' | 'perhaps' | null {
  const { CLIENT_UNAUTHORIZED, UPSTREAM_ERROR, UPSTREAM_NOT_FOUND } = Guacamole.Status.Code;
  // Its certificate is not typed.
  if (protocol === 'kubernetes') return null;
  if (status === CLIENT_UNAUTHORIZED) return 'refused';
  if (drawn) return null;
  const isVague = status === UPSTREAM_ERROR || (status === UPSTREAM_NOT_FOUND && protocol === 'vnc');
  return isVague ? 'perhaps' : null;
}
