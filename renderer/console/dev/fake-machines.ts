import { EMPTY_DRAFT, type Machine, type MachineDraft } from '../../../main/core/offline/machines/machine.ts';
import { PARAMETERS } from '../../../main/core/offline/machines/parameter-table.ts';
import type { ImportPreview, MachineProblem, PlanRow } from '../../../main/core/offline/machines/shapes.ts';
import type { CallParams, RequestName, Value } from '../../../preload/contract/console.ts';

type MachinesRequest = Extract<RequestName, `machines/${string}`>;
type Handlers = {
  readonly [N in MachinesRequest]: (params: CallParams<N>) => Value<N> | Promise<Value<N>>;
};

const AT = Date.UTC(2025, 10, 3, 9, 30);

/** The address book of a jump host in a middling company. */
export const SAMPLE_MACHINES: readonly Machine[] = (
  [
    {
      name: 'web1',
      host: '10.20.1.11',
      user: 'ops',
      group: 'Berlin / Web',
      tags: ['linux', 'prod'],
      credential: 'c1',
    },
    { name: 'web2', host: '10.20.1.12', user: 'ops', group: 'Berlin / Web', tags: ['linux', 'prod'] },
    {
      name: 'db-primary',
      host: 'db1.corp.example',
      user: 'postgres',
      group: 'Berlin / Database',
      tags: ['linux', 'prod'],
      parameters: { 'font-size': '14', scrollback: '5000', 'server-alive-interval': '30' },
      notes: 'Ask the database team before a restart.\nBackups run from 01:00 to 03:00.',
    },
    {
      name: 'ts-finance',
      protocol: 'rdp',
      host: 'ts01.corp.example',
      user: 'finance-admin',
      group: 'Munich',
      tags: ['windows'],
      parameters: { domain: 'CORP', 'server-layout': 'de-de-qwertz', 'enable-drive': 'true', 'my-own': 'x' },
      wakeAddress: 'AA:BB:CC:DD:EE:01@10.30.0.255',
    },
    {
      name: 'ts-hr',
      protocol: 'rdp',
      host: 'ts02.corp.example',
      port: 3390,
      group: 'Munich',
      tags: ['windows'],
    },
    { name: 'cnc-mill 3', protocol: 'vnc', host: '192.168.40.17', group: 'Hall 2', tags: ['legacy'] },
    { name: 'core-switch', protocol: 'telnet', host: '10.0.0.2', group: 'Network', tags: ['legacy'] },
    { name: 'jump-v6', host: '2001:db8:20::7', port: 2222, user: 'root', group: 'Network' },
  ] satisfies readonly Partial<MachineDraft>[]
).map((draft, at) => ({
  ...EMPTY_DRAFT,
  ...draft,
  id: `0f3c6f1${at}-5d0e-4c5c-9f1e-7a1b2c3d4e5f`,
  createdAt: AT,
  updatedAt: AT + at * 3_600_000,
}));

/** As many as a list must stay quick with. */
export function manyMachines(count: number): readonly Machine[] {
  return Array.from({ length: count }, (_, at) => ({
    ...EMPTY_DRAFT,
    id: `many-${at}`,
    name: `server ${at}`,
    host: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
    group: `Site ${at % 40} / Rack ${at % 7}`,
    tags: [at % 2 === 0 ? 'even' : 'odd'],
    createdAt: AT,
    updatedAt: AT,
  }));
}

const ROWS: readonly PlanRow[] = [
  row('1', 'add', 'build1', '10.20.9.1', { origin: 'config, line 4', secret: null }),
  row('2', 'add', 'bastion', '203.0.113.9', {
    origin: 'config, line 9',
    notes: [
      'The key file was not read; its path stands in the notes. Keep the key as a credential in the vault.',
      'ProxyJump was left out: guacd connects directly, and cannot go through another machine.',
    ],
  }),
  row('3', 'change', 'web1', '10.20.1.11', { origin: 'config, line 1', fields: ['host-key', 'user'] }),
  row('4', 'skip', 'web2', '10.20.1.12', {
    origin: 'config, line 15',
    why: 'It is there already, as “web2”.',
  }),
  row('5', 'skip', '*.lab', '', {
    origin: 'config, line 20',
    why: 'A pattern names no machine; its options were taken for the machines that it fits.',
  }),
];

