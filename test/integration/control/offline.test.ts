import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ControlClient, connectControl, openStream } from '../../../main/control/client.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import { refusalOf } from '../settings/folder.ts';
import { Bench } from './outpost-fixture.ts';

const PASSWORD = 'Pw-that-nobody-may-see-42';
const PASSPHRASE = { kind: 'passphrase', passphrase: 'seven quiet herons' } as const;
const SHOWN = { display: { width: 800, height: 600, dpi: 96, audio: [] }, window: 'w1' };

const fixtures: Bench[] = [];
const clients: ControlClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const fixture of fixtures.splice(0)) await fixture.end();
});

async function listen(): Promise<{ fixture: Bench; client: ControlClient }> {
  const fixture = await new Bench().listen();
  fixtures.push(fixture);
  return { fixture, client: await connect(fixture) };
}

async function connect({ path }: Bench): Promise<ControlClient> {
  const client = await connectControl(path);
  clients.push(client);
  return client;
}

const machineOf = (client: ControlClient, credential: string | null) =>
  client.request('machines/put', {
    id: null,
    machine: { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7', credential },
  });

describe('the vault over the control socket', () => {
  it('takes secrets in, gives none out, and tells of each change', async () => {
    const { client } = await listen();
    const states: string[] = [];
    client.on('vault/changed', ({ kind }) => states.push(kind));
    expect(await client.request('vault/subscribe', {})).toEqual({ kind: 'none' });
    await refusalOf(client.request('vault/credentials', {}), 'vault-missing');
    expect(await client.request('vault/create', { protection: { kind: 'key-file' } })).toMatchObject({
      kind: 'unlocked',
      protection: 'key-file',
    });
    const kept = await client.request('vault/credential/put', {
      id: null,
      credential: { name: 'web', user: 'alice', domain: '', password: PASSWORD },
    });
    const all = await client.request('vault/credentials', {});
    expect(all.credentials).toEqual([kept]);
    expect(JSON.stringify([kept, all])).not.toContain(PASSWORD);
    expect(await client.request('vault/lock', { because: 'screen' })).toMatchObject({ kind: 'locked' });
    await refusalOf(client.request('vault/credentials', {}), 'vault-locked');
    await client.request('vault/unlock', { opener: { kind: 'key-file' } });
    await client.request('vault/credential/remove', { id: kept.id });
    // That there is none may be told as well, where the vault was only just read.
    await expect
      .poll(() => [...new Set(states)].filter((kind) => kind !== 'none'))
      .toEqual(['unlocked', 'locked']);
  });
});

describe('a session that is opened at this host', () => {
  it('goes through the guacd that its machine names, and through any where it names none', async () => {
    const { fixture, client } = await listen();
    for (const guacd of ['', 'guacd-2.example.org:4822']) {
      const machine = { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7', guacd };
      const { id } = await client.request('machines/put', { id: null, machine });
      await client.request('machines/open', { machine: id, ...SHOWN, reason: 'test' });
    }
    expect(fixture.local.opened.map(({ request }) => request.guacd)).toEqual([
      undefined,
      'guacd-2.example.org:4822',
    ]);
  });

  it('has to wait as long as authentik has to be out of reach, whatever this host’s clock is set to', async () => {
    const { fixture, client } = await listen();
    fixture.local.policy = { ...fixture.local.policy, mode: 'unreachable', afterMs: 600_000 };
    fixture.local.reach.reach = { kind: 'out-of-reach', since: performance.now() };
    const { id } = await machineOf(client, null);
    const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
    try {
      await refusalOf(client.request('machines/open', { machine: id, ...SHOWN }), 'offline-refused');
    } finally {
      set.mockRestore();
    }
    fixture.local.reach.reach = { kind: 'out-of-reach', since: performance.now() - 600_001 };
    await client.request('machines/open', { machine: id, ...SHOWN });
  });

  it('gets the machine’s credential in the core, and a stream for its ticket', async () => {
    const { fixture, client } = await listen();
    await client.request('vault/create', { protection: { kind: 'key-file' } });
    const { id } = await client.request('vault/credential/put', {
      id: null,
      credential: { name: 'web', user: 'alice', domain: 'CORP', password: PASSWORD },
    });
    const machine = await machineOf(client, id);
    const answer = await client.request('machines/open', {
      machine: machine.id,
      ...SHOWN,
      reason: 'disk full',
    });
    expect(JSON.stringify(answer)).not.toContain(PASSWORD);
    const [opened] = fixture.local.opened;
    expect(opened?.window).toBe('w1');
    expect(opened?.request).toMatchObject({
      id: answer.session,
      source: 'local',
      user: 'alice',
      machineId: machine.id,
    });
    const parameters = Object.fromEntries(
      [...(opened?.request.parameters ?? [])].map(([name, value]) => [name, value.reveal()]),
    );
    // SSH has no domain.
    expect(parameters).toEqual({ hostname: '10.0.0.7', port: '22', username: 'alice', password: PASSWORD });
    expect(fixture.local.events).toMatchObject([
      { kind: 'local-session-asked', session: answer.session, machine: 'web', reason: 'disk full' },
    ]);
    expect(JSON.stringify(fixture.local.events)).not.toContain(PASSWORD);

    const stream = await openStream(fixture.path, 'display', answer.ticket);
    let seen = '';
    stream.on('data', (chunk) => {
      seen += String(chunk);
    });
    stream.resume();
    stream.write('4.sync,1.1;');
    await expect.poll(() => seen).toBe('4.sync,1.1;');
    stream.destroy();
    await refusalOf(openStream(fixture.path, 'display', answer.ticket), 'ticket-invalid');
  });

  it('gets what a gateway and SFTP ask for in the core as well, and is not opened while the vault has it locked', async () => {
    const { fixture, client } = await listen();
    await client.request('vault/create', { protection: { kind: 'key-file' } });
    const keep = async (name: string) => {
      const credential = { name, user: name, domain: 'CORP', password: `${PASSWORD} ${name}` };
      return (await client.request('vault/credential/put', { id: null, credential })).id;
    };
    const [gatewayCredential, sftpCredential] = [await keep('gate'), await keep('files')];
    const { id } = await client.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, host: '10.0.0.7', protocol: 'rdp', gatewayCredential, sftpCredential },
    });
    const wish = { machine: id, ...SHOWN, reason: 'test' };
    expect(JSON.stringify(await client.request('machines/open', wish))).not.toContain(PASSWORD);
    const parameters = fixture.local.opened[0]?.request.parameters ?? [];
    expect(Object.fromEntries([...parameters].map(([name, value]) => [name, value.reveal()]))).toEqual({
      hostname: '10.0.0.7',
      port: '3389',
      'gateway-username': 'gate',
      'gateway-password': `${PASSWORD} gate`,
      'gateway-domain': 'CORP',
      'sftp-username': 'files',
      'sftp-password': `${PASSWORD} files`,
    });
    expect(JSON.stringify(await client.request('machines/get', { id }))).not.toContain(PASSWORD);
    await client.request('vault/lock', {});
    await refusalOf(client.request('machines/open', wish), 'vault-locked');
  });

  it.each([
    ['', { username: 'alice', password: 'typed' }],
    ['root', { username: 'root', password: 'typed' }],
  ])('gets what was typed in place of a login that was refused, by the name “%s”', async (user, login) => {
    const { fixture, client } = await listen();
    await client.request('vault/create', { protection: { kind: 'key-file' } });
    const { id } = await client.request('vault/credential/put', {
      id: null,
      credential: { name: 'web', user: 'alice', domain: '', password: PASSWORD },
    });
    const machine = await machineOf(client, id);
    const typed = { user, password: 'typed' };
    const open = { machine: machine.id, ...SHOWN };
    expect(JSON.stringify(await client.request('machines/open', { ...open, login: typed }))).not.toContain(
      'typed',
    );
    // It was for that one alone.
    await client.request('machines/open', open);
    const parameters = fixture.local.opened.map(({ request }) =>
      Object.fromEntries([...request.parameters].map(([name, value]) => [name, value.reveal()])),
    );
    const place = { hostname: '10.0.0.7', port: '22' };
    expect(parameters).toEqual([
      { ...place, ...login },
      { ...place, username: 'alice', password: PASSWORD },
    ]);
    expect(JSON.stringify(fixture.local.events)).not.toContain('typed');
  });

  it('that may not be is refused before anything is told of the machine', async () => {
    const { fixture, client } = await listen();
    fixture.local.policy = { ...fixture.local.policy, mode: 'never' };
    await refusalOf(client.request('machines/open', { machine: 'nobody', ...SHOWN }), 'offline-refused');
    fixture.local.policy = { ...fixture.local.policy, mode: 'always', group: 'admins' };
    fixture.local.isMember = false;
    await refusalOf(client.request('machines/open', { machine: 'nobody', ...SHOWN }), 'offline-refused');
    fixture.local.isMember = true;
    await refusalOf(client.request('machines/open', { machine: 'nobody', ...SHOWN }), 'machine-not-found');
    expect(fixture.local.opened).toEqual([]);
    expect(fixture.local.events).toEqual([]);
  });

  it('waits for the vault to be unlocked where its credential lies there', async () => {
    const { fixture, client } = await listen();
    await client.request('vault/create', { protection: { kind: 'key-file' } });
    const { id } = await client.request('vault/credential/put', {
      id: null,
      credential: { name: 'web', user: 'alice', domain: '' },
    });
    const withIt = await machineOf(client, id);
    const without = await client.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'db', host: '10.0.0.8' },
    });
    await client.request('vault/lock', {});
    await refusalOf(client.request('machines/open', { machine: withIt.id, ...SHOWN }), 'vault-locked');
    await client.request('machines/open', { machine: without.id, ...SHOWN });
    await client.request('vault/unlock', { opener: { kind: 'key-file' } });
    await client.request('vault/credential/remove', { id });
    // Asked for in the window, as if there had never been one.
    await client.request('machines/open', { machine: withIt.id, ...SHOWN });
    expect(fixture.local.opened.map(({ request }) => request.parameters.has('username'))).toEqual([
      false,
      false,
    ]);
  });

  it('spends a passphrase that was typed for it, on the connection that it was typed on', async () => {
    const { fixture, client } = await listen();
    fixture.local.policy = { ...fixture.local.policy, requirePassphrase: true };
    const other = await connect(fixture);
    const { id } = await machineOf(client, null);
    const open = (by: ControlClient) => by.request('machines/open', { machine: id, ...SHOWN });
    await refusalOf(open(client), 'offline-refused');
    await client.request('vault/create', { protection: PASSPHRASE });
    // It is unlocked, and yet asked for.
    await refusalOf(open(client), 'vault-locked');
    await client.request('vault/unlock', { opener: PASSPHRASE });
    await refusalOf(open(other), 'vault-locked');
    await open(client);
    await refusalOf(open(client), 'vault-locked');
  });

  it('may go to a place that is in no address book', async () => {
    const { fixture, client } = await listen();
    await client.request('machines/open-inline', {
      protocol: 'vnc',
      host: 'desk-7',
      port: null,
      user: '',
      parameters: { password: PASSWORD },
      ...SHOWN,
    });
    const [opened] = fixture.local.opened;
    expect(opened?.request).toMatchObject({ protocol: 'vnc', machine: 'desk-7:5900' });
    expect(opened?.request.parameters.get('password')?.reveal()).toBe(PASSWORD);
  });
});
