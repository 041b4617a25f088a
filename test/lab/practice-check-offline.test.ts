import { afterEach, describe, expect, it } from 'vitest';
import { appCommand } from '../../scripts/setup/app-runtime.mjs';
import { findElectron } from '../../scripts/setup/electron.mjs';
import { withoutRoute } from '../../scripts/setup/no-route.mjs';
import { PracticeRun } from './harness/practice-run.ts';

const STEPS = [
  ...[
    'route',
    'browser session',
    'watching',
    'recorded',
    'authentik stopped',
    'machines and vault',
    'allowed',
  ],
  ...[
    'SSH',
    'VNC',
    'RDP',
    'guardrail',
    'played back',
    'authentik back',
    'event list',
    'nothing twice',
    'journal',
  ],
];

const electron = findElectron();
const runs: PracticeRun[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear();
});

describe.skipIf(electron === undefined || process.platform !== 'linux')(
  'npm start -- --check offline',
  () => {
    it('works without authentik, tells it of that later, and leaves nothing', async () => {
      const run = await PracticeRun.start({
        program: 'offline-check.cjs',
        args: [...appCommand(electron ?? ''), '--no-sandbox'],
        by: withoutRoute,
      });
      runs.push(run);
      expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 0 });
      const rows = [...run.output.matchAll(/^(\S.*?) +\d+ ms {2}(good|failed) /gm)];
      expect(rows.map(([, step, result]) => [step, result])).toEqual(STEPS.map((step) => [step, 'good']));
      const isAlone = withoutRoute(['true']).length > 1;
      expect(run.output).toMatch(isAlone ? /✓ route: none/ : /✓ route: /);
      expect(run.output).toContain('It works without authentik');
      expect(await run.left()).toEqual({ folders: [], processes: [] });
    });
  },
);
