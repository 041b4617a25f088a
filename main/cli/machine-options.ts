import { type Command, InvalidArgumentError } from 'commander';
import {
  CREDENTIAL_USES,
  type CredentialIds,
  type CredentialUse,
  EMPTY_DRAFT,
  type MachineDraft,
} from '../core/offline/machines/machine.ts';

type Parsed = Readonly<Record<string, unknown>>;

/** What is asked for with a machine's flags; the outpost judges it. */
export type RawDraft = Omit<MachineDraft, 'protocol'> & { readonly protocol: string };
/** Only what was given. */
export type DraftChange = Partial<Omit<RawDraft, 'parameters' | CredentialUse>> & {
  readonly parameters?: Readonly<Record<string, string>>;
};
/** The credentials that were named, by use; an empty name takes one away. */
export type CredentialNames = { readonly [Use in CredentialUse]?: string };

/** The flags that say what a machine is. */
export function withMachine(on: Command): Command {
  return on
    .option('-P, --protocol <protocol>', 'ssh, rdp, vnc, telnet or kubernetes')
    .option('-p, --port <number>', 'where it is not the protocol’s own', portNumber)
    .option('-u, --user <name>', 'the user to log in as')
    .option('-c, --credential <name>', 'of the vault, by its name or id')
    .option('--gateway-credential <name>', 'the same for the gateway of RDP')
    .option('--sftp-credential <name>', 'the same for the SFTP server of RDP and VNC')
    .option('-g, --group <group>', 'such as "Berlin / Rack 3"')
    .option('-t, --tag <tag>', 'may be given several times', collected)
    .option('--parameter <name=value>', 'of Guacamole; may be given several times', collected)
    .option('--notes <text>', 'anything worth knowing')
    .option('--wake <address>', 'of its network card, for `machines wake`')
    .option('--guacd <host:port>', 'the guacd to go through');
}

/** What was given of the flags. An empty text takes a value away. */
export function draftChange(parsed: Parsed): DraftChange {
  const texts: Record<string, string> = {};
  for (const [flag, field] of Object.entries(TEXTS)) {
    const value = parsed[flag];
    if (typeof value === 'string') texts[field] = value;
  }
  const { port, tag, parameter } = parsed;
  return {
    ...texts,
    ...(typeof port === 'number' && { port: port === 0 ? null : port }),
    ...(isTexts(tag) && { tags: tag.filter((one) => one !== '') }),
    ...(isTexts(parameter) && { parameters: parametersOf(parameter) }),
  };
}

/** The credentials that were given by name. */
export function credentialNames(parsed: Parsed): CredentialNames {
  const names: Partial<Record<CredentialUse, string>> = {};
  for (const use of CREDENTIAL_USES) {
    const name = parsed[use];
    if (typeof name === 'string') names[use] = name;
  }
  return names;
}

/** `before` with what was given; parameters are changed one by one. */
export function changed(
  before: RawDraft,
  { parameters, ...change }: DraftChange & Partial<CredentialIds>,
): RawDraft {
  const all = { ...before.parameters, ...parameters };
  return {
    ...before,
    ...change,
    parameters: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
  };
}

export function newDraft(name: string, host: string, change: DraftChange & Partial<CredentialIds>): RawDraft {
  return changed({ ...EMPTY_DRAFT, name, host }, change);
}

const TEXTS: Readonly<Record<string, keyof RawDraft>> = {
  name: 'name',
  host: 'host',
  protocol: 'protocol',
  user: 'user',
  group: 'group',
  notes: 'notes',
  wake: 'wakeAddress',
  guacd: 'guacd',
};

function portNumber(text: string): number {
  if (text === '') return 0;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a whole number from 1 to 65535.');
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parametersOf(given: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const pair of given) {
    const at = pair.indexOf('=');
    // Without a value it is judged as a name that has none: taken away.
    parameters[at < 0 ? pair : pair.slice(0, at)] = at < 0 ? '' : pair.slice(at + 1);
  }
  return parameters;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
