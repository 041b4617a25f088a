import { placeOfSecret } from './credential-parameters.ts';
import { splitAddress } from './import-rdp.ts';
import { type Candidate, IMPORT_LIMITS, shown } from './import-types.ts';
import { isProtocol } from './machine.ts';
import { ParameterIntake } from './parameter-intake.ts';
import { PARAMETERS } from './parameter-table.ts';

/*
 * Machines as tables and JSON have them: names of columns in the spellings that other programs and people use, and
 * Guacamole's own.
 */

const FIELDS = {
  name: [
    'name',
    'title',
    'label',
    'displayname',
    'connectionname',
    'connection',
    'bezeichnung',
    'rechner',
    'rechnername',
    'machine',
    'nickname',
  ],
  host: [
    'host',
    'hostname',
    'address',
    'ip',
    'ipaddress',
    'ipadresse',
    'server',
    'servername',
    'computer',
    'computername',
    'fulladdress',
    'fqdn',
    'adresse',
    'dnsname',
    'target',
  ],
  port: ['port', 'serverport', 'tcpport'],
  protocol: ['protocol', 'protokoll', 'type', 'typ', 'connectiontype', 'scheme'],
  user: ['user', 'username', 'login', 'loginname', 'account', 'benutzer', 'benutzername', 'anmeldename'],
  group: [
    'group',
    'folder',
    'path',
    'gruppe',
    'ordner',
    'parent',
    'category',
    'kategorie',
    'site',
    'standort',
  ],
  tags: ['tags', 'tag', 'labels', 'schlagworte'],
  notes: [
    'notes',
    'note',
    'description',
    'comment',
    'comments',
    'notizen',
    'notiz',
    'beschreibung',
    'kommentar',
    'bemerkung',
  ],
  wakeAddress: ['wakeaddress', 'mac', 'macaddress', 'macadresse', 'wol', 'wakeonlan'],
  guacd: ['guacd', 'guacdaddress'],
  domain: ['domain', 'domaene', 'domäne'],
  password: ['password', 'passwort', 'kennwort', 'pass', 'passwd', 'pwd'],
  privateKey: ['privatekey', 'sshkey', 'key'],
  passphrase: ['passphrase', 'keypassphrase'],
} as const;

type FieldName = keyof typeof FIELDS;

const SECRET_FIELDS = ['password', 'privateKey', 'passphrase'] as const satisfies readonly FieldName[];

const FIELD_OF = new Map<string, FieldName>();
for (const field of Object.keys(FIELDS).filter(isField))
  for (const spelling of FIELDS[field]) FIELD_OF.set(spelling, field);

/** What a column means. */
export type Column =
  | { readonly kind: 'field'; readonly field: FieldName }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'unknown'; readonly title: string };

export function columnOf(title: string): Column {
  const text = title.trim();
  if (text.length > IMPORT_LIMITS.title) return { kind: 'unknown', title: text };
  // Guacamole's own import writes `ignore-cert (parameter)`; others `param:…` or `parameters.…`.
  const marked =
    /^(.*?)\s*\(parameter\)$/i.exec(text) ?? /^(?:guac_)?param(?:eter)?s?[.:_ ](.+)$/i.exec(text);
  const name = (marked?.[1] ?? text).trim();
  const field = FIELD_OF.get(name.toLowerCase().replace(/[\s_.-]/g, ''));
  if (field !== undefined && (marked === null || name in FIELD_PARAMETERS)) return { kind: 'field', field };
  const parameter = name.toLowerCase();
  if (marked !== null || PARAMETERS.has(parameter) || placeOfSecret(parameter) !== undefined)
    return { kind: 'parameter', name: parameter };
  return { kind: 'unknown', title: text };
}

/** Parameters that are fields here. */
const FIELD_PARAMETERS: Readonly<Record<string, true>> = {
  hostname: true,
  port: true,
  username: true,
  password: true,
  'private-key': true,
  passphrase: true,
};

/** A value and what its column means. */
export interface Cell {
  readonly column: Column;
  readonly value: string;
}

/** The machine in one record, or why there is none. */
export function candidateOf(
  cells: readonly Cell[],
  origin: string,
): { readonly candidate: Candidate } | { readonly name: string; readonly why: string } {
  const fields = new Map<FieldName, string>();
  const intake = new ParameterIntake();
  let tooLong: string | null = null;
  for (const { column, value } of cells) {
    if (column.kind === 'unknown') continue;
    if (value.length > IMPORT_LIMITS.value) tooLong ??= column.kind === 'field' ? column.field : column.name;
    else if (value.trim() === '') continue;
    else if (column.kind === 'field') {
      if (!fields.has(column.field)) fields.set(column.field, value);
    } else intake.take(column.name, value);
  }
  const field = (name: FieldName) => fields.get(name)?.trim() ?? '';
  const name = shown(field('name') || field('host'));
  if (tooLong !== null)
    return { name, why: `What it has for “${shown(tooLong, 40)}” is longer than a machine may be.` };
  if (field('host') === '') return { name, why: 'It has no host.' };
  const { scheme, address } = withoutScheme(field('host'));
  const { host, port } = splitAddress(address, field('port') || undefined);
  const protocol = protocolOf(field('protocol') || scheme, port);
  if (protocol === null)
    return {
      name,
      why:
        field('protocol') === ''
          ? 'No protocol is given, and the port does not tell.'
          : `“${shown(field('protocol'), 30)}” is no protocol that guacd speaks.`,
    };
  const { parameters } = intake;
  if (field('domain') !== '') parameters['domain'] = field('domain');
  for (const secret of SECRET_FIELDS)
    if (field(secret) !== '') intake.takeSecret('credential', secret, fields.get(secret) ?? '');
  return {
    candidate: {
      origin,
      draft: {
        name: field('name') || field('host'),
        protocol,
        host,
        port,
        ...(field('user') !== '' && { user: field('user') }),
        ...(field('group') !== '' && { group: field('group') }),
        ...(field('tags') !== '' && { tags: field('tags').split(/[;,|\n]/) }),
        ...(field('notes') !== '' && { notes: field('notes') }),
        ...(field('wakeAddress') !== '' && { wakeAddress: field('wakeAddress') }),
        ...(field('guacd') !== '' && { guacd: field('guacd') }),
        ...(Object.keys(parameters).length > 0 && { parameters }),
      },
      credentials: intake.credentials,
      aliases: [],
      notes: intake.notes,
    },
  };
}

const SPELLINGS: Readonly<Record<string, string>> = {
  ssh2: 'ssh',
  sftp: 'ssh',
  'ms-rd': 'rdp',
  mstsc: 'rdp',
  'remote desktop': 'rdp',
  remotedesktop: 'rdp',
  tightvnc: 'vnc',
  tigervnc: 'vnc',
  realvnc: 'vnc',
  k8s: 'kubernetes',
};

const BY_PORT: Readonly<Record<number, string>> = { 22: 'ssh', 23: 'telnet', 3389: 'rdp' };

function protocolOf(text: string, port: number | null): string | null {
  const word = text.toLowerCase();
  const known = SPELLINGS[word] ?? word;
  if (known !== '') return isProtocol(known) ? known : null;
  if (port === null) return null;
  return BY_PORT[port] ?? (port >= 5900 && port < 6000 ? 'vnc' : null);
}

function withoutScheme(host: string): { scheme: string; address: string } {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(host);
  return match ? { scheme: match[1] ?? '', address: match[2] ?? '' } : { scheme: '', address: host };
}

function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
