import { SallyportError } from '../../errors.ts';
import { MAX_SENT_BYTES, MAX_VALUE_LENGTH } from '../../guacamole/handshake.ts';
import { codePoints, encode } from '../../guacamole/instruction.ts';
import { placeOfSecret } from './credential-parameters.ts';
import {
  CREDENTIAL_USES,
  type CredentialUse,
  isProtocol,
  MACHINE_LIMITS,
  MACHINE_PROTOCOLS,
  type MachineDraft,
  usesOf,
} from './machine.ts';
import { PARAMETERS } from './parameter-table.ts';
import { isSecretParameter } from './secret-parameters.ts';
import type { MachineProblem } from './shapes.ts';
import { wakeProblem } from './wake-address.ts';

type RawDraft = Omit<MachineDraft, 'protocol'> & { readonly protocol: string };

/**
 * The draft without blanks around its values, brackets around an address and empty parameters. Throws
 * `request-invalid` with the first thing that is wrong, in a sentence.
 */
export function cleanDraft(raw: RawDraft): MachineDraft {
  const draft = tidy(raw);
  const [problem] = problemsOf(draft);
  if (problem) {
    const { code, message, advice } = problem.failure;
    throw new SallyportError(code, message, { advice });
  }
  const { protocol } = draft;
  if (!isProtocol(protocol)) throw new SallyportError('internal', 'A protocol was not looked at.');
  return { ...draft, protocol };
}

/** Everything that is wrong, in the order of a form. */
export function draftProblems(raw: RawDraft): readonly MachineProblem[] {
  return problemsOf(tidy(raw));
}

function tidy(raw: RawDraft): RawDraft {
  const name = raw.name.trim();
  const host = raw.host.trim().replace(/^\[([^\]]*)\]$/, '$1');
  const tags = raw.tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
  const parameters = Object.entries(raw.parameters)
    .map(([key, value]) => [key.trim(), value] as const)
    .filter(([key, value]) => key !== '' && value !== '');
  return {
    ...raw,
    name: name === '' ? host : name,
    group: raw.group.trim(),
    tags: [...new Set(tags)],
    protocol: raw.protocol.trim().toLowerCase(),
    host,
    user: raw.user.trim(),
    parameters: Object.fromEntries(parameters),
    notes: raw.notes.replace(/\r\n?/g, '\n').trimEnd(),
    wakeAddress: raw.wakeAddress.trim(),
    guacd: raw.guacd.trim(),
  };
}

function problemsOf(draft: RawDraft): MachineProblem[] {
  return [
    ...textProblems('name', 'The name', draft.name, MACHINE_LIMITS.name),
    ...protocolProblems(draft.protocol),
    ...hostProblems(draft.host),
    ...portProblems(draft.port),
    ...textProblems('user', 'The user name', draft.user, MACHINE_LIMITS.user),
    ...credentialProblems(draft),
    ...textProblems('group', 'The group', draft.group, MACHINE_LIMITS.group),
    ...tagProblems(draft.tags),
    ...parameterProblems(draft.parameters),
    ...notesProblems(draft.notes),
    ...wakeProblems(draft.wakeAddress),
    ...guacdProblems(draft.guacd),
    ...sizeProblems(draft),
  ];
}

/** Control characters, those among them that turn a line around: with one, a name shows as another. */
const UNSEEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

function textProblems(field: string, what: string, text: string, most: number): MachineProblem[] {
  if (text.length > most) return [problem(field, `${what} is longer than ${most} characters`)];
  if (UNSEEN.test(text)) return [problem(field, `${what} holds a line break or a control character`)];
  return [];
}

function protocolProblems(protocol: string): MachineProblem[] {
  if (isProtocol(protocol)) return [];
  const known = MACHINE_PROTOCOLS.join(', ');
  if (protocol === '') return [problem('protocol', 'No protocol is given', `Give one of ${known}.`)];
  return [
    problem('protocol', `“${shown(protocol)}” is no protocol that guacd speaks`, `Give one of ${known}.`),
  ];
}

function hostProblems(host: string): MachineProblem[] {
  const say = (what: string, advice?: string) => [problem('host', what, advice)];
  if (host === '') return say('The machine has no host', 'Give its name or address, such as 10.0.0.7.');
  if (host.length > MACHINE_LIMITS.host)
    return say(`The host is longer than ${MACHINE_LIMITS.host} characters`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(host))
    return say('The host is a web address', 'Give only the name or address in it, without “://”.');
  if (host.includes('@')) return say('The host holds an “@”', 'Put the user name into its own field.');
  if (/^(?:[^:]+|\[.*\]):\d{1,5}$/.test(host))
    return say('The host holds a port', 'Put the number behind the colon into the port’s own field.');
  if (host.includes(':') && !/^[0-9a-f:.]+(?:%[\w.-]+)?$/i.test(host))
    return say(`“${shown(host)}” is neither a name nor an IPv6 address`);
  if (!host.includes(':') && /[^\p{L}\p{M}\p{N}_.。．｡-]/u.test(host))
    return say(
      'The host holds a character that no name and no address has',
      'Give only a name or an address.',
    );
  return [];
}

function portProblems(port: number | null): MachineProblem[] {
  if (port === null || (Number.isInteger(port) && port >= 1 && port <= 65_535)) return [];
  const what = Number.isNaN(port) ? 'The port is no number' : `${port} is no port`;
  return [problem('port', what, 'Give a whole number from 1 to 65535, or nothing.')];
}

