import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../../practice/machines/programs.ts';
import { canBeMade, kept } from '../package/debian-root.ts';
import { FreshSystem } from '../package/fresh-system.ts';
import type { Outcome } from './command.ts';

const TAKES_LONG = { timeout: 600_000, maxBuffer: 16 * 1024 * 1024 };

/** Whether containers can be run, and an image made for them without any registry. */
export const canRunContainers =
  canBeMade && findProgram('podman') !== undefined && findProgram('runc') !== undefined;

/** What there is before anything is built: a Debian with Node, guacd, its SSH, and tini. */
export const BASE_IMAGE = 'localhost/sallyport-base:latest';

export interface ContainerNetwork {
  readonly name: string;
  /** This machine's own address in there: nothing else can be reached. */
  readonly gateway: string;
}

/**
 * A real podman with images, containers and networks of its own, which all go with it.
 *
 *     const podman = await Podman.start();
 *     await podman.run('run', '--rm', BASE_IMAGE, 'guacd', '-v');
 *     await podman.end();
 */
export class Podman {
  /** A program that is podman with this store, whatever its environment; for code that starts podman by itself. */
  readonly program: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.program = join(folder, 'bin', 'podman');
  }

  /** Resolves when `BASE_IMAGE` can be run. */
  static async start(): Promise<Podman> {
    const podman = new Podman(mkdtempSync(join(tmpdir(), 'sp-podman-')));
    try {
      await podman.#configure();
      await podman.run('import', await baseArchive(), BASE_IMAGE);
      return podman;
    } catch (error) {
      await podman.end();
      throw error;
    }
  }

  /** The folder to put first into a PATH, so that `podman` means this one. */
  get bin(): string {
    return join(this.#folder, 'bin');
  }

  /** Its standard output, trimmed; rejects with what it said where it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.try(...args);
    if (code === 0) return out.trim();
    throw new Error(`podman ${args.slice(0, 2).join(' ')} … ended with ${code}: ${err || out}`);
  }

  /** The same where failing is an answer too. */
  try(...args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      execFile(this.program, args, TAKES_LONG, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, out, err });
      });
    });
  }

  /** A network from which nothing but this machine can be reached; it is there at once, and as long as this podman. */
  async network(name: string): Promise<ContainerNetwork> {
    await this.run('network', 'create', '--internal', name);
    // A network's address is this machine's only while somebody is in it.
    await this.run('run', '--detach', '--network', name, BASE_IMAGE, 'sleep', 'infinity');
    const format = '{{(index .Subnets 0).Gateway}}';
    return { name, gateway: await this.run('network', 'inspect', name, '--format', format) };
  }

  /** Ends every container, and removes the store and the networks. */
  async end(): Promise<void> {
    if (existsSync(this.program)) {
      await this.try('rm', '--all', '--force', '--time', '0');
      await this.try('network', 'prune', '--force');
      await this.try('umount', '--all', '--force');
    }
    // Its overlay mounts lie on a mount of the folder itself.
    await promisify(execFile)('umount', ['--recursive', '--lazy', this.#storage]).catch(() => {});
    // Thousands of small files.
    await promisify(execFile)('rm', ['-rf', this.#folder], TAKES_LONG);
  }

  get #storage(): string {
    return join(this.#folder, 'store', 'overlay');
  }

  async #configure(): Promise<void> {
    await mkdir(this.bin, { recursive: true });
    const configuration = join(this.#folder, 'containers.conf');
    await writeFile(configuration, CONFIGURATION);
    const places = Object.entries({
      root: 'store',
      runroot: 'run',
      tmpdir: 'tmp',
      'network-config-dir': 'networks',
    }).map(([flag, name]) => `--${flag} '${join(this.#folder, name)}'`);
    const lines = [
      '#!/bin/sh',
      `export CONTAINERS_CONF='${configuration}'`,
      `exec ${findProgram('podman')} ${places.join(' ')} "$@"`,
    ];
    await writeFile(this.program, `${lines.join('\n')}\n`, { mode: 0o755 });
  }
}

/** Neither systemd nor other podmans are needed, and no more is asked of the system than a container in a CI has. */
const CONFIGURATION = `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
[network]
network_backend = "netavark"
`;

/** Beside what apt has fetched: half of a Debian’s files, which no program in there reads. */
const NOT_NEEDED = [
  ...['doc', 'man', 'locale', 'zoneinfo'].map((name) => `/usr/share/${name}`),
  ...['/var/lib/apt/lists', '/var/cache'],
];

/** The archive that `BASE_IMAGE` is imported from. Node is this machine's own: whatever runs the tests. */
function baseArchive(): Promise<string> {
  return kept(`container-${process.versions.node}`, async (root) => {
    const system = await FreshSystem.make({ guacdSuite: true });
    try {
      const install = ['apt-get', '-q', 'install', '-y', '--no-install-recommends'];
      await system.run([...install, 'guacd', 'libguac-client-ssh0', 'libstdc++6', 'tini']);
      // Every file of it is written and removed again for each test.
      await system.run(['rm', '-rf', ...NOT_NEEDED]);
      cpSync(process.execPath, join(system.root, 'usr/local/bin/node'), { dereference: true });
      await promisify(execFile)('cp', ['-a', `${system.root}/.`, root], TAKES_LONG);
    } finally {
      await system.end();
    }
  });
}
