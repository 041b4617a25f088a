import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../main/core/errors.ts';
import { startDisplay } from './display.ts';
import type { Machine, MachineOptions, Parameters } from './machine.ts';
import { freePort, waitForPort } from './port.ts';
import { type Program, runProgram, startProgram } from './program.ts';
import { findPrograms } from './programs.ts';

const NAME = 'Practice RDP';

/**
 * An xrdp with settings, certificate and log of its own. It shows the screen of an Xvnc of its own: xrdp's
 * session manager would need root and the system's accounts. The password is that of the Xvnc.
 *
 * Rejects with what to install where a program is missing, or with xrdp's own words where it does not start.
 */
export async function startRdp({ dir, log }: MachineOptions): Promise<Machine> {
  const programs = findPrograms('xrdp', 'openssl');
  if ('missing' in programs) {
    throw new SallyportError(
      'internal',
      `${NAME} needs ${programs.missing.join(' and ')}, which is not installed.`,
      {
        advice: 'Install the packages xrdp and openssl.',
      },
    );
  }
  const { xrdp, openssl } = programs.found;
  const screen = await startDisplay({ dir, log }, NAME);
  let server: Program | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await screen.stop();
  };
  try {
    const certificate = join(dir, 'certificate.pem');
    const key = join(dir, 'key.pem');
    await runProgram(
      openssl,
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        certificate,
        '-days',
        '7',
      ].concat(['-subj', '/CN=practice']),
      { cwd: dir },
    );
    const port = await freePort();
    const settings = join(dir, 'xrdp.ini');
    await writeFile(settings, configuration({ dir, port, vncPort: screen.port, certificate, key }), {
      mode: 0o600,
    });
    server = startProgram(xrdp, ['--nodaemon', '--config', settings], {
      cwd: dir,
      dir,
      log,
      env: { HOME: dir },
    });
    await waitForPort(port, server.ended);
    const parameters: Parameters = {
      hostname: '127.0.0.1',
      port: String(port),
      username: 'practice',
      password: screen.password,
      security: 'tls',
      'ignore-cert': 'true',
      'resize-method': 'display-update',
      'enable-drive': 'true',
      'drive-name': 'Sallyport',
      'rac-allow-upload': 'true',
      'rac-allow-download': 'true',
    };
    return {
      name: NAME,
      protocol: 'rdp',
      port,
      parameters,
      logins: { password: parameters },
      home: screen.home,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Configuration {
  readonly dir: string;
  readonly port: number;
  readonly vncPort: number;
  readonly certificate: string;
  readonly key: string;
}

function configuration({ dir, port, vncPort, certificate, key }: Configuration): string {
  return [
    '[Globals]',
    'ini_version=1',
    'fork=true',
    `port=tcp://127.0.0.1:${port}`,
    'tcp_nodelay=true',
    'tcp_keepalive=true',
    // With TLS xrdp needs none of the system's RSA keys, which only root may read.
    'security_layer=tls',
    `certificate=${certificate}`,
    `key_file=${key}`,
    'ssl_protocols=TLSv1.2, TLSv1.3',
    'autorun=practice',
    'allow_channels=true',
    'allow_multimon=true',
    'bitmap_cache=true',
    'bitmap_compression=true',
    'bulk_compression=true',
    'max_bpp=32',
    'new_cursors=true',
    'use_fastpath=both',
    '[Logging]',
    `LogFile=${join(dir, 'xrdp.log')}`,
    'LogLevel=WARNING',
    'EnableSyslog=false',
    'EnableConsole=true',
    'ConsoleLevel=WARNING',
    '[Channels]',
    'rdpdr=true',
    'rdpsnd=true',
    'drdynvc=true',
    'cliprdr=true',
    '[practice]',
    'name=Practice',
    'lib=libvnc.so',
    'username=ask',
    'password=ask',
    'ip=127.0.0.1',
    `port=${vncPort}`,
    '',
  ].join('\n');
}
