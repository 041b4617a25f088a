import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../main/core/base/secret.ts';
import { withCertificate } from '../../main/core/ssh/agent-login.ts';
import { freePort, waitForPort } from '../../practice/machines/port.ts';
import { type Program, startProgram } from '../../practice/machines/program.ts';
import { findPrograms } from '../../practice/machines/programs.ts';
import { Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

const run = promisify(execFile);
const programs = findPrograms('sshd', 'ssh-keygen', 'ssh');
const USER = userInfo().username;
const TOKEN = `token-${'t'.repeat(900)}`;
const HOST_KEY = 'ssh-ed25519 AAAAC3Nz-a-host-key';

interface Login {
  readonly key: string;
  readonly certificate: string;
}

describe.runIf('found' in programs)('a login by certificate', () => {
  let folder: string;
  let sshd: Program;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-certificate-'));
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')]);
    port = await freePort();
    await writeFile(join(folder, 'trusted'), '');
    await writeFile(
      join(folder, 'sshd_config'),
      [
        'ListenAddress 127.0.0.1',
        `Port ${port}`,
        `HostKey ${join(folder, 'host')}`,
        'PidFile none',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'AuthorizedKeysFile none',
        'PermitRootLogin yes',
        'StrictModes no',
        // Read anew at every login. authentik's agent puts there what it has found right; here the test does.
        `TrustedUserCAKeys ${join(folder, 'trusted')}`,
        '',
      ].join('\n'),
    );
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    if (!('found' in programs)) return;
    sshd = startProgram(programs.found.sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], {
      cwd: folder,
      dir: folder,
      log: () => {},
    });
    await waitForPort(port, sshd.ended);
  });

  afterAll(async () => {
    await sshd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is read by OpenSSH with the right principal, validity and extensions', async () => {
    const now = Date.UTC(2026, 10, 24, 12, 0, 0);
    const { certificate } = await make(folder, 'read', USER, now);
    const { stdout } = await run('ssh-keygen', ['-L', '-f', certificate], {
      env: { ...process.env, TZ: 'UTC' },
    });
    expect(stdout).toContain('Type: ssh-ed25519-cert-v01@openssh.com user certificate');
    expect(stdout).toContain(`Key ID: "${USER}"`);
    expect(stdout).toMatch(new RegExp(`Principals: \\n\\s+${USER}\\n\\s+Critical Options: \\(none\\)`));
    expect(stdout).toContain('Valid: from 2026-11-24T11:55:00 to 2026-11-24T12:05:00');
    const extensions = stdout
      .slice(stdout.indexOf('Extensions:'))
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    expect(extensions.map((line) => line.split(' ')[0]).filter((name) => name !== '')).toEqual([
      'goauthentik.io/platform/ssh/host-key',
      'goauthentik.io/platform/ssh/ssh/token',
      'permit-pty',
    ]);
    // Each value is an SSH string inside the extension: its length in four bytes, then itself.
    expect(stdout).toContain(hexOfString(TOKEN));
    expect(stdout).toContain(hexOfString(HOST_KEY));
  });

  it('is taken by an sshd that trusts the key that has signed it', async () => {
    const login = await make(folder, 'good');
    await trust(folder, login);
    const { stdout } = await ssh(login, 'echo in as $USER');
    expect(stdout.trim()).toBe(`in as ${USER}`);
  });

  it('is refused for somebody else, when its time is over, and by an sshd that does not trust it', async () => {
    const other = await make(folder, 'other', 'somebody');
    await trust(folder, other);
    await expect(ssh(other, 'true')).rejects.toThrow('Permission denied');
    const late = await make(folder, 'late', USER, Date.now() - 6 * 60 * 1000);
    await trust(folder, late);
    await expect(ssh(late, 'true')).rejects.toThrow('Permission denied');
    const stranger = await make(folder, 'stranger');
    await expect(ssh(stranger, 'true')).rejects.toThrow('Permission denied');
  });

  function ssh({ key, certificate }: Login, command: string) {
    return run('ssh', [
      ...['-F', 'none', '-p', String(port), '-i', key, '-o', `CertificateFile=${certificate}`],
      ...['-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'],
      ...['-o', `UserKnownHostsFile=${join(folder, 'known')}`, `${USER}@127.0.0.1`, command],
    ]);
  }
});

describe.runIf('found' in programs)('an SSH session that asks for a certificate', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.start({ machines: ['ssh'] });
  });

  afterAll(() => lab?.stop());

  it('says in a sentence why not where guacd cannot use one, and tells nobody the token', async () => {
    const token = 'a-token-that-nobody-may-see';
    const person = await Person.arrive(lab, 'ssh', {
      user: 'agent',
      parameters: { 'goauthentik.io/rac/ssh-token': token, 'goauthentik.io/rac/ssh-host-key': 'a-host-key' },
    });
    const { sentence } = await person.hearsLastWord();
    expect(sentence).toContain('This machine is logged in to with a certificate');
    expect(sentence).toContain('guacd 1.6.0 or newer');
    await lab.untilEnded('agent');
    const log = lab.log.join('\n');
    for (const secret of [token, 'a-host-key', 'ssh-token', 'OPENSSH PRIVATE KEY'])
      expect(log).not.toContain(secret);
  });
});

async function make(folder: string, name: string, username = USER, now?: number): Promise<Login> {
  const parameters = await withCertificate(
    new Map([['username', new Secret(username)]]),
    { token: new Secret(TOKEN), hostKey: new Secret(HOST_KEY) },
    now,
  );
  const key = join(folder, name);
  const certificate = `${key}-cert.pub`;
  await writeFile(key, parameters.get('private-key')?.reveal() ?? '', { mode: 0o600 });
  await writeFile(certificate, parameters.get('public-key')?.reveal() ?? '');
  return { key, certificate };
}

async function trust(folder: string, { key }: Login): Promise<void> {
  const { stdout } = await run('ssh-keygen', ['-y', '-f', key]);
  await writeFile(join(folder, 'trusted'), stdout);
}

/** As `ssh-keygen -L` prints a value that it does not know. */
function hexOfString(text: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]).toString('hex');
}
