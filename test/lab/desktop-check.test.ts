import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { appCommand } from '../../scripts/setup/app-runtime.mjs';
import { findElectron } from '../../scripts/setup/electron.mjs';
import { PracticeRun } from './harness/practice-run.ts';

const NOTHING = { folders: [], processes: [] };
const STEPS = [
  ...['window', 'tray icon', 'practice', 'stop by the tray', 'start by the tray', 'session', 'console'],
  ...['end by the tray', 'quit by the tray'],
];

const electron = findElectron();
const runs: PracticeRun[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear();
});

async function check(command: readonly string[]): Promise<PracticeRun> {
  const run = await PracticeRun.start({ program: 'desktop-check.cjs', args: command });
  runs.push(run);
  return run;
}

describe.skipIf(electron === undefined || process.platform !== 'linux')(
  'npm start -- --check desktop',
  () => {
    const command = () => [...appCommand(electron ?? ''), '--no-sandbox'];

    it('works the app by window, tray and browser on a screen of its own, and leaves nothing', async () => {
      const run = await check(command());
      expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 0 });
      const rows = [...run.output.matchAll(/^(\S.*?) +\d+ ms {2}(good|failed) /gm)];
      expect(rows.map(([, step, result]) => [step, result])).toEqual(STEPS.map((step) => [step, 'good']));
      expect(run.output).toContain('✓ screen: Xvfb on :');
      expect(run.output).toContain('The app works');
      expect(await run.left()).toEqual(NOTHING);
    });

    it('says what failed, and why, where the app does not begin', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sallyport-broken-'));
      const broken = join(folder, 'app');
      await writeFile(broken, '#!/bin/sh\necho “no such library” >&2\nexit 3\n', { mode: 0o755 });
      const run = await check([broken]);
      expect(await run.ended).toBe(1);
      expect(run.output).toMatch(/✖ The app did not start: “no such library”\n✖ Not all of it works\.\n$/);
      await rm(folder, { recursive: true });
      expect(await run.left()).toEqual(NOTHING);
    });

    it('ends everything when it is ended', async () => {
      const run = await check(command());
      await run.said(/✓ tray icon: /);
      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(143);
      expect(run.output).toContain('The check was ended before it was done');
      expect(await run.left()).toEqual(NOTHING);
    });
  },
);
