import { SallyportError } from '../errors.ts';
import { GuacamoleStatus, statusWords } from '../guacamole/status.ts';
import type { SessionRequest } from './request.ts';

const MAX_QUOTED = 200;
/** What guacd says where it says nothing. */
const NO_WORDS = 'Aborted. See logs.';
/** What guacd’s RDP says, as if the login were wrong, where the machine asks for another kind of security. */
const NEGOTIATION = 'Security negotiation failed';
const SEE_LOG = 'The log of the outpost has guacd’s own words.';

type Asked = Pick<SessionRequest, 'machine' | 'protocol' | 'source'>;

/** Where a machine's address and login are kept: with authentik away, its pages are no place to send anybody to. */
const KEPT: Readonly<Record<SessionRequest['source'], { readonly place: string; readonly login: string }>> = {
  authentik: { place: 'in authentik', login: 'in authentik' },
  local: { place: 'on the Machines page', login: 'that were typed, or that the vault keeps for it' },
  watch: { place: 'where it is kept', login: 'where they are kept' },
};

function checkPlace({ source }: Asked): string {
  return `Check its address and port ${KEPT[source].place}, that it runs, and the firewalls on the way.`;
}

function checkLogin({ source }: Asked): string {
  return `Check the user name and the password or key ${KEPT[source].login}.`;
}

function adviceFor(asked: Asked, status: number): string | undefined {
  switch (status) {
    case GuacamoleStatus.serverError:
      // SSH says this of a name that does not resolve, and of a host key that is another one than expected.
      return `Check the machine’s name and host key ${KEPT[asked.source].place}. ${SEE_LOG}`;
    case GuacamoleStatus.upstreamError:
      return SEE_LOG;
    case GuacamoleStatus.upstreamTimeout:
    case GuacamoleStatus.upstreamNotFound:
    case GuacamoleStatus.upstreamUnavailable:
      return checkPlace(asked);
    case GuacamoleStatus.unauthorized:
    case GuacamoleStatus.forbidden:
      return checkLogin(asked);
    default:
      return undefined;
  }
}

/** Why guacd ended a session, as a sentence that names the machine and says what to do. `text` is guacd's own. */
export function machineFailure(asked: Asked, text: string, status: number): SallyportError {
  const { machine, protocol } = asked;
  const quoted = oneLine(text);
  if (quoted.startsWith(NEGOTIATION)) return wrongSecurity(asked);
  // guacd's VNC has one answer for everything that goes wrong before the first picture.
  const isVague = protocol === 'vnc' && status === GuacamoleStatus.upstreamNotFound;
  const words = isVague
    ? 'the machine was not found, nothing listens there, or it refused the password'
    : statusWords(status);
  const advice = isVague ? `${checkPlace(asked)} ${checkLogin(asked)}` : adviceFor(asked, status);
  const why = quoted === '' || quoted === NO_WORDS ? words : `${words} (guacd: “${quoted}”)`;
  return new SallyportError('guacd-refused', `The session on ${machine} ended: ${why}.`, {
    advice,
    status,
  });
}

function wrongSecurity({ machine, source }: Asked): SallyportError {
  return new SallyportError(
    'guacd-refused',
    `The session on ${machine} ended: the machine wants another kind of security than it was asked for.`,
    {
      advice: `Set “security” ${KEPT[source].place} to what the machine takes: nla, tls or rdp. ${SEE_LOG}`,
      status: GuacamoleStatus.upstreamError,
    },
  );
}

/**
 * guacd ended a session without a reason before it had shown anything. It does so where a machine refuses faster than
 * guacd has joined the person to the session: its reason is then told to nobody.
 */
export function nothingShown(asked: Asked): SallyportError {
  return new SallyportError(
    'guacd-refused',
    `The session on ${asked.machine} ended before the machine showed anything: it was not found, or it refused.`,
    {
      advice: `${checkPlace(asked)} ${checkLogin(asked)} ${SEE_LOG}`,
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
