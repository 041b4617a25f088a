import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields, Logger } from '../../../main/core/base/logger.ts';
import { createGuacd } from '../../../main/core/guacd/create.ts';
import type { Guacd } from '../../../main/core/guacd/guacd.ts';
import { until } from './fake-guacd.ts';
import { STUB_SERVES, temporaryDirectory, writeStub } from './stub.ts';

// An outpost as far as guacd goes, in a process of its own. It ends guacd at once on a word, as a second signal does.
const OUTPOST = `
  import { createGuacd } from './main/core/guacd/create.ts';
  import { silentLogger } from './main/core/base/logger.ts';
  const [, , executable, stateDir] = process.argv;
  const guacd = createGuacd({ mode: 'managed', executable, resourcesDir: null, stateDir }, silentLogger);
  void guacd.start().then(() => process.stdout.write(guacd.state.kind));
  process.stdin.once('data', () => {
    guacd.killNow();
    process.exit(0);
  });
`;

type Folder = Awaited<ReturnType<typeof temporaryDirectory>>;
let programs: Folder;
let program: string;
let directory: Folder;
let logged: { event: string; fields: LogFields }[] = [];
const children: ChildProcess[] = [];
const guacds: Guacd[] = [];
const logger: Logger = {
  log: (_level, event, fields = {}) => void logged.push({ event, fields }),
  child: () => logger,
};

