import { join } from 'node:path';
import { leaveBase, practiceBase } from '../../run/folder.ts';
import { runAppCheck } from '../run-app-check.ts';
import { playScenario } from '../scenario.ts';
import { offlineScene } from './scene.ts';
import { STEPS } from './steps.ts';

/*
 * Plays the day on which authentik is away, as `npm start -- --check offline` runs it: in a network without a route out
 * where root started it. Bundled to `dist/offline-check.cjs`; its arguments are the command that starts the app.
 */

runAppCheck('offline', async ({ command, output, env, signal }) => {
  const base = await practiceBase();
  try {
    return await playScenario({
      output,
      env,
      signal,
      begin: (lifetime, report) =>
        offlineScene({ command, base, pageDirectory: join(__dirname, 'practice-page') }, lifetime, report),
      steps: STEPS,
      works:
        'It works without authentik: machines, windows, watching, recordings, guardrails, and what authentik hears later.',
    });
  } finally {
    await leaveBase(base);
  }
});
