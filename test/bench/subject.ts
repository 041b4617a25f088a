import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchAuthentik, TOKEN } from './authentik.ts';
import type { BenchGuacd } from './guacd.ts';

/** A process that is measured. */
export interface Subject {
  readonly name: 'outpost' | 'relay';
  open(channel: string): void;
  /** Where it keeps its state; empty for the relay, which has none. */
  readonly stateDir: string;
  /** CPU time so far, in seconds; the kernel counts in hundredths. */
  cpuSeconds(): number;
  /** The same of the thread alone that sessions are relayed on; the kernel counts in nanoseconds. */
  relaySeconds(): number;
  /** Memory in use, in bytes. */
  memory(): number;
  stop(): Promise<void>;
}

/**
 * The outpost as it is shipped, configured by its environment alone. `managed`: it starts a program of its own that
 * hands everything on to the benchmark's guacd, because only with that have sessions a drive that files are moved to.
 */
export async function startOutpost(
  authentik: BenchAuthentik,
  guacd: BenchGuacd,
  managed = false,
): Promise<Subject> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const program = join(stateDir, 'guacd');
  if (managed) writeFileSync(program, handingOn(guacd.port), { mode: 0o755 });
  const child = spawn(process.execPath, [join(__dirname, 'outpost.cjs')], {
    env: {
      PATH: process.env['PATH'],
      AUTHENTIK_HOST: `http://127.0.0.1:${authentik.port}`,
      AUTHENTIK_TOKEN: TOKEN,
      AUTHENTIK_LISTEN__METRICS: 'off',
      AUTHENTIK_LOG_LEVEL: 'error',
      ...(managed
        ? { SALLYPORT_GUACD: 'managed', SALLYPORT_GUACD_PATH: program }
        : { SALLYPORT_GUACD: `127.0.0.1:${guacd.port}` }),
      SALLYPORT_STATE_DIR: stateDir,
      SALLYPORT_SESSIONS: '1000',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await until(() => authentik.online, 'the outpost to come online');
  return subject(
    'outpost',
    child,
    (channel) => authentik.open(channel),
    () => rmSync(stateDir, { recursive: true, force: true }),
    stateDir,
  );
}

export function startRelay(authentik: BenchAuthentik, guacd: BenchGuacd): Subject {
  const child = spawn(
    process.execPath,
    [__filename, 'relay', `127.0.0.1:${authentik.port}`, String(guacd.port)],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  );
  return subject(
    'relay',
    child,
    (channel) => child.stdin?.write(`${channel}\n`),
    () => {},
  );
}

function subject(
  name: Subject['name'],
  child: ChildProcess,
  open: Subject['open'],
  tidy: () => void,
  stateDir = '',
): Subject {
  // Also when the benchmark itself fails: nothing it started may outlive it.
  process.on('exit', () => child.kill('SIGKILL'));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    open,
    stateDir,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    relaySeconds: () => {
      const [nanoseconds] = readFileSync(`/proc/${child.pid}/task/${child.pid}/schedstat`, 'utf8').split(' ');
      return Number(nanoseconds) / 1e9;
    },
    memory: () => {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return Number(kilobytes) * 1024;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      tidy();
    },
  };
}

/** Waits for something that a benchmark cannot go on without; 30 s at most. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Waited too long for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A program that listens where guacd would and hands every connection on. */
function handingOn(port: number): string {
  return `#!${process.execPath}
if (process.argv[2] === '-v') {
  console.log('Guacamole proxy daemon (guacd) version 1.6.0');
  process.exit(0);
}
const net = require('node:net');
const server = net.createServer({ noDelay: true }, (socket) => {
  const other = net.connect({ port: ${port}, host: '127.0.0.1', noDelay: true });
  for (const one of [socket, other]) one.on('error', () => {});
  socket.on('close', () => other.destroy());
  other.on('close', () => socket.destroy());
  socket.pipe(other);
  other.pipe(socket);
});
const at = Number(process.argv[process.argv.indexOf('-l') + 1]);
server.listen(at, '127.0.0.1', () => console.error('guacd[1]: INFO:\\tListening on host 127.0.0.1, port ' + at));
`;
}
