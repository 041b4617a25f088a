import { stripVTControlCharacters } from 'node:util';
import { type Output, styleOf } from '../../main/cli/io.ts';
import { Lifetime } from '../../main/core/base/lifetime.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import { Report } from '../check/report.ts';
import { allGood, Steps, stepLines } from '../check/steps.ts';
import { orAborted } from '../run/stop.ts';

/** One thing that a person does and looks at. */
export interface ScenarioStep<Scene> {
  readonly what: string;
  /** Resolves with what was seen, in a few words. */
  readonly act: (scene: Scene) => Promise<string>;
  /** What it means that it failed, as a sentence. */
  readonly otherwise: string;
}

export interface ScenarioOptions<Scene> {
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Cuts it short: what runs is ended, and nothing more is begun. */
  readonly signal: AbortSignal;
  /** Makes what the steps work on; `lifetime` ends it. */
  readonly begin: (lifetime: Lifetime, report: Report) => Promise<Scene>;
  readonly steps: readonly ScenarioStep<Scene>[];
  /** The last line where all of it was good. */
  readonly works: string;
}

/**
 * Plays the steps one after the other until one fails, and prints what came of each. Resolves with whether all of it
 * was good; false where `signal` cut it short. What fails is told on `output`.
 */
export async function playScenario<Scene>(options: ScenarioOptions<Scene>): Promise<boolean> {
  const { output, env, signal, begin, steps: all, works } = options;
  const report = new Report(output, env);
  const lifetime = new Lifetime();
  const steps = new Steps(({ what, failure, seen }) =>
    report.step(failure === null ? 'passed' : 'failed', `${what}: ${failure ?? seen}`),
  );
  try {
    const scene = await orAborted(begin(lifetime, report), signal);
    for (const step of all) if (!(await steps.take(step.what, () => take(step, scene, signal)))) break;
  } catch (error) {
    if (!signal.aborted) await report.step('failed', inWords(error));
  }
  await lifetime.end().catch((error: unknown) => report.step('failed', inWords(error)));
  if (signal.aborted) {
    await report.step('skipped', 'The check was ended before it was done; everything it started has ended.');
    return false;
  }
  const { results } = steps;
  if (results.length > 0) await report.lines(['', ...stepLines(styleOf({ env }, output), results), '']);
  const good = results.length === all.length && allGood(results);
  if (good) await report.step('passed', works);
  else await report.step('failed', 'Not all of it works.');
  return good;
}

function take<Scene>(
  { act, otherwise }: ScenarioStep<Scene>,
  scene: Scene,
  signal: AbortSignal,
): Promise<string> {
  return orAborted(act(scene), signal).catch((error: unknown) => {
    throw signal.aborted ? error : new Error(`${otherwise} ${firstLine(error)}`);
  });
}

/** What drives the window explains itself at length, beginning with what matters. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^\w+\.\w+: /, '');
}

function inWords(error: unknown): string {
  if (error instanceof SallyportError) return failureText(error.toFailure());
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  // What a program says that cannot even begin, such as which library it lacks.
  const said = [...text.matchAll(/\[err\] (.+)/g)].map(([, line]) => line).slice(-3);
  return said.length > 0 ? `The app did not start: ${said.join(' | ')}` : firstLine(error);
}
