import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { SallyportError } from '../../main/core/errors.ts';
import type { Machine, MachineOptions, Parameters } from './machine.ts';
import { freePort, waitForPort } from './port.ts';
import { runProgram, startProgram } from './program.ts';
import { findPamMatrix, findPrograms, findSftpServer } from './programs.ts';
import { writeShell } from './shell.ts';

/** sshd's place for its unprivileged part; compiled in, needed only when sshd is started as root. */
const PRIVILEGE_SEPARATION_DIR = '/run/sshd';

/**
 * A user-mode OpenSSH server with keys made for the run. The person who runs it logs in as themselves, with a
 * key always, and with a password made for the run where pam_wrapper is installed: sshd then asks a file in
 * `dir` in place of the system's accounts, so nothing of the system is read or changed.
 *
 * Rejects with what to install where a program is missing, or with sshd's own words where it does not start.
 */
export async function startSsh({ dir, log }: MachineOptions): Promise<Machine> {
  const programs = findPrograms('sshd', 'ssh-keygen');
  if ('missing' in programs) throw missing(programs.missing);
  const { sshd, 'ssh-keygen': keygen } = programs.found;
  const user = userInfo().username;
  const port = await freePort();
  const shell = await writeShell(dir, 'practice');
  const hostKey = join(dir, 'host_key');
  const clientKey = join(dir, 'client_key');
  // PKCS#1 is the only form of a key that guacd 1.3 reads.
  await Promise.all([
    runProgram(keygen, ['-q', '-t', 'ed25519', '-N', '', '-C', 'practice', '-f', hostKey], { cwd: dir }),
    runProgram(
      keygen,
      ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-C', 'practice', '-f', clientKey],
      {
        cwd: dir,
      },
    ),
  ]);
  await copyFile(`${clientKey}.pub`, join(dir, 'authorized_keys'));
  const password = await offerPassword(dir, user);
  await writeFile(
    join(dir, 'sshd_config'),
    configuration({ dir, port, script: shell.script, hostKey, password }),
  );
  if (process.getuid?.() === 0) await mkdir(PRIVILEGE_SEPARATION_DIR, { recursive: true, mode: 0o755 });
  const server = startProgram(sshd, ['-D', '-e', '-f', join(dir, 'sshd_config')], {
    cwd: dir,
    dir,
    log,
    ...(password === undefined ? {} : { env: password.env }),
  });
  try {
    await waitForPort(port, server.ended);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const place: Parameters = { hostname: '127.0.0.1', port: String(port), username: user };
  const hostPublicKey = (await readFile(`${hostKey}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  const key = { ...place, 'private-key': await readFile(clientKey, 'utf8') };
  const logins: Record<string, Parameters> = { key };
  if (password !== undefined) logins['password'] = { ...place, password: password.value };
  // guacd wants the host's name in front, as in known_hosts.
  logins['known-host'] = { ...key, 'host-key': `[127.0.0.1]:${port} ${hostPublicKey}` };
  return {
    name: 'Practice SSH',
    protocol: 'ssh',
    port,
    parameters: logins['password'] ?? key,
    logins,
    home: shell.home,
    stop: () => server.stop(),
  };
}

interface OfferedPassword {
  readonly value: string;
  /** What makes sshd's PAM read the files in `dir`. */
  readonly env: Readonly<Record<string, string>>;
}

async function offerPassword(dir: string, user: string): Promise<OfferedPassword | undefined> {
  const matrix = findPamMatrix();
  // A service file has no way to write a blank in a path.
  if (matrix === undefined || /\s/.test(dir)) return undefined;
  const value = randomBytes(12).toString('hex');
  const services = join(dir, 'pam');
  const accounts = join(dir, 'accounts');
  await mkdir(services, { mode: 0o700 });
  await writeFile(accounts, `${user}:${value}:sshd\n`, { mode: 0o600 });
  const ask = `required ${matrix} passdb=${accounts}`;
  await writeFile(join(services, 'sshd'), `auth ${ask}\naccount ${ask}\nsession required pam_permit.so\n`);
  await writeFile(
    join(services, 'other'),
    ['auth', 'account', 'password', 'session'].map((kind) => `${kind} required pam_deny.so\n`).join(''),
  );
  const library = join(dirname(dirname(matrix)), 'libpam_wrapper.so');
  return { value, env: { LD_PRELOAD: library, PAM_WRAPPER: '1', PAM_WRAPPER_SERVICE_DIR: services } };
}

interface Configuration {
  readonly dir: string;
  readonly port: number;
  readonly script: string;
  readonly hostKey: string;
  readonly password: OfferedPassword | undefined;
}

function configuration({ dir, port, script, hostKey, password }: Configuration): string {
  const usePam = password === undefined ? 'no' : 'yes';
  const sftp = findSftpServer();
  return [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey "${hostKey}"`,
    'PidFile none',
    `AuthorizedKeysFile "${join(dir, 'authorized_keys')}"`,
    `UsePAM ${usePam}`,
    `PasswordAuthentication ${usePam}`,
    'KbdInteractiveAuthentication no',
    'PubkeyAuthentication yes',
    // guacd's libssh2 before 1.11 signs with SHA-1 only.
    'PubkeyAcceptedAlgorithms +ssh-rsa',
    'PermitRootLogin yes',
    // The folder lies in a temporary folder, which sshd would not trust.
    'StrictModes no',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'AcceptEnv no-variable',
    'AllowTcpForwarding no',
    'AllowAgentForwarding no',
    'X11Forwarding no',
    'UseDNS no',
    'LoginGraceTime 20',
    'MaxAuthTries 20',
    'MaxStartups 200',
    // A program, for the forced command below takes the place of sshd's own.
    ...(sftp === undefined ? [] : [`Subsystem sftp ${sftp}`]),
    // bash reads the person's own .bashrc where sshd starts it, but only as the outermost shell.
    'SetEnv SHLVL=2',
    `ForceCommand "${script}"`,
    '',
  ].join('\n');
}

function missing(names: readonly string[]): SallyportError {
  return new SallyportError(
    'internal',
    `Practice SSH needs ${names.join(' and ')}, which is not installed.`,
    {
      advice: 'Install the package openssh-server.',
    },
  );
}
