import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../practice/machines/programs.ts';
import { PracticeRun, type PracticeRunOptions } from './harness/practice-run.ts';

const NOTHING = { folders: [], processes: [] };
const STEPS = [
  'session with a drive',
  'upload',
  'list',
  'in guacd’s drive folder',
  'download',
  'refusal',
  'cancel',
  'session end',
];

const runs: PracticeRun[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(options: PracticeRunOptions): Promise<PracticeRun> {
  const run = await PracticeRun.start(options);
  runs.push(run);
  return run;
}

describe('npm start -- --check files', () => {
  it('moves files both ways, prints a table, exits with 0 and leaves nothing', async () => {
    const run = await start({ args: ['--check', 'files'] });
    expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 0 });
    for (const step of STEPS) expect(run.output).toMatch(new RegExp(`^${step} +\\d+ ms {2}good {4}\\S`, 'm'));
    expect(await run.left()).toEqual(NOTHING);
  });

  it('exits with 1 and says what to install where there is no RDP machine', async () => {
    const path = await mkdtemp(join(tmpdir(), 'sallyport-path-'));
    folders.push(path);
    for (const name of ['setpriv', 'env']) await symlink(findProgram(name) ?? '/nowhere', join(path, name));
    const run = await start({ args: ['--check', 'files'], path });
    expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 1 });
    expect(run.output).toMatch(/needs .+, which is not installed/);
    expect(await run.left()).toEqual(NOTHING);
  });
});
