import { addressText, type Machine, portOf } from '../../core/offline/machines/machine.ts';
import type { PlanRow } from '../../core/offline/machines/shapes.ts';
import { shortIds } from '../session-id.ts';
import { type Style, wrap } from './style.ts';
import { pairs, table } from './table.ts';

type Row = Machine & { readonly shortId: string };

export function machinesView(style: Style, machines: readonly Machine[]): string[] {
  const ids = shortIds(machines.map(({ id }) => id));
  return table<Row>(
    style,
    [
      { title: 'NAME', text: ({ name }) => name, shrinkTo: 12 },
      { title: 'GROUP', text: ({ group }) => group, shrinkTo: 8 },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol.toUpperCase() },
      { title: 'ADDRESS', text: addressText, shrinkTo: 12 },
      { title: 'USER', text: ({ user }) => user, shrinkTo: 6 },
      { title: 'ID', text: ({ shortId }) => shortId },
    ],
    machines.map((machine, index) => ({ ...machine, shortId: ids[index] ?? machine.id })),
  );
}

export function machineView(style: Style, machine: Machine): string[] {
  const rows: [string, string][] = [
    ['Name', machine.name],
    ['Protocol', machine.protocol.toUpperCase()],
    ['Host', machine.host],
    ['Port', String(portOf(machine))],
    ['User', machine.user],
    ['Credential', kept(machine.credential)],
    ['At the gateway', kept(machine.gatewayCredential)],
    ['For SFTP', kept(machine.sftpCredential)],
    ['Group', machine.group],
    ['Tags', machine.tags.join(', ')],
    ['Wake-on-LAN', machine.wakeAddress],
    ['guacd', machine.guacd],
    ['Notes', machine.notes],
    ['Id', machine.id],
    ...Object.entries(machine.parameters).map(([name, value]): [string, string] => [name, value]),
  ];
  return pairs(
    style,
    rows.filter(([, value]) => value !== ''),
  );
}

function kept(credential: string | null): string {
  return credential === null ? '' : 'kept in the vault';
}

const ACTIONS = { add: 'add', change: 'change', skip: 'skip' } as const;

/** What an import would do, and below each row why and what was left out. */
export function planView(style: Style, rows: readonly PlanRow[]): string[] {
  if (rows.length === 0) return ['There is nothing in it.'];
  const lines = table<PlanRow>(
    style,
    [
      { title: 'WHAT', text: ({ action }) => ACTIONS[action] },
      { title: 'NAME', text: ({ name }) => name, shrinkTo: 12 },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol.toUpperCase() },
      { title: 'HOST', text: ({ host }) => host, shrinkTo: 12 },
      { title: 'FROM', text: ({ origin }) => origin, shrinkTo: 12 },
    ],
    rows,
  );
  const [head = '', ...body] = lines;
  return [head, ...body.flatMap((line, index) => [line, ...words(style, rows[index])])];
}

function words(style: Style, row: PlanRow | undefined): string[] {
  if (row === undefined) return [];
  const changes = row.fields.length > 0 ? [`Changes: ${row.fields.join(', ')}.`] : [];
  const room = style.width === null ? null : Math.max(20, style.width - 4);
  return [...(row.why === null ? [] : [row.why]), ...changes, ...row.notes].flatMap((sentence) =>
    wrap(sentence, room).map((line) => `    ${line}`),
  );
}
