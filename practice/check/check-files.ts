import { Lifetime } from '../../main/core/base/lifetime.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import { orAborted } from '../run/stop.ts';
import { bringUp, type CheckOptions } from './bring-up.ts';
import { checkFiles } from './files.ts';
import { Report } from './report.ts';
import { allGood, type StepResult, stepLines } from './steps.ts';

/**
 * Starts practice quietly with one RDP machine, moves files to and from its drive, and ends everything. Resolves
 * with whether all of it was good; false where `signal` cut it short. What fails is told on `output`.
 */
export async function checkDrive(options: CheckOptions): Promise<boolean> {
  const { output, env, signal } = options;
  const report = new Report(output, env);
  const lifetime = new Lifetime();
  let results: readonly StepResult[] = [];
  try {
    results = await run(options, report, lifetime);
  } catch (error) {
    if (!signal.aborted)
      await report.step('failed', failureText(SallyportError.from(error, 'The check').toFailure()));
  }
  await lifetime.end();
  if (signal.aborted) {
    await report.step('skipped', 'The check was ended before it was done; everything it started has ended.');
    return false;
  }
  if (results.length > 0) await report.lines(['', ...stepLines(report.style, results), '']);
  const good = allGood(results);
  if (good)
    await report.step(
      'passed',
      'Files go both ways: browser, authentik, outpost, the drive that guacd shows.',
    );
  else await report.step('failed', 'Not all of it works.');
  return good;
}

async function run(
  options: CheckOptions,
  report: Report,
  lifetime: Lifetime,
): Promise<readonly StepResult[]> {
  const { practice, outpost } = await bringUp(options, report, lifetime, ['rdp']);
  const { machines, authentik } = practice;
  const machine = machines.machines.find(({ protocol }) => protocol === 'rdp');
  if (!machine)
    throw new SallyportError('internal', machines.missing[0]?.reason ?? 'Practice RDP did not start.');
  return orAborted(
    checkFiles({
      authentik,
      machine,
      stateDir: outpost.stateDir,
      onResult: ({ what, failure, seen }) =>
        report.step(failure === null ? 'passed' : 'failed', `${what}: ${failure ?? seen}`),
    }),
    options.signal,
  );
}
