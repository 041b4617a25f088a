import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What goes wrong, command by command; nothing unless told. */
export interface EngineFaults {
  readonly info?: { readonly code?: number; readonly stdout?: string; readonly stderr?: string };
  readonly pull?: { readonly stderr?: string; readonly hangs?: boolean };
  readonly load?: { readonly stderr?: string; readonly loads?: string };
  /** Before anything of guacd runs. */
  readonly run?: { readonly code: number; readonly stderr: string };
  readonly rm?: 'hangs' | 'refuses';
  /** What guacd says its version is. */
  readonly version?: string;
  /** How long what the container prints is on its way, in milliseconds. */
  readonly lateMs?: number;
}

export interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A program that does what Podman's command does, as far as the outpost asks for it: its containers are processes of
 * this machine, which outlive the command that runs them.
 */
export class FakeEngine {
  readonly program: string;
  readonly #folder: string;

  private constructor(folder: string, program: string) {
    this.#folder = folder;
    this.program = program;
  }

  /** In `folder`, which must not be there yet. */
  static async make(folder: string, name = 'podman', faults: EngineFaults = {}): Promise<FakeEngine> {
    for (const sub of ['bin', 'containers', 'images']) await mkdir(join(folder, sub), { recursive: true });
    const engine = new FakeEngine(folder, join(folder, 'bin', name));
    await writeFile(engine.program, script(folder));
    await chmod(engine.program, 0o755);
    await engine.now(faults);
    return engine;
  }

  get bin(): string {
    return join(this.#folder, 'bin');
  }

  /** From now on this goes wrong. */
  now(faults: EngineFaults): Promise<void> {
    return writeFile(join(this.#folder, 'faults.json'), JSON.stringify(faults));
  }

  /** Puts an image there, as a pull would. */
  has(image: string): Promise<void> {
    return writeFile(join(this.#folder, 'images', encodeURIComponent(image)), '');
  }

  /** Every command that it was given, in order. */
  async calls(command?: string): Promise<Call[]> {
    const text = await readFile(join(this.#folder, 'calls'), 'utf8').catch(() => '');
    const calls: Call[] = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    return command === undefined ? calls : calls.filter(({ args }) => args[0] === command);
  }

  /** The processes of the containers that there are, by name. */
  async containers(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const name of await readdir(join(this.#folder, 'containers'))) {
      const { pid } = JSON.parse(await readFile(join(this.#folder, 'containers', name), 'utf8'));
      found.set(name, pid);
    }
    return found;
  }
}

/** Commands as Podman has them. `run` keeps the container's process apart from its own, as conmon does. */
function script(folder: string): string {
  return `#!${process.execPath}
const fs = require('node:fs');
const { join } = require('node:path');
const { spawn } = require('node:child_process');
const folder = ${JSON.stringify(folder)};
const args = process.argv.slice(2);
const faults = JSON.parse(fs.readFileSync(join(folder, 'faults.json'), 'utf8'));
const fail = (code, text) => { fs.writeSync(2, text + '\\n'); process.exit(code); };
const flag = (name) => (args.find((arg) => arg.startsWith('--' + name + '=')) ?? '').slice(name.length + 3);
const place = (name) => join(folder, 'containers', name);
const image = (name) => join(folder, 'images', encodeURIComponent(name.replace(/^docker:\\/\\//, '')));
const forEver = () => { process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); };
const ID = '${'ab12'.repeat(16)}';

if (args[0] === 'guacd') {
  // Inside the container.
  const port = Number(args[1]);
  process.on('SIGTERM', () => process.exit(0));
  console.log('Guacamole proxy daemon (guacd) version ' + (faults.version ?? '1.6.0'));
  console.error('guacd[1]: WARNING:\\tsomething is odd');
  require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (String(data).startsWith('6.select')) socket.write('4.args,13.VERSION_1_5_0,8.hostname;');
      if (String(data).includes('7.connect')) socket.write('5.ready,5.$fake;');
    });
  }).on('error', () => process.exit(125)).listen(port, '127.0.0.1');
} else {
  fs.appendFileSync(join(folder, 'calls'), JSON.stringify({ args, env: process.env }) + '\\n');
  commands(args[0]);
}

function commands(command) {
  switch (command) {
    case 'info':
      if (faults.info) {
        fs.writeSync(1, faults.info.stdout ?? '');
        fail(faults.info.code ?? 125, faults.info.stderr ?? '');
      }
      console.log(JSON.stringify({
        host: { cgroupControllers: ['memory', 'pids', 'cpu'], cpus: 2, memTotal: 8e9, security: { rootless: true } },
        version: { Version: '4.3.1' },
      }));
      break;
    case 'image':
      if (!fs.existsSync(image(args.at(-1)))) fail(125, 'Error: ' + args.at(-1) + ': image not known');
      console.log(ID);
      break;
    case 'pull':
      if (faults.pull?.hangs) return forEver();
      if (faults.pull) fail(125, faults.pull.stderr);
      fs.writeFileSync(image(args[1]), '');
      console.error('Copying blob ab12 done');
      break;
    case 'load':
      if (faults.load?.stderr) fail(125, faults.load.stderr);
      fs.writeFileSync(image(faults.load?.loads ?? fs.readFileSync(args[2], 'utf8').trim()), '');
      console.log('Loaded image: ' + (faults.load?.loads ?? 'it'));
      break;
    case 'ps': {
      const label = (flag('filter') || '').replace(/^label=/, '');
      for (const name of fs.readdirSync(join(folder, 'containers'))) {
        const { id, label: own } = JSON.parse(fs.readFileSync(place(name), 'utf8'));
        if (own === label) console.log(id);
      }
      break;
    }
    case 'rm':
      if (faults.rm === 'hangs') return forEver();
      if (faults.rm === 'refuses') fail(125, 'Error: container is in use');
      for (const wanted of args.slice(2)) remove(wanted);
      break;
    case 'run':
      return run();
    default:
      fail(125, 'Error: unknown command ' + command);
  }
}

function remove(wanted) {
  for (const name of fs.readdirSync(join(folder, 'containers'))) {
    const { id, pid } = JSON.parse(fs.readFileSync(place(name), 'utf8'));
    if (name !== wanted && id !== wanted) continue;
    try { process.kill(pid, 'SIGKILL'); } catch {}
    fs.rmSync(place(name), { force: true });
    return;
  }
  fail(1, 'Error: no container with name or ID "' + wanted + '" found: no such container');
}

function run() {
  if (faults.run) fail(faults.run.code, faults.run.stderr);
  if (!flag('name')) {
    console.log('Guacamole proxy daemon (guacd) version ' + (faults.version ?? '1.6.0'));
    return;
  }
  const port = flag('publish').split(':')[1] ?? args[args.lastIndexOf('-l') + 1];
  const child = spawn(process.argv[1], ['guacd', port], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const id = String(child.pid).padStart(12, '0');
  fs.writeFileSync(place(flag('name')), JSON.stringify({ pid: child.pid, id, label: flag('label') }));
  setTimeout(() => child.stdout.pipe(process.stdout), faults.lateMs ?? 0);
  child.stderr.pipe(process.stderr);
  process.on('SIGTERM', () => {});
  child.on('exit', (code, signal) => {
    fs.rmSync(place(flag('name')), { force: true });
    process.exit(signal ? 128 + require('node:os').constants.signals[signal] : code);
  });
}
`;
}
