import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planImport } from '../../../main/core/offline/machines/import-plan.ts';
import { readImport } from '../../../main/core/offline/machines/import-read.ts';
import { EMPTY_DRAFT, type Machine } from '../../../main/core/offline/machines/machine.ts';

function machine(id: string, change: Partial<Machine>): Machine {
  return { ...EMPTY_DRAFT, id, name: id, host: id, createdAt: 0, updatedAt: 0, ...change };
}

async function plan(
  files: readonly (readonly [string, string])[],
  machines: readonly Machine[] = [],
  canKeep = false,
) {
  const readings = await Promise.all(
    files.map(([name, text]) => readImport({ name, format: null, bytes: Buffer.from(text) })),
  );
  const made = await planImport(readings, machines, canKeep);
  return { ...made, of: (name: string) => made.rows.filter((row) => row.name === name) };
}

function keyLine(names: string, type: string, fill: number): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const blob = Buffer.concat([length, Buffer.from(type), Buffer.alloc(40, fill)]).toString('base64');
  return `${names} ${type} ${blob}`;
}

describe('the plan of an import', () => {
  it('adds, changes and leaves alone, and says which and why', async () => {
    const there = [
      machine('same', { host: 'same', user: 'u' }),
      machine('other', {
        host: 'other',
        notes: 'mine',
        parameters: { 'font-size': '9', 'color-scheme': 'green-black' },
      }),
    ];
    const csv =
      'name,host,protocol,username,font-size,notes\nnew,new,ssh,u,,\nsame,SAME,ssh,u,,\nx,other,ssh,bob,14,theirs\nbad,b a d,ssh,,,\nnew again,new,ssh,u,,\n';
    const { rows, entries } = await plan([['l.csv', csv]], there);
    expect(rows.map(({ action, name, why, fields }) => ({ action, name, why, fields }))).toEqual([
      { action: 'add', name: 'new', why: null, fields: [] },
      { action: 'change', name: 'other', why: null, fields: ['user', 'font-size'] },
      { action: 'skip', name: 'same', why: 'It is there already, as “same”.', fields: [] },
      { action: 'skip', name: 'bad', why: expect.stringContaining('no name and no address'), fields: [] },
      { action: 'skip', name: 'new again', why: 'It is the same machine as in l.csv, line 2.', fields: [] },
    ]);
    const changed = [...entries.values()].find(({ id }) => id === 'other');
    expect(changed?.draft).toMatchObject({
      name: 'other',
      user: 'bob',
      notes: 'mine',
      parameters: { 'font-size': '14', 'color-scheme': 'green-black' },
    });
  });

  it('makes one machine of the book of no two entries', async () => {
    const there = [machine('web', { host: '10.0.0.7' }), machine('db', { host: 'db', user: 'bob' })];
    const csv =
      'name,host,protocol,username\na,10.0.0.7,ssh,alice\nb,10.0.0.7,ssh,bob\nc,db,ssh,carol\nd,db,ssh,bob\ne,db,ssh,\n';
    const { rows, entries } = await plan([['l.csv', csv]], there);
    const users = (action: string) =>
      rows.filter((row) => row.action === action).map(({ key }) => entries.get(key)?.draft.user);
    expect(users('change')).toEqual(['alice']);
    expect(users('add')).toEqual(['bob', 'carol', '']);
    // It is there already, and the first that fits but is not the same does not take its place.
    expect(rows.filter(({ action }) => action === 'skip').map(({ name }) => name)).toEqual(['db']);
  });

  it('takes machines with another user for other machines', async () => {
    const { rows } = await plan(
      [['l.csv', 'host,protocol,user\nh,ssh,bob\n']],
      [machine('a', { host: 'h', user: 'ann' })],
    );
    expect(rows[0]?.action).toBe('add');
  });

  it('keeps secrets where a vault is open, and says where they stay out', async () => {
    const csv = 'host,protocol,password\nfresh,ssh,one\nhas,ssh,two\nplain,ssh,three\n';
    const there = [machine('h', { host: 'has', credential: 'c' }), machine('p', { host: 'plain' })];
    const open = await plan([['l.csv', csv]], there, true);
    expect(open.rows.map(({ host, action, secret, fields }) => [host, action, secret, fields])).toEqual([
      ['fresh', 'add', 'kept', []],
      ['plain', 'change', 'kept', ['credential']],
      ['has', 'skip', 'left-out', []],
    ]);
    const locked = await plan([['l.csv', csv]], there, false);
    expect(locked.rows.map(({ host, action, secret }) => [host, action, secret])).toEqual([
      ['fresh', 'add', 'left-out'],
      ['has', 'skip', 'left-out'],
      ['plain', 'skip', 'left-out'],
    ]);
    expect(JSON.stringify([open.rows, locked.rows])).not.toMatch(/one"|two"|three"/);
    expect([...locked.entries.values()].map(({ credentials }) => credentials)).toEqual([{}]);
  });

  it('keeps the password of a gateway and the key for SFTP beside the login, where the protocol has them', async () => {
    const csv =
      'host,protocol,password,gateway-password,sftp-private-key (parameter)\na,rdp,p,g,k\nb,ssh,p,g,k\n';
    const { rows, entries } = await plan([['l.csv', csv]], [], true);
    const kept = [...entries.values()].map(({ credentials }) =>
      Object.entries(credentials).map(([use, found]) => [use, Object.keys(found.fields)]),
    );
    expect(kept).toEqual([
      [
        ['credential', ['password']],
        ['gatewayCredential', ['password']],
        ['sftpCredential', ['privateKey']],
      ],
      [['credential', ['password']]],
    ]);
    expect(rows.map(({ notes }) => notes)).toEqual([[], [expect.stringContaining('no use for it')]]);
    const there = [machine('a', { host: 'a', protocol: 'rdp', gatewayCredential: 'mine' })];
    expect((await plan([['l.csv', csv]], there, true)).rows[1]).toMatchObject({
      action: 'change',
      fields: ['credential', 'sftpCredential'],
      notes: [expect.stringContaining('has a credential already')],
    });
  });

  it('finds the machine of an own export again, whatever it is called and wherever it is now', async () => {
    const there = [machine('id-1', { name: 'old', host: 'old-host', notes: 'old' })];
    const json = JSON.stringify({
      sallyport: 'machines',
      machines: [{ id: 'id-1', name: 'renamed', protocol: 'ssh', host: 'new-host', notes: 'new' }],
    });
    const { rows } = await plan([['m.json', json]], there);
    expect(rows).toMatchObject([{ action: 'change', name: 'renamed', fields: ['name', 'host', 'notes'] }]);
  });
});

describe('host keys', () => {
  const ED = 'ssh-ed25519';
  const ECDSA = 'ecdsa-sha2-nistp256';

  it('go to machines of the book and of the same import, plain, by pattern and hashed', async () => {
    const salt = Buffer.alloc(20, 3);
    const hashed = (name: string) =>
      `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
    const known = [
      keyLine('web1,10.0.0.7', ED, 1),
      keyLine(hashed('[port]:2222'), ECDSA, 2),
      keyLine('*.lab,!x.lab', ECDSA, 3),
      keyLine('stranger', ED, 4),
      keyLine(hashed('nobody'), ED, 5),
      keyLine('desk', ED, 6),
    ].join('\n');
    const there = [
      machine('port', { host: 'port', port: 2222 }),
      machine('desk', { host: 'desk', protocol: 'rdp' }),
    ];
    const { of, rows, entries } = await plan(
      [
        ['config', 'Host web1\n HostName 10.0.0.7\nHost a.lab\n'],
        ['known_hosts', known],
      ],
      there,
    );
    const hostKey = (name: string) =>
      [...entries.values()].find(({ draft }) => draft.name === name)?.draft.parameters['host-key'];
    // With the name that is connected to, for that is what guacd looks for.
    expect(hostKey('web1')).toBe(keyLine('10.0.0.7', ED, 1));
    expect(hostKey('a.lab')).toBe(keyLine('a.lab', ECDSA, 3));
    expect(hostKey('port')).toBe(keyLine('[port]:2222', ECDSA, 2));
    expect(of('web1')[0]?.notes.join()).toContain('Only its key of the kind ssh-ed25519 is known');
    expect(of('port')[0]).toMatchObject({ action: 'change', fields: ['host-key'], notes: [] });
    expect(rows.filter(({ action }) => action === 'skip').map(({ name, why }) => [name, why])).toEqual([
      ['stranger', 'No SSH machine here has this name and port.'],
      ['desk', 'No SSH machine here has this name and port.'],
      ['', expect.stringContaining('A hashed name is none of the SSH machines here')],
    ]);
  });

  it('take the kind that guacd is shown first, and never replace one that is there', async () => {
    const lines = [keyLine('h', 'ssh-rsa', 1), keyLine('h', ED, 2), keyLine('h', ECDSA, 3)];
    const fresh = await plan([['known_hosts', lines.join('\n')]], [machine('h', {})]);
    expect([...fresh.entries.values()][0]?.draft.parameters['host-key']).toBe(lines[2]);
    const kept = await plan(
      [['known_hosts', lines.join('\n')]],
      [machine('h', { parameters: { 'host-key': keyLine('h', ED, 9) } })],
    );
    expect(kept.entries.size).toBe(0);
    expect(kept.rows).toMatchObject([
      { action: 'skip', why: expect.stringContaining('another host key already') },
    ]);
    const same = await plan(
      [['known_hosts', lines[2] ?? '']],
      [machine('h', { parameters: { 'host-key': lines[2] ?? '' } })],
    );
    expect(same.rows).toEqual([]);
  });
});