function row(
  key: string,
  action: PlanRow['action'],
  name: string,
  host: string,
  more: Partial<PlanRow>,
): PlanRow {
  return {
    key,
    action,
    name,
    protocol: host === '' ? '' : 'ssh',
    host,
    port: null,
    origin: '',
    why: null,
    fields: [],
    notes: [],
    secret: null,
    ...more,
  };
}

/** An address book in memory, which answers as the outpost does. */
export function fakeMachines(
  initial: () => readonly Machine[],
  changed: (revision: number) => void,
): Handlers {
  // Asked for late: the world is not there yet when this is made.
  let known: readonly Machine[] | null = null;
  const all = () => known ?? initial();
  let revision = 0;
  let made = 0;
  const keep = (next: readonly Machine[]) => {
    known = next;
    revision += 1;
    changed(revision);
  };
  const preview = (sealed = false): ImportPreview => ({
    import: 'import-1',
    rows: ROWS,
    sealed,
    canKeepSecrets: true,
  });
  return {
    'machines/list': ({ offset }) => ({
      machines: all().slice(offset, offset + 1000),
      total: all().length,
      revision,
    }),
    'machines/put': ({ id, machine }) => {
      made += 1;
      const protocol = machine.protocol === 'rdp' ? 'rdp' : 'ssh';
      const kept = { ...machine, protocol, id: id ?? `new-${made}`, createdAt: AT, updatedAt: AT } as const;
      keep(id === null ? [...all(), kept] : all().map((one) => (one.id === id ? kept : one)));
      return kept;
    },
    'machines/check': ({ machine }) => ({ problems: problemsOf(machine) }),
    'machines/remove': ({ ids }) => {
      keep(all().filter(({ id }) => !ids.includes(id)));
      return { removed: ids.length };
    },
    'machines/parameters': () => ({ parameters: [...PARAMETERS.values()] }),
    'machines/import/choose': () => ({ preview: preview() }),
    'machines/import/paste': () => preview(),
    'machines/import/preview': () => preview(),
    'machines/import/authentik': () => preview(),
    'machines/import/apply': ({ leave }) => {
      const added = ROWS.filter(({ action, key }) => action === 'add' && !leave.includes(key));
      const fresh = added.map(({ name, host, key }) => ({
        ...EMPTY_DRAFT,
        name,
        host,
        id: `imported-${key}`,
        createdAt: AT,
        updatedAt: AT,
      }));
      keep([...all(), ...fresh]);
      return {
        added: added.length,
        changed: 1,
        skipped: ROWS.length - added.length - 1,
        credentials: 0,
        failure: null,
      };
    },
    'machines/import/forget': () => ({}),
    'machines/export': () => ({
      path: '/home/admin/sallyport-machines.json',
      machines: all().length,
      credentials: 0,
    }),
    'machines/save-session': () => {
      const [machine = { ...EMPTY_DRAFT, id: 'x', createdAt: AT, updatedAt: AT }] = all();
      return { machine, left: ['password'] };
    },
    'machines/wake': () => ({ address: '10.30.0.255:9' }),
  };
}

function problemsOf({ host, port }: CallParams<'machines/check'>['machine']): MachineProblem[] {
  const problems: MachineProblem[] = [];
  if (host.trim() === '')
    problems.push({
      field: 'host',
      failure: {
        code: 'request-invalid',
        message: 'The machine has no host.',
        advice: 'Give its name or address, such as 10.0.0.7.',
      },
    });
  if (port !== null && (port < 1 || port > 65_535))
    problems.push({
      field: 'port',
      failure: {
        code: 'request-invalid',
        message: `${port} is no port.`,
        advice: 'Give a whole number from 1 to 65535, or nothing.',
      },
    });
  return problems;
}
