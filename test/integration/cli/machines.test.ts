import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../main/cli/program.ts';
import { connectControl } from '../../../main/control/client.ts';
import { uploadFiles } from '../../../main/control/machines-upload.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { factsOfRequest } from '../../../main/core/offline/machines/from-session.ts';
import { decodeRequest } from '../../../main/core/sessions/request.ts';
import { SessionFactsKeeper } from '../../../main/process/session-facts.ts';
import { Bench, session, status } from '../control/outpost-fixture.ts';
import { type TerminalOptions, terminal } from './terminal.ts';

let bench: Bench;
let files: string;
beforeEach(async () => {
  bench = await new Bench().listen();
  files = mkdtempSync(join(tmpdir(), 'sp-files-'));
});
afterEach(async () => {
  await bench.end();
  rmSync(files, { recursive: true, force: true });
});

async function run(argv: readonly string[], options: TerminalOptions = {}) {
  const io = terminal(options);
  const code = await runCli(['machines', ...argv], io, {
    connect: () => connectControl(bench.path),
    local: () => Promise.reject(new Error('nothing local here')),
    run: async () => 0,
  });
  return { code, out: io.out(), err: io.err() };
}

function file(name: string, text: string): string {
  const path = join(files, name);
  writeFileSync(path, text);
  return path;
}

