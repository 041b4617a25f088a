import { SallyportError } from '../errors.ts';
import { GuacamoleStatus, statusWords } from '../guacamole/status.ts';
import type { SessionRequest } from './request.ts';

const MAX_QUOTED = 200;
const CHECK_PLACE = 'Check its address and port in authentik, that it runs, and the firewalls on the way.';
const CHECK_LOGIN = 'Check the user name and the password or key in authentik.';
const SEE_LOG = 'The log of the outpost has guacd’s own words.';

const ADVICE: Readonly<Record<number, string>> = {
  // SSH says this of a name that does not resolve, and of a host key that is another one than expected.
  [GuacamoleStatus.serverError]: `Check the machine’s name and host key in authentik. ${SEE_LOG}`,
  [GuacamoleStatus.upstreamError]: SEE_LOG,
  [GuacamoleStatus.upstreamTimeout]: CHECK_PLACE,
  [GuacamoleStatus.upstreamNotFound]: CHECK_PLACE,
  [GuacamoleStatus.upstreamUnavailable]: CHECK_PLACE,
  [GuacamoleStatus.unauthorized]: CHECK_LOGIN,
  [GuacamoleStatus.forbidden]: CHECK_LOGIN,
};

/** Why guacd ended a session, as a sentence that names the machine and says what to do. `text` is guacd's own. */
export function machineFailure(
  { machine, protocol }: Pick<SessionRequest, 'machine' | 'protocol'>,
  text: string,
  status: number,
): SallyportError {
  const quoted = oneLine(text);
  const said = quoted === '' ? '' : ` (guacd: “${quoted}”)`;
  // guacd's VNC has one answer for everything that goes wrong before the first picture.
  const isVague = protocol === 'vnc' && status === GuacamoleStatus.upstreamNotFound;
  const words = isVague
    ? 'the machine was not found, nothing listens there, or it refused the password'
    : statusWords(status);
  const advice = isVague ? `${CHECK_PLACE} ${CHECK_LOGIN}` : ADVICE[status];
  return new SallyportError('guacd-refused', `The session on ${machine} ended: ${words}${said}.`, {
    advice,
    status,
  });
}

/**
 * guacd ended a session without a reason before it had shown anything. It does so where a machine refuses faster than
 * guacd has joined the person to the session: its reason is then told to nobody.
 */
export function nothingShown({ machine }: Pick<SessionRequest, 'machine'>): SallyportError {
  return new SallyportError(
    'guacd-refused',
    `The session on ${machine} ended before the machine showed anything: it was not found, or it refused.`,
    {
      advice: `${CHECK_PLACE} ${CHECK_LOGIN} ${SEE_LOG}`,
      status: GuacamoleStatus.upstreamError,
    },
  );
}

/** Fit for one line of a log: machines put line breaks and worse into what they say. */
function oneLine(text: string): string {
  return text
    .slice(0, MAX_QUOTED)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
}
