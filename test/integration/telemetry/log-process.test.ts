import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// A process of its own, bundled as the outpost is: it logs many long lines, watches that its event loop keeps
// turning, and tells on its IPC channel what came of it.
const PROGRAM = `
  import { createLog } from './main/core/telemetry/log.ts';
  const file = process.argv[2] ? { dir: process.argv[2], maxBytes: 2 * 1024 * 1024, keep: 2 } : null;
  const log = createLog({ level: 'info', terminal: true, file, ringCapacity: 2000, retryMs: 20 });
  const lines = Number(process.argv[3]);
  let turns = 0;
  const beat = setInterval(() => {
    turns += 1;
    for (let line = 0; line < lines; line += 1) log.log('info', 'A line', { turns, fill: 'x'.repeat(900), more: 'y'.repeat(900), most: 'z'.repeat(900) });
    if (turns < 20) return;
    clearInterval(beat);
    void log.close().then(() => {
      const troubles = log.recent({ limit: 2000 }).filter(({ event }) => event === 'Log lines are being lost');
      process.send?.({ turns, lost: log.lost, troubles: troubles.map(({ fields }) => fields) }, () => process.exit(0));
    });
  }, 2);
`;

let dir: string;
let program: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sallyport-log-'));
  program = join(dir, 'program.cjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: resolve(import.meta.dirname, '../../..'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node16.17',
    format: 'cjs',
    outfile: program,
    logLevel: 'silent',
  });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Report {
  readonly turns: number;
  readonly lost: number;
  readonly troubles: readonly { readonly place: string; readonly why: string }[];
}

async function reportOf(child: ChildProcess): Promise<Report> {
  const exit = once(child, 'exit');
  const [report] = await Promise.race([
    once(child, 'message'),
    exit.then(([code, signal]) => {
      throw new Error(`The process ended with ${code ?? signal} before it had finished.`);
    }),
  ]);
  await exit;
  return report;
}

function start(stdout: 'pipe' | number, linesPerTurn = 100, folder = ''): ChildProcess {
  return spawn(process.execPath, [program, folder, String(linesPerTurn)], {
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  });
}

describe('a process whose log cannot be written', () => {
  it('neither ends nor waits when standard output is closed, and says so once', async () => {
    const child = start('pipe');
    child.stdout?.destroy();
    const { turns, troubles } = await reportOf(child);
    expect(turns).toBe(20);
    expect(troubles).toHaveLength(1);
  });

  it('neither ends nor waits when nobody reads standard output: lines beyond the bound are lost', async () => {
    const child = start('pipe');
    child.stdout?.pause();
    const { turns, lost, troubles } = await reportOf(child);
    expect(turns).toBe(20);
    expect(lost).toBeGreaterThan(50);
    expect(troubles).toEqual([{ place: 'standard output', why: 'it takes them too slowly' }]);
  });

  it.runIf(process.platform === 'linux')('neither ends nor waits when the disk is full', async () => {
    const { turns, lost, troubles } = await reportOf(start(openSync('/dev/full', 'w')));
    expect(turns).toBe(20);
    expect(lost).toBeGreaterThan(1000);
    expect(troubles).toEqual([{ place: 'standard output', why: expect.stringContaining('disk is full') }]);
  });

  it('loses nothing when everything works', async () => {
    const folder = join(dir, 'logs');
    const child = start('pipe', 50, folder);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    const ended = child.stdout && once(child.stdout, 'end');
    const { lost, troubles } = await reportOf(child);
    await ended;
    expect({ lost, troubles }).toEqual({ lost: 0, troubles: [] });
    expect(text.trimEnd().split('\n')).toHaveLength(1000);
    const files = await Promise.all(
      ['sallyport.log.1', 'sallyport.log'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    expect(files.join('').trimEnd().split('\n').length).toBe(1000);
  });
});
