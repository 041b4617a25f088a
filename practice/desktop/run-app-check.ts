import { type Output, processIo, writeLines } from '../../main/cli/io.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import { stopOnSignals } from '../run/stop.ts';

export interface AppCheckOptions {
  /** What starts the app. */
  readonly command: readonly [string, ...string[]];
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Cuts the check short: what runs is ended, and nothing more is begun. */
  readonly signal: AbortSignal;
}

const EXIT = { good: 0, failed: 1, usage: 2 } as const;

/** Runs a check of the app as a program of its own, whose arguments are the command that starts the app. */
export function runAppCheck(name: string, check: (options: AppCheckOptions) => Promise<boolean>): void {
  // An app that ends at its start fails several promises inside Playwright, of which it hands on one.
  process.on('unhandledRejection', (error) => {
    if (!(error instanceof Error && error.message === 'Process failed to launch!')) throw error;
  });
  exitCode(name, check, process.argv.slice(2))
    .catch(async (error: unknown) => {
      const failure = SallyportError.from(error, 'The check').toFailure();
      await writeLines(process.stderr, [failureText(failure)]);
      return EXIT.failed;
    })
    .then((code) => process.exit(code));
}

async function exitCode(
  name: string,
  check: (options: AppCheckOptions) => Promise<boolean>,
  [program, ...args]: readonly string[],
): Promise<number> {
  const io = processIo();
  if (program === undefined) {
    await writeLines(io.stderr, [`Say which app to check: npm start -- --check ${name}`]);
    return EXIT.usage;
  }
  const { signal, code } = stopOnSignals();
  const good = await check({ command: [program, ...args], output: io.stdout, env: io.env, signal });
  return good ? EXIT.good : code() || EXIT.failed;
}
