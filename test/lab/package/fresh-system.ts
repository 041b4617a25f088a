import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianRoot, TAKES_LONG } from './debian-root.ts';

const run = promisify(execFile);
/** What says where packages come from. */
const SOURCES = ['sources.list', 'sources.list.d', 'apt.conf.d', 'trusted.gpg.d', 'keyrings'];
/** What keeps that suite below all others. */
const PINS = 'preferences.d';
/** The suite that setup added for guacd. */
const OURS = /sallyport/;

export interface FreshSystemOptions {
  /** Whether it knows the suite that this machine has guacd from; as a rule it is not for a fresh system. */
  readonly guacdSuite?: boolean;
}

/**
 * Mounts what a system has (only for what runs inside, so that nothing is left when it ends), and becomes a program
 * in there. `$1` is the system's folder.
 */
const ENTER = `
  set -e
  root="$1"; shift
  mount -t proc proc "$root/proc"
  mkdir -p "$root/tmp/.X11-unix" "$root/dev/shm"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  [ ! -d /tmp/.X11-unix ] || mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  exec chroot "$root" "$@"`;

/** A Debian of this machine's own suite with nothing in it but the system. */
export class FreshSystem {
  readonly root: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(root: string) {
    this.root = root;
  }

  static async make({ guacdSuite = false }: FreshSystemOptions = {}): Promise<FreshSystem> {
    const system = new FreshSystem(mkdtempSync(join(tmpdir(), 'sallyport-fresh-')));
    // It is everybody's root in there.
    chmodSync(system.root, 0o755);
    try {
      await run('tar', ['--numeric-owner', '-C', system.root, '-xf', await debianRoot()], TAKES_LONG);
      system.#takeSources(guacdSuite);
      await system.run(['apt-get', '-q', 'update']);
      return system;
    } catch (error) {
      await system.end();
      throw error;
    }
  }

  /** Program and arguments that run `command` inside, as root or as somebody else. */
  command(command: readonly string[], user = 'root'): string[] {
    const as = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups'];
    const inside = user === 'root' ? command : [...as, ...command];
    return ['unshare', '--mount', 'sh', '-c', ENTER, 'sh', this.root, ...inside];
  }

  /** Its standard output; rejects where it fails or is too slow. */
  async run(command: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
    const [program = '', ...args] = this.command(command);
    const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', ...more };
    return (await run(program, args, { ...TAKES_LONG, env: environment })).stdout;
  }

  /** Copies a file of this machine into its `/tmp`. */
  take(path: string, name: string): string {
    copyFileSync(path, join(this.root, 'tmp', name));
    return `/tmp/${name}`;
  }

  /** Starts something that is ended with the system where nobody did. */
  start(
    command: readonly string[],
    user: string,
    environment: Readonly<Record<string, string>>,
  ): ChildProcess {
    const [program = '', ...args] = this.command(command, user);
    const child = spawn(program, args, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  async end(): Promise<void> {
    const closed = [...this.#children].map((child) => once(child, 'close'));
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(closed);
    // Its mounts went with the processes inside.
    rmSync(this.root, { recursive: true, force: true });
  }

  #takeSources(guacdSuite: boolean): void {
    const [from, to] = ['/etc/apt', join(this.root, 'etc/apt')];
    rmSync(join(to, 'sources.list'), { force: true });
    for (const name of guacdSuite ? [...SOURCES, PINS] : SOURCES)
      if (existsSync(join(from, name)))
        cpSync(join(from, name), join(to, name), {
          recursive: true,
          filter: (path) => guacdSuite || !OURS.test(path),
        });
    const keys = '/usr/share/keyrings';
    mkdirSync(join(this.root, keys), { recursive: true });
    for (const name of readdirSync(keys)) cpSync(join(keys, name), join(this.root, keys, name));
    for (const path of ['/etc/resolv.conf', '/etc/hosts']) copyFileSync(path, join(this.root, path));
  }
}
