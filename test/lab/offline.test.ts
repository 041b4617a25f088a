import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../main/control/client.ts';
import { EMPTY_DRAFT } from '../../main/core/offline/machines/machine.ts';
import { statePaths, thisHost } from '../../main/core/settings/paths.ts';
import type { Machine } from '../../practice/machines/machine.ts';
import { refusalOf } from '../integration/settings/folder.ts';
import { DIST, eventually } from './harness/lab.ts';
import { KEYS } from './harness/person.ts';
import { DISPLAY, Shown } from './harness/shown.ts';

/** Only root may make a network of its own; without one, an address of loopback where nobody answers stands in. */
const ownNetwork = process.getuid?.() === 0 && process.platform === 'linux';
const PASSPHRASE = 'seven quiet herons';

let base: string;
let host: ChildProcess;
let control: ControlClient;
let path: string;
let ssh: Machine;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'sp-offline-'));
  const program = join(base, 'host.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'harness', 'cut-off-host.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const authentik = ownNetwork ? 'https://sso.example.org' : 'https://127.0.0.1:9';
  const run = [process.execPath, program, base, join(DIST, 'outpost.cjs'), authentik];
  host = ownNetwork
    ? spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', ...run], {
        stdio: ['pipe', 'pipe', 'pipe'],
      })
    : spawn(run[0] ?? '', run.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = await firstLine(host);
  const started: { stateDir: string; machine?: Machine; missing: readonly { reason: string }[] } =
    JSON.parse(said);
  if (!started.machine) throw new Error(started.missing[0]?.reason ?? 'There is no SSH machine.');
  ssh = started.machine;
  // A socket of the file system is reached from every network.
  path = statePaths(started.stateDir, thisHost(process.env)).control.path;
  control = await connectControl(path);
});

