import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marked } from '../../practice/machines/leftovers.ts';
import type { Machine, MachineProtocol } from '../../practice/machines/machine.ts';
import { pamFolders } from '../../practice/machines/pam-folders.ts';
import { findProgram } from '../../practice/machines/programs.ts';
import { type RunningMachines, startMachines } from '../../practice/machines/start.ts';
import { eventually } from '../../practice/run/eventually.ts';

/** An RDP client's first message: TPKT and X.224 connection request, asking for TLS. MS-RDPBCGR 2.2.1.1. */
const RDP_REQUEST = Buffer.from('030000130ee000000000000100080001000000', 'hex');
const X224_CONFIRM = 0xd0;

let dir: string;
let running: RunningMachines;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sallyport-lab-'));
  running = await startMachines({ dir, log: () => undefined });
});

afterAll(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

function machine(protocol: MachineProtocol): Machine {
  const found = running.machines.find((candidate) => candidate.protocol === protocol);
  if (found === undefined) {
    throw new Error(
      running.missing.find((missing) => missing.protocol === protocol)?.reason ?? 'not started',
    );
  }
  return found;
}

/** The first bytes that a server says, after `hello` where it waits for one. */
async function firstBytes(port: number, hello?: Buffer): Promise<Buffer> {
  const socket: Socket = connect({ host: '127.0.0.1', port });
  try {
    if (hello) socket.write(hello);
    const [chunk]: unknown[] = await once(socket, 'data');
    return Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(0);
  } finally {
    socket.destroy();
  }
}

function answers(port: number): Promise<boolean> {
  return firstBytes(port, RDP_REQUEST).then(
    () => true,
    () => false,
  );
}

/** Runs OpenSSH's own client; it asks `askpass` for the password. */
async function ssh(
  login: Readonly<Record<string, string>>,
  command: string,
): Promise<{ code: unknown; said: string }> {
  const folder = await mkdtemp(join(dir, 'client-'));
  const askpass = join(folder, 'askpass');
  await writeFile(askpass, '#!/bin/sh\nprintf "%s\\n" "$PRACTICE_PASSWORD"\n', { mode: 0o700 });
  const key = join(folder, 'key');
  await writeFile(key, login['private-key'] ?? '', { mode: 0o600 });
  const options = [
    ...['StrictHostKeyChecking=no', `UserKnownHostsFile=${join(folder, 'known')}`, 'LogLevel=ERROR'],
    ...['IdentitiesOnly=yes', 'NumberOfPasswordPrompts=1', `IdentityFile=${key}`, 'ConnectTimeout=20'],
    `PreferredAuthentications=${login['password'] === undefined ? 'publickey' : 'password'}`,
  ].flatMap((option) => ['-o', option]);
  const target = `${login['username']}@${login['hostname']}`;
  const child = spawn('ssh', ['-F', 'none', ...options, '-p', login['port'] ?? '', target, command], {
    env: {
      PATH: process.env['PATH'],
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      PRACTICE_PASSWORD: login['password'],
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code]: unknown[] = await once(child, 'close');
  return { code, said };
}

describe('practice machines', () => {
  it('are there for all three protocols where their programs are installed', () => {
    expect(running.missing).toEqual([]);
    expect(running.machines.map(({ protocol }) => protocol)).toEqual(['rdp', 'ssh', 'vnc']);
  });

  it('say who they are: SSH, VNC and RDP', async () => {
    expect((await firstBytes(machine('ssh').port)).toString('latin1')).toMatch(/^SSH-2\.0-/);
    expect((await firstBytes(machine('vnc').port)).toString('latin1')).toMatch(/^RFB 003\./);
    const confirm = await firstBytes(machine('rdp').port, RDP_REQUEST);
    expect([confirm[0], confirm[5]]).toEqual([3, X224_CONFIRM]);
  });

  it('keep their folders to their owner', async () => {
    for (const { home } of running.machines) {
      expect((await stat(home)).mode & 0o077).toBe(0);
      expect(await readdir(home)).toEqual([]);
    }
  });

  it('let a person in with the password and with the key of the run, into a home of its own', async () => {
    const { logins, home } = machine('ssh');
    for (const [way, login] of Object.entries(logins)) {
      const { code, said } = await ssh(login, `touch by-${way}; pwd; echo "$HOME"`);
      expect({ way, code, said }).toEqual({ way, code: 0, said: `${home}\n${home}\n` });
      expect(existsSync(join(home, `by-${way}`))).toBe(true);
    }
    expect(Object.keys(logins).sort()).toEqual(['key', 'known-host', 'password']);
  });

  it('keep out whoever has another password', async () => {
    const { said, code } = await ssh({ ...machine('ssh').logins['password'], password: 'another' }, 'id');
    expect(code).toBe(255);
    expect(said).toContain('Permission denied');
  });

  it('hand nothing of our environment to the shell', async () => {
    process.env['PRACTICE_TEST_SECRET'] = 'must not be seen';
    try {
      const other = await startMachines({ dir, log: () => undefined, protocols: ['ssh'] });
      try {
        const [server] = other.machines;
        const { said } = await ssh(server?.logins['key'] ?? {}, 'env');
        expect(said).toContain('HOME=');
        expect(said).not.toMatch(/PRACTICE_TEST_SECRET|LD_PRELOAD|PAM_WRAPPER|AUTHENTIK/);
      } finally {
        await other.stop();
      }
    } finally {
      delete process.env['PRACTICE_TEST_SECRET'];
    }
  });

  it('start twice at the same time without getting in each other’s way, and end with everything in them', async () => {
    const base = await mkdtemp(join(dir, 'twice-'));
    const [left, right] = await Promise.all([
      startMachines({ dir: base, log: () => undefined }),
      startMachines({ dir: base, log: () => undefined }),
    ]);
    expect([...left.missing, ...right.missing]).toEqual([]);
    const ports = [...left.machines, ...right.machines].map(({ port }) => port);
    expect(new Set(ports).size).toBe(6);
    // A shell that is busy when its server ends is ended with it.
    const server = left.machines.find(({ protocol }) => protocol === 'ssh');
    const busy = ssh(server?.logins['key'] ?? {}, 'touch busy; sleep 300');
    await eventually(() => existsSync(join(server?.home ?? '', 'busy')));
    expect(await pamFolders(base)).not.toEqual([]);
    await left.stop();
    expect((await busy).code).not.toBe(0);
    expect(await Promise.all(left.machines.map(({ port }) => answers(port)))).toEqual([false, false, false]);
    expect(await Promise.all(right.machines.map(({ port }) => answers(port)))).toContain(true);
    await right.stop();
    expect(await readdir(base)).toEqual([]);
    expect(await marked(base)).toEqual([]);
    expect(await pamFolders(base)).toEqual([]);
  });

  it('say in a sentence what to install where a program is missing, and start the rest', async () => {
    const path = process.env['PATH'];
    const only = await mkdtemp(join(dir, 'path-'));
    process.env['PATH'] = only;
    try {
      // Servers lie in folders that are searched without PATH; Xvnc does not.
      const { missing, stop } = await startMachines({ dir, log: () => undefined, protocols: ['vnc'] });
      await stop();
      expect(missing).toEqual([
        {
          protocol: 'vnc',
          reason:
            'Practice VNC needs Xvnc and vncpasswd and xterm, which is not installed. Install the packages tigervnc-standalone-server, tigervnc-tools and xterm.',
        },
      ]);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('practice machines whose owner is killed', () => {
  it.skipIf(process.platform !== 'linux' || findProgram('setpriv') === undefined)(
    'end with it, and the next start removes what they left',
    async () => {
      const base = await mkdtemp(join(dir, 'killed-'));
      const script = join(base, 'owner.cjs');
      await build({
        stdin: {
          contents: `import { startMachines } from './practice/machines/start.ts';
            startMachines({ dir: process.argv[2], log: () => {} }).then(({ machines }) =>
              console.log(JSON.stringify(machines.map(({ port }) => port))));
            setInterval(() => {}, 1000);`,
          resolveDir: join(import.meta.dirname, '..', '..'),
        },
        bundle: true,
        platform: 'node',
        outfile: script,
        logLevel: 'error',
      });
      const owner = spawn(process.execPath, [script, join(base, 'state')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line]: unknown[] = await once(owner.stdout, 'data');
      const ports: unknown = JSON.parse(String(line));
      const numbers = Array.isArray(ports) ? ports.map(Number) : [];
      expect(numbers).toHaveLength(3);
      expect(await marked(base)).not.toEqual([]);
      owner.kill('SIGKILL');
      await once(owner, 'close');
      await eventually(async () => (await marked(base)).length === 0);
      expect(await Promise.all(numbers.map(answers))).toEqual([false, false, false]);
      const said: string[] = [];
      const next = await startMachines({
        dir: join(base, 'state'),
        log: (text) => said.push(text),
        protocols: [],
      });
      expect(said).toEqual(['Cleared what 1 earlier run(s) of the practice machines had left.']);
      expect(await readdir(join(base, 'state'))).toHaveLength(1);
      await next.stop();
    },
  );
});