describe('sallyport machines', () => {
  it('adds, lists, shows, edits and removes', async () => {
    expect(await run(['list'])).toMatchObject({ code: 0, out: 'No machines.\n' });
    const added = await run([
      'add',
      'web 1',
      '10.0.0.7',
      '--port',
      '2222',
      '--user',
      'ops',
      '--group',
      'Berlin',
      '--tag',
      'a',
      '--tag',
      'b',
      '--parameter',
      'font-size=14',
    ]);
    expect(added).toMatchObject({ code: 0, out: '“web 1” is kept.\n', err: '' });
    await run(['add', 'desk', 'desk.example.org', '-P', 'rdp']);
    const list = await run(['list']);
    expect(list.out).toContain('10.0.0.7:2222');
    expect((await run(['list', '--tag', 'a', '--json'])).out).toContain('"name": "web 1"');
    expect((await run(['list', '--search', 'desk'])).out).not.toContain('web 1');
    expect(
      (await run(['edit', 'WEB 1', '--port', '', '--parameter', 'font-size=', '--host', '::1'])).code,
    ).toBe(0);
    const shown = JSON.parse((await run(['show', 'web 1', '--json'])).out);
    expect(shown).toMatchObject({ host: '::1', port: null, parameters: {}, user: 'ops', tags: ['a', 'b'] });
    expect((await run(['show', shown.id.slice(0, 6)])).out).toContain('Berlin');
    expect(await run(['remove', 'web 1', 'desk'])).toMatchObject({ code: 0, out: '2 machines removed.\n' });
    expect((await run(['list'])).out).toBe('No machines.\n');
    expect(bench.machines.recorded).toEqual([
      { kind: 'machine-added', machine: 'web 1 (10.0.0.7:2222)' },
      { kind: 'machine-added', machine: 'desk (desk.example.org)' },
      { kind: 'machine-changed', machine: 'web 1 (::1)' },
      { kind: 'machine-removed', machine: 'web 1 (::1)' },
      { kind: 'machine-removed', machine: 'desk (desk.example.org)' },
    ]);
  });

  it('ties machines to credentials of the vault by their names, and takes them away', async () => {
    const { vault } = bench.local;
    await vault.create({ kind: 'key-file', path: join(files, 'vault.key') });
    const keep = (name: string) =>
      vault.put(null, { name, user: 'ops', domain: '', password: new Secret(name) });
    const [login, gate] = [await keep('login'), await keep('gate')];
    const uses = ['--credential', 'login', '--gateway-credential', gate.id];
    expect(await run(['add', 'desk', 'h', '-P', 'rdp', ...uses])).toMatchObject({ code: 0, err: '' });
    const shown = async () => JSON.parse((await run(['show', 'desk', '--json'])).out);
    expect(await shown()).toMatchObject({
      credential: login.id,
      gatewayCredential: gate.id,
      sftpCredential: null,
    });
    expect((await run(['show', 'desk'])).out).toMatch(/At the gateway +kept in the vault/);
    expect(await run(['edit', 'desk', '-c', 'nobody'])).toMatchObject({ code: 5 });
    const wrong = await run(['add', 'web', 'h', '--gateway-credential', 'gate']);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('of use for RDP alone') });
    expect((await run(['edit', 'desk', '--sftp-credential', 'login'])).code).toBe(0);
    vault.lock('asked');
    // What a locked vault calls its credentials nobody is told; to take one away nobody needs to know.
    expect((await run(['edit', 'desk', '-c', 'gate'])).err).toContain('The vault is locked.');
    expect((await run(['edit', 'desk', '-c', '', '--gateway-credential', ''])).code).toBe(0);
    expect(await shown()).toMatchObject({
      credential: null,
      gatewayCredential: null,
      sftpCredential: login.id,
    });
  });

  it('refuses in sentences, with exit codes that scripts can use', async () => {
    const bad = await run(['add', 'x', 'h', '--parameter', 'password=secret']);
    expect(bad).toMatchObject({ code: 2, out: '' });
    expect(bad.err).toContain('“password” is a secret, and the address book holds none.');
    expect(bad.err).not.toContain('secret"');
    expect((await run(['add', 'x', 'h', '--protocol', 'gopher'])).err).toContain(
      'no protocol that guacd speaks',
    );
    expect((await run(['add', 'x', 'h', '--port', '99999'])).code).toBe(2);
    expect(await run(['show', 'nobody'])).toMatchObject({ code: 5 });
    await run(['add', 'twin', 'a']);
    await run(['add', 'twin', 'b']);
    expect(await run(['remove', 'twin'])).toMatchObject({ code: 2 });
    expect((await run(['list', '--json'])).out.match(/"twin"/g)).toHaveLength(2);
    await bench.server?.close();
    expect(await run(['list'])).toMatchObject({ code: 3 });
  });

  it('imports files after showing what that does, and exports what can be imported', async () => {
    const csv = file('servers.csv', 'name,host,protocol,password\nweb,10.0.0.7,ssh,top secret\nbad,,ssh,\n');
    const dry = await run(['import', '--dry-run', csv]);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('It has no host.');
    expect(dry.out).toContain('Nothing was changed.');
    expect((await run(['list'])).out).toBe('No machines.\n');
    const made = await run(['import', csv, file('known_hosts', 'other ssh-rsa x')]);
    expect(made.code).toBe(0);
    expect(made.out).toContain('1 machine added, 0 changed, 2 left out; 1 credential kept in the vault.');
    expect(made.out + made.err).not.toContain('top secret');
    expect(await run(['import', csv])).toMatchObject({ code: 1 });
    const plain = await run(['export']);
    expect(JSON.parse(plain.out)).toMatchObject({ sallyport: 'machines', machines: [{ name: 'web' }] });
    expect(plain.err).toContain('no secrets');
    const sealed = await run(['export', '--secrets'], { input: ['a long passphrase\n'] });
    expect(sealed.code).toBe(0);
    expect(sealed.out).not.toContain('top secret');
    await run(['remove', 'web']);
    const back = await run(['import', file('m.json', sealed.out)], { input: ['a long passphrase\n'] });
    expect(back.out).toContain('1 credential kept in the vault');
    expect(bench.machines.vault.plain.map(({ password }) => password)).toEqual(['top secret', 'top secret']);
    const recorded = bench.machines.recorded.filter(({ kind }) => kind.startsWith('machines-'));
    expect(recorded).toEqual([
      { kind: 'machines-imported', from: 'servers.csv, known_hosts', added: 1, changed: 0, skipped: 2 },
      { kind: 'machines-imported', from: 'servers.csv', added: 0, changed: 0, skipped: 2 },
      { kind: 'machines-exported', count: 1, withSecrets: false },
      { kind: 'machines-exported', count: 1, withSecrets: true },
      { kind: 'machines-imported', from: 'm.json', added: 1, changed: 0, skipped: 0 },
    ]);
  });

  it('says what is wrong with files that cannot be imported', async () => {
    expect((await run(['import'])).err).toContain('No file to import was named.');
    expect((await run(['import', join(files, 'nowhere.csv')])).code).toBe(1);
    const huge = file('huge.csv', `host,protocol\n${'x'.repeat(17 * 1024 * 1024)}`);
    expect((await run(['import', huge])).err).toContain('longer than');
    const junk = await run(['import', file('junk.bin', '\u0000\u0001\u0002')]);
    expect(junk).toMatchObject({ code: 1 });
    expect(junk.out).toContain('neither an .rdp file nor CSV');
  });

  it('hands files over one at a time, and leaves nothing waiting where one cannot be read', async () => {
    const client = await connectControl(bench.path);
    const happened: string[] = [];
    const seen: Pick<typeof client, 'request'> = {
      request: (method, ...rest) => {
        happened.push(method);
        return client.request(method, ...rest);
      },
    };
    const from = (name: string, content: string | Error) => ({
      name,
      format: 'csv' as const,
      read: async () => {
        happened.push(name);
        if (content instanceof Error) throw content;
        return Buffer.from(content);
      },
    });
    const good = [from('a', 'host,protocol\na,ssh\n'), from('b', 'host,protocol\nb,ssh\n')];
    const id = await uploadFiles(seen, good);
    const upload = 'machines/import/upload';
    expect(happened.splice(0)).toEqual(['a', upload, 'b', upload]);
    expect((await client.request('machines/import/preview', { import: id })).rows).toHaveLength(2);
    const bad = [...good.slice(0, 1), from('b', new Error('gone'))];
    await expect(uploadFiles(seen, bad)).rejects.toThrow('gone');
    expect(happened).toEqual(['a', upload, 'b', 'machines/import/forget']);
    client.close();
  });

  it('wakes a machine at the address that is kept, and at no other', async () => {
    const card = createSocket('udp4');
    const packet = new Promise<Buffer>((resolve) => card.once('message', resolve));
    await new Promise<void>((resolve) => card.bind(0, '127.0.0.1', resolve));
    await run(['add', 'asleep', 'h', '--wake', `01:02:03:04:05:06@127.0.0.1:${card.address().port}`]);
    await run(['add', 'awake', 'h2']);
    const woken = await run(['wake', 'asleep']);
    expect(woken).toMatchObject({ code: 0 });
    expect(woken.out).toContain(`sent to 127.0.0.1:${card.address().port}`);
    expect((await packet).toString('hex')).toBe('ff'.repeat(6) + '010203040506'.repeat(16));
    card.close();
    expect((await run(['wake', 'awake'])).err).toContain('No wake-on-LAN address is kept for “awake”.');
  });

  it('asks the app that came last to open a window, and says where none runs', async () => {
    await run(['add', 'web', 'h']);
    const nobody = await run(['connect', 'web']);
    expect(nobody).toMatchObject({ code: 1 });
    expect(nobody.err).toContain('No desktop app of Sallyport’s is running');
    const app = await connectControl(bench.path);
    const asked = new Promise<unknown>((resolve) => app.on('viewer/requested', resolve));
    await app.request('viewer/follow', {});
    expect(await run(['connect', 'web'])).toMatchObject({ code: 0 });
    const { id } = JSON.parse((await run(['show', 'web', '--json'])).out);
    expect(await asked).toEqual({ kind: 'machine', id });
    app.close();
  });
});