afterAll(async () => {
  control?.close();
  if (host && host.exitCode === null) {
    const over = new Promise((resolve) => host.once('exit', resolve));
    host.stdin?.end();
    await over;
  }
  await rm(base, { recursive: true, force: true });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = '';
    child.stderr?.on('data', (chunk) => {
      words += String(chunk);
    });
    child.once('exit', () => reject(new Error(`The host did not come up: ${words}`)));
    child.once('error', reject);
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}

const set = (key: string, value: string) => control.request('config/set', { key, value });
const offline = async () => (await control.request('status', {})).offline;

/** Types a command and resolves with what it wrote; again where the terminal had no ear yet. */
async function runs(shown: Shown, command: string, file: string): Promise<string> {
  const printed = () => readFile(join(ssh.home, file), 'utf8').catch(() => null);
  for (let tries = 1; tries <= 5; tries += 1) {
    // An open bracket of a line that was typed in part would take the next for more of itself.
    if (tries > 2) interrupt(shown);
    shown.type(`${tries > 1 ? '\n' : ''}(${command}) > part-${file} 2>&1; mv part-${file} ${file}\n`);
    try {
      await eventually(async () => (await printed()) !== null, 1_500 * 2 ** tries);
      return (await printed()) ?? '';
    } catch {
      // Typed again.
    }
  }
  throw new Error(`${file} never came; the window saw ${JSON.stringify(shown.seen.slice(-5))}`);
}

/** Ctrl-C. */
function interrupt(shown: Shown): void {
  shown.send('key', String(KEYS.control), '1');
  shown.type('c');
  shown.send('key', String(KEYS.control), '0');
}

/** Newer guacds ask by an instruction; older ones draw a prompt, which is there when its cursor is. */
async function answersPrompt(shown: Shown, name: string, value: string): Promise<void> {
  const asked = () => shown.seen.some(([opcode, ...names]) => opcode === 'required' && names.includes(name));
  const cursor = () => shown.seen.some(([opcode, ...args]) => opcode === 'cfill' && args.includes('153'));
  await eventually(() => asked() || cursor());
  if (!asked()) return shown.type(`${value}\n`);
  shown.send('argv', '1', 'text/plain', name);
  shown.send('blob', '1', Buffer.from(value).toString('base64'));
  shown.send('end', '1');
}

describe('a host that reaches nobody', () => {
  it('opens no session before its admin allows it, and authentik was away for long enough', async () => {
    expect(ownNetwork).toBe(process.getuid?.() === 0 && Object.keys(networkInterfaces()).length > 0);
    const { id } = await control.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'web-01', host: '127.0.0.1', port: ssh.port },
    });
    const wish = { machine: id, display: DISPLAY, window: 'w' };
    expect(await offline()).toMatchObject({ mode: 'never', open: false });
    await refusalOf(control.request('machines/open', wish), 'offline-refused');
    await set('offline.mode', 'unreachable');
    await set('offline.afterSeconds', '86400');
    const early = await refusalOf(control.request('machines/open', wish), 'offline-refused');
    expect(early.message).toContain('has not been out of reach for long enough');
    await set('offline.afterSeconds', '1');
    await eventually(async () => (await offline())?.open === true);
  });

  it('opens a shell with a key out of the vault, and shows what is typed', async () => {
    await set('offline.askReason', 'true');
    await control.request('vault/create', { protection: { kind: 'passphrase', passphrase: PASSPHRASE } });
    const { username = '', 'private-key': privateKey = '' } = ssh.logins['key'] ?? {};
    const { id: credential } = await control.request('vault/credential/put', {
      id: null,
      credential: { name: 'web', user: username, domain: '', privateKey },
    });
    const { id } = await control.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'web-02', host: '127.0.0.1', port: ssh.port, credential },
    });
    const without = control.request('machines/open', { machine: id, display: DISPLAY, window: 'w' });
    expect((await refusalOf(without, 'reason-missing')).message).toBe('A reason is asked for.');
    const shown = await Shown.machine(control, path, id, { reason: 'authentik is away' });
    await shown.picture();
    expect(await runs(shown, 'whoami', 'who')).toBe(`${username}\n`);
    const status = await control.request('status', {});
    expect(status.sessions).toMatchObject([
      { id: shown.session, source: 'local', machine: 'web-02', state: 'live' },
    ]);
    expect(status.vault?.kind).toBe('unlocked');

    // The vault is no part of a session that has begun.
    await control.request('vault/lock', { because: 'screen' });
    expect(await runs(shown, 'echo still here', 'still')).toBe('still here\n');
    await refusalOf(
      control.request('machines/open', { machine: id, display: DISPLAY, window: 'x', reason: 'again' }),
      'vault-locked',
    );
    await control.request('end', { id: shown.session });
    await eventually(() => shown.isClosed);

    const { entries } = await control.request('audit/recent', { limit: 100 });
    const events = entries.map(({ event }) => event);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'local-session-asked',
        session: shown.session,
        reason: 'authentik is away',
      }),
    );
    for (const kind of ['vault-created', 'credential-kept', 'vault-locked'])
      expect(events.map((event) => event.kind)).toContain(kind);
    await keepsQuiet([PASSPHRASE, ...privateKey.split('\n').slice(1, 4)]);
  });

  it('asks in the window for what the vault has not', async () => {
    const { username = '', password } = ssh.logins['password'] ?? {};
    // Without pam_wrapper sshd takes keys alone.
    if (password === undefined) return;
    const { id } = await control.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'web-03', host: '127.0.0.1', port: ssh.port, user: username },
    });
    const shown = await Shown.machine(control, path, id, { window: 'asked', reason: 'test' });
    await answersPrompt(shown, 'password', password);
    expect(await runs(shown, 'echo in', 'in')).toBe('in\n');
    shown.close();
    await keepsQuiet([password]);
  });
});

/** Nothing that the outpost has written, and no process, shows any of it. */
async function keepsQuiet(secrets: readonly string[]): Promise<void> {
  const written = await texts(join(base, 'state'));
  const shownBySystem = process.platform === 'linux' ? await commandLines() : [];
  for (const text of [...written, ...shownBySystem])
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
}

async function texts(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    entries.map(async (entry) => {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) return texts(file);
      return entry.isFile() ? [await readFile(file, 'latin1').catch(() => '')] : [];
    }),
  );
  return below.flat();
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, what: string) => readFile(`/proc/${pid}/${what}`, 'latin1').catch(() => '');
  return Promise.all(pids.flatMap((pid) => [read(pid, 'cmdline'), read(pid, 'environ')]));
}