function credentialProblems(draft: RawDraft): MachineProblem[] {
  const { protocol } = draft;
  if (!isProtocol(protocol)) return [];
  return CREDENTIAL_USES.filter((use) => draft[use] !== null && !usesOf(protocol).includes(use)).map((use) =>
    problem(use, OF_NO_USE[use], 'Leave it out.'),
  );
}

const OF_NO_USE: Readonly<Record<CredentialUse, string>> = {
  credential: 'A credential is of no use',
  gatewayCredential: 'A credential for a gateway is of use for RDP alone',
  sftpCredential: 'A credential for SFTP is of use for RDP and VNC alone',
};

function tagProblems(tags: readonly string[]): MachineProblem[] {
  if (tags.length > MACHINE_LIMITS.tags)
    return [problem('tags', `There are more than ${MACHINE_LIMITS.tags} tags`)];
  return tags.flatMap((tag) => textProblems('tags', 'A tag', tag, MACHINE_LIMITS.tag)).slice(0, 1);
}

function parameterProblems(parameters: RawDraft['parameters']): MachineProblem[] {
  const entries = Object.entries(parameters);
  if (entries.length > MACHINE_LIMITS.parameters)
    return [problem('parameters', `There are more than ${MACHINE_LIMITS.parameters} parameters`)];
  const bytes = Buffer.byteLength(encode('connect', ...entries.map(([, value]) => value)));
  if (bytes >= MAX_SENT_BYTES)
    return [
      problem(
        'parameters',
        `The parameters are ${bytes} bytes together, and guacd reads less than ${MAX_SENT_BYTES}`,
        'Shorten the longest of them.',
      ),
    ];
  return entries.flatMap(([name, value]) => parameterProblem(name, value));
}

/** Parameters that have a field of their own: two places for one thing would contradict each other. */
const FIELDS: Readonly<Record<string, string>> = { hostname: 'host', port: 'port', username: 'user name' };

function parameterProblem(name: string, value: string): MachineProblem[] {
  const field = `parameters.${name}`;
  if (!/^[A-Za-z0-9][\w./-]*$/.test(name) || name.length > MACHINE_LIMITS.parameterName)
    return [problem(field, `“${shown(name)}” cannot be the name of a parameter`)];
  const own = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (own !== undefined)
    return [problem(field, `“${name}” is not a parameter here`, `Use the field for the ${own}.`)];
  if (isSecretParameter(name))
    return [problem(field, `“${name}” is a secret, and the address book holds none`, secretAdvice(name))];
  const length = codePoints(value);
  if (length > MAX_VALUE_LENGTH)
    return [
      problem(
        field,
        `The value of “${name}” has ${length} characters, and guacd reads no more than ${MAX_VALUE_LENGTH}`,
        'Shorten it.',
      ),
    ];
  const info = PARAMETERS.get(name);
  if (info?.kind === 'yes-no' && value !== 'true' && value !== 'false')
    return [problem(field, `“${name}” is neither true nor false`, 'Give true or false.')];
  if (info?.kind === 'number' && !/^-?\d{1,9}$/.test(value))
    return [problem(field, `“${name}” is no whole number`, `Give a number such as ${info.default ?? '10'}.`)];
  // Other words than those listed may be known to a newer guacd.
  return [];
}

function secretAdvice(name: string): string {
  const place = placeOfSecret(name);
  return place === undefined ? 'guacd knows no secret of this name: leave it out.' : SECRET_ADVICE[place.use];
}

const SECRET_ADVICE: Readonly<Record<CredentialUse, string>> = {
  credential: 'Keep it as a credential in the vault, or leave it out and be asked for it.',
  gatewayCredential: 'Keep it as a credential in the vault, and choose that for the gateway.',
  sftpCredential: 'Keep it as a credential in the vault, and choose that for SFTP.',
};

function notesProblems(notes: string): MachineProblem[] {
  return notes.length > MACHINE_LIMITS.notes
    ? [problem('notes', `The notes are longer than ${MACHINE_LIMITS.notes} characters`)]
    : [];
}

function wakeProblems(text: string): MachineProblem[] {
  const failure = text === '' ? null : wakeProblem(text);
  return failure === null ? [] : [{ field: 'wakeAddress', failure }];
}

function guacdProblems(guacd: string): MachineProblem[] {
  const port = /^(?:\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(guacd)?.[1];
  if (guacd === '' || (Number(port) >= 1 && Number(port) <= 65_535)) return [];
  return [problem('guacd', `“${shown(guacd)}” is no address of a guacd`, 'Give host:port, or nothing.')];
}

function sizeProblems(draft: RawDraft): MachineProblem[] {
  if (Buffer.byteLength(JSON.stringify(draft)) <= MACHINE_LIMITS.bytes) return [];
  return [problem('parameters', `The machine is larger than ${MACHINE_LIMITS.bytes / 1024} KiB`)];
}

function problem(field: string, what: string, advice?: string): MachineProblem {
  const message = `${what}.`;
  return {
    field,
    failure: { code: 'request-invalid', message, ...(advice !== undefined && { advice }) },
  };
}

function shown(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return short.replace(/\p{C}/gu, '\uFFFD');
}