describe('the address book over the control socket', () => {
  it('tells who subscribed of each change, and pages through thousands', async () => {
    const client = await connectControl(bench.path);
    const told: number[] = [];
    client.on('machines/changed', ({ revision }) => told.push(revision));
    await client.request('machines/subscribe', {});
    const lines = Array.from({ length: 2500 }, (_, at) => `m${at},ssh`).join('\n');
    expect((await run(['import', file('many.csv', `host,protocol\n${lines}`)])).code).toBe(0);
    for (let looks = 0; told.length === 0 && looks < 1000; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told).toEqual([1]);
    const page = await client.request('machines/list', { offset: 2000 });
    expect(page).toMatchObject({ total: 2500, revision: 1 });
    expect(page.machines).toHaveLength(500);
    expect(JSON.parse((await run(['list', '--json'])).out)).toHaveLength(2500);
    client.close();
  });

  it('makes a machine of a session without anything secret', async () => {
    const request = decodeRequest({
      protocol: 'ssh',
      params: {
        hostname: '10.0.0.7',
        port: '2222',
        username: 'ops',
        password: 'top secret',
        'made-up': 'also secret',
        'font-size': '14',
        'client-name': 'authentik - alice',
        'drive-path': '/tmp/connection/token',
      },
    });
    expect(factsOfRequest(request)).toMatchObject({
      draft: {
        protocol: 'ssh',
        host: '10.0.0.7',
        port: 2222,
        user: 'ops',
        parameters: { 'font-size': '14' },
      },
      left: ['password', 'made-up'],
    });
    const open = new Map([['s1', request]]);
    const keeper = new SessionFactsKeeper((id) => open.get(id));
    keeper.see(['s1']);
    open.clear();
    expect(JSON.stringify([keeper.of('s1'), new Secret('x')])).not.toContain('secret');
    expect(keeper.of('s1')?.draft.host).toBe('10.0.0.7');
    expect(keeper.of('s2')).toBeNull();
  });

  it('keeps of a session that ended what is still known', async () => {
    const { state: _, queuedBytes: __, ...rest } = session({ id: 'over', machine: '[2001:db8::7]:3390' });
    const ended = { ...rest, endedAt: 1, reason: 'user-left' as const, failure: null };
    bench.outpost.change({
      ...status(),
      history: [ended, { ...ended, id: 'odd', machine: 'unnamed machine' }],
    });
    const client = await connectControl(bench.path);
    const { machine, left } = await client.request('machines/save-session', { id: 'over' });
    expect(machine).toMatchObject({ protocol: 'rdp', host: '2001:db8::7', port: 3390, parameters: {} });
    expect(left).toEqual(['hostname', 'password']);
    await expect(client.request('machines/save-session', { id: 'over' })).rejects.toThrow('kept already');
    await expect(client.request('machines/save-session', { id: 'odd' })).rejects.toThrow(
      'not known which machine',
    );
    await expect(client.request('machines/save-session', { id: 'none' })).rejects.toMatchObject({
      code: 'session-not-found',
    });
    expect(readFileSync(join(bench.dir, 'machines', 'machines.jsonl'), 'utf8')).toContain('2001:db8::7');
    client.close();
  });
});
