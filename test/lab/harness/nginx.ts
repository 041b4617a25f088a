import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PracticeCa } from '../../../practice/authentik/certificates.ts';
import { freePort, waitForPort } from '../../../practice/machines/port.ts';
import { type Program, startProgram } from '../../../practice/machines/program.ts';
import { findPrograms } from '../../../practice/machines/programs.ts';

export interface NginxOptions {
  /** A private folder of its own. */
  readonly dir: string;
  /** What it stands before, such as `http://127.0.0.1:4711/auth/`. */
  readonly upstream: string;
}

/** A real nginx on loopback that ends TLS before an authentik, below a path of its own. */
export class Nginx {
  /** What `AUTHENTIK_HOST` is behind it. */
  readonly url: string;
  /** The authority that it is to be believed for. */
  readonly caFile: string;
  readonly #options: NginxOptions;
  readonly #port: number;
  readonly #program: string;
  #running: Program | undefined;

  private constructor(options: NginxOptions, port: number, program: string) {
    this.#options = options;
    this.#port = port;
    this.#program = program;
    this.url = `https://localhost:${port}/sso/`;
    this.caFile = join(options.dir, 'ca.pem');
  }

  /** It does not listen yet. Throws with what to install where it is not there. */
  static async prepare(options: NginxOptions): Promise<Nginx> {
    const programs = findPrograms('nginx');
    if ('missing' in programs) throw new Error('Install the package nginx-light.');
    const nginx = new Nginx(options, await freePort(), programs.found.nginx);
    await mkdir(options.dir, { recursive: true, mode: 0o700 });
    const ca = new PracticeCa();
    const { certPem, keyPem } = ca.issue({ commonName: 'proxy', names: ['localhost'] });
    await writeFile(nginx.caFile, ca.caPem);
    await writeFile(join(options.dir, 'certificate.pem'), certPem);
    await writeFile(join(options.dir, 'key.pem'), keyPem, { mode: 0o600 });
    return nginx;
  }

  /** Starts it, or starts it anew with another configuration. `upgrade`: whether it passes websockets. */
  async start({ upgrade }: { readonly upgrade: boolean }): Promise<void> {
    await this.stop();
    const { dir } = this.#options;
    const file = join(dir, 'nginx.conf');
    await writeFile(file, this.#configuration(upgrade));
    this.#running = startProgram(this.#program, ['-e', 'stderr', '-p', dir, '-c', file], {
      cwd: dir,
      dir,
      log: () => {},
    });
    await waitForPort(this.#port, this.#running.ended);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }

  #configuration(upgrade: boolean): string {
    const { dir, upstream } = this.#options;
    const passed = [
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header Connection $connection_upgrade;',
    ];
    return [
      // As root it would want to be somebody who cannot read this folder.
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      'daemon off; worker_processes 1; error_log stderr;',
      `pid ${dir}/nginx.pid;`,
      'events { worker_connections 256; }',
      'http {',
      '  access_log off;',
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `  ${kind}_temp_path ${dir}/${kind};`,
      ),
      "  map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
      '  server {',
      `    listen 127.0.0.1:${this.#port} ssl;`,
      `    ssl_certificate ${dir}/certificate.pem;`,
      `    ssl_certificate_key ${dir}/key.pem;`,
      '    location /sso/ {',
      `      proxy_pass ${upstream};`,
      '      proxy_http_version 1.1;',
      '      proxy_set_header Host $host;',
      ...(upgrade ? passed.map((line) => `      ${line}`) : []),
      '    }',
      '  }',
      '}',
      '',
    ].join('\n');
  }
}
