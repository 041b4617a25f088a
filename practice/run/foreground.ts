import { type Output, styleOf, writeLines } from '../../main/cli/io.ts';
import { type Failure, failureText } from '../../main/core/errors.ts';
import { keepOutpost } from './keeper.ts';
import { Practice } from './practice.ts';
import { createShow } from './show.ts';
import { introduction } from './view.ts';

export interface ForegroundOptions {
  readonly base: string;
  /** What runs the outpost. */
  readonly command: readonly [string, ...string[]];
  readonly pageDirectory: string;
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Where an outpost serves metrics when nobody says otherwise. */
const METRICS = '127.0.0.1:9300';

/**
 * Runs practice until `signal`, showing how it stands, and ends everything it started. Resolves with false where
 * the outpost could not be kept running, which is told on `output`; rejects where practice could not start.
 */
export async function foreground(options: ForegroundOptions): Promise<boolean> {
  const { output, env, signal } = options;
  const style = styleOf({ env }, output);
  await writeLines(output, introduction(style));
  const practice = await Practice.start({
    base: options.base,
    authentik: { pageDirectory: options.pageDirectory },
    outpost: { command: options.command, metrics: METRICS },
  });
  let failure: Failure | null = null;
  try {
    failure = await keep(practice, options);
  } finally {
    if (!signal.aborted) await writeLines(output, ['', 'The outpost does not stay up, so practice ends.']);
    await practice.stop();
  }
  if (failure) await writeLines(output, [failureText(failure)]);
  else await writeLines(output, ['', 'Practice has ended, with everything it started.']);
  return failure === null;
}

async function keep(practice: Practice, { output, env, signal }: ForegroundOptions): Promise<Failure | null> {
  const show = createShow(output, env);
  try {
    return await keepOutpost({
      launch: () => practice.startOutpost(),
      tell: (outpost) => show.show({ url: practice.authentik.url, machines: practice.machines, outpost }),
      signal,
    });
  } finally {
    show.end();
  }
}