beforeAll(async () => {
  programs = await temporaryDirectory();
  program = join(programs.path, 'outpost.cjs');
  await build({
    stdin: { contents: OUTPOST, resolveDir: resolve(import.meta.dirname, '../../..'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node16.17',
    format: 'cjs',
    outfile: program,
    logLevel: 'silent',
  });
});
afterAll(() => programs.remove());

beforeEach(async () => {
  logged = [];
  directory = await temporaryDirectory();
});
afterEach(async () => {
  await Promise.all(guacds.splice(0).map((guacd) => guacd.stop()));
  for (const child of children.splice(0)) await kill(child);
  for (const pid of await pids()) {
    try {
      // One of this test's own stubs that outlived it, because what should have ended it did not.
      if (runs(pid)) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in this moment.
    }
  }
  await directory.remove();
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Every process of a stub writes its pid here, a line each. */
async function pids(): Promise<number[]> {
  const text = await readFile(join(directory.path, 'pids'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
}

/** A dead process that nobody buries does not run. */
function runs(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A guacd with one connection, whose process ignores polite words and has a session of its own. */
function stubWithConnection(stubborn = false): Promise<string> {
  const notes = `fs.appendFileSync(${JSON.stringify(join(directory.path, 'pids'))}, process.pid + '\\n');`;
  const deaf = `process.on('SIGTERM', () => {});`;
  const connection = `const fs = require('node:fs'); ${notes} ${deaf} setInterval(() => {}, 1000);`;
  return writeStub(
    join(directory.path, 'stub'),
    `${notes} ${stubborn ? deaf : ''} require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(connection)}], { detached: true, stdio: 'ignore' }); ${STUB_SERVES}`,
  );
}

/** An outpost in a process of its own, whose guacd is up and has a connection. */
async function outpost(stubborn = false): Promise<{ child: ChildProcess; theirs: readonly number[] }> {
  const executable = await stubWithConnection(stubborn);
  const child = spawn(process.execPath, [program, executable, directory.path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout) expect(String(await once(child.stdout, 'data'))).toBe('up');
  await until(async () => (await pids()).length === 2);
  return { child, theirs: await pids() };
}

/** The next start on the same state folder. */
async function next(stopGraceMs = 300): Promise<Guacd> {
  const executable = await writeStub(join(directory.path, 'next'), STUB_SERVES);
  const guacd = createGuacd(
    { mode: 'managed', executable, resourcesDir: null, stateDir: directory.path, timings: { stopGraceMs } },
    logger,
  );
  guacds.push(guacd);
  await guacd.start();
  expect(guacd.state.kind).toBe('up');
  return guacd;
}

/** The note of a guacd that runs; it is written while that starts, which does not wait for the disk. */
async function noted(): Promise<{ pid: number; identity: string }> {
  await expect.poll(() => readFile(notePath(), 'utf8').catch(() => null)).not.toBeNull();
  return JSON.parse(await readFile(notePath(), 'utf8'));
}

/** A process that is none of ours, with this environment. */
function stranger(env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', env });
  children.push(child);
  return child;
}

const ended = () => logged.filter(({ event }) => event === 'ended what a killed outpost left of its guacd');
const notePath = () => join(directory.path, 'guacd.pid.json');

describe.runIf(process.platform === 'linux')('what a killed outpost left of its guacd', () => {
  it('is found and ended at the next start, connections included, and said so', async () => {
    const { child, theirs } = await outpost();
    await kill(child);
    expect(theirs.map(runs)).toEqual([true, true]);
    await next();
    expect(theirs.map(runs)).toEqual([false, false]);
    expect(ended()).toEqual([{ event: expect.any(String), fields: { processes: 2 } }]);
  });

  it('is found by its environment alone where it could not be noted any more', async () => {
    const { child, theirs } = await outpost();
    await kill(child);
    await rm(notePath());
    await next();
    expect(theirs.map(runs)).toEqual([false, false]);
  });

  it('is killed where it does not listen to a polite word', async () => {
    const { child, theirs } = await outpost(true);
    await kill(child);
    await next(50);
    expect(theirs.map(runs)).toEqual([false, false]);
  });

  it('is its connections, where guacd itself was killed with it', async () => {
    const { child, theirs } = await outpost();
    const [leader = 0] = theirs;
    await kill(child);
    process.kill(leader, 'SIGKILL');
    await until(() => !runs(leader));
    await next();
    expect(theirs.map(runs)).toEqual([false, false]);
  });

  it('is nothing after an outpost that ended guacd at the second signal', async () => {
    const { child, theirs } = await outpost();
    const exit = once(child, 'exit');
    child.stdin?.write('now');
    await exit;
    // A killed process is gone a moment later, not in the same one.
    await until(() => theirs.every((pid) => !runs(pid)));
  });

  it('is never somebody else’s: another outpost’s guacd, a guacd of the system, a process with a noted number', async () => {
    const other = join(directory.path, 'other-state');
    await mkdir(other);
    const foreign = [
      stranger({ SALLYPORT_GUACD_OWNER: join(other, 'guacd-home') }),
      stranger({ SALLYPORT_GUACD_OWNER: `${join(directory.path, 'guacd-home')}-2` }),
      stranger(),
    ];
    await writeFile(notePath(), JSON.stringify({ pid: foreign[2]?.pid, identity: 'another boot 123456' }));
    await next();
    await new Promise((done) => setTimeout(done, 50));
    expect(foreign.map(({ pid = 0 }) => runs(pid))).toEqual([true, true, true]);
    expect(ended()).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['half written', '{"pid":12'],
    ['of another shape', '{"pid":"1","identity":7}'],
    ['naming the system’s first process', '{"pid":1,"identity":"x"}'],
    ['naming a negative number', '{"pid":-1,"identity":"x"}'],
    ['far too long', `{"pid":2,"identity":"${'x'.repeat(5_000)}"}`],
  ])('is not looked for by a note that is %s', async (_, text) => {
    await writeFile(notePath(), text);
    await next();
    expect(ended()).toEqual([]);
  });

  it('can be found at all: the note says which process it is, for its owner alone, and goes with it', async () => {
    const guacd = await next();
    const note = await noted();
    expect(runs(note.pid)).toBe(true);
    expect(note.identity).not.toBe('');
    expect((await stat(notePath())).mode & 0o777).toBe(0o600);
    await guacd.stop();
    await expect(stat(notePath())).rejects.toThrow();
  });

  it('does not keep guacd from running where the note cannot be written', async () => {
    await mkdir(notePath());
    const guacd = await next();
    await expect
      .poll(() => logged.map(({ event }) => event))
      .toContain('guacd was not noted for a start after a crash');
    await guacd.stop();
  });
});

describe.runIf(process.platform === 'linux')('a guacd that the outpost runs', () => {
  it('leads a session and a group of its own, so that Ctrl-C in the terminal does not reach it', async () => {
    await next();
    const { pid } = await noted();
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [, , group, session] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    expect([group, session]).toEqual([pid, pid]);
  });
});
