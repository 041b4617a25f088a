import { join } from 'node:path';
import { processIo, writeLines } from '../main/cli/io.ts';
import { failureText, SallyportError } from '../main/core/errors.ts';
import { check } from './check/check.ts';
import { checkDrive } from './check/check-files.ts';
import { HELP, readArguments } from './run/arguments.ts';
import { leaveBase, practiceBase } from './run/folder.ts';
import { forApp } from './run/for-app.ts';
import { foreground } from './run/foreground.ts';
import { stopOnSignals } from './run/stop.ts';

/* Practice, as `npm start` runs it where no authentik is configured. Bundled to `dist/practice.cjs`. */

const EXIT = { good: 0, failed: 1, usage: 2 } as const;

async function main(args: readonly string[]): Promise<number> {
  const io = processIo();
  const wish = readArguments(args);
  if (wish.kind === 'help') {
    io.stdout.write(HELP);
    return EXIT.good;
  }
  if (wish.kind === 'wrong') {
    await writeLines(io.stderr, [wish.sentence, 'See --help.']);
    return EXIT.usage;
  }
  const { signal, code } = stopOnSignals();
  const base = await practiceBase();
  const common = {
    base,
    command: [process.execPath, join(__dirname, 'outpost.cjs')],
    output: io.stdout,
    env: io.env,
    signal,
  } as const;
  try {
    const pageDirectory = join(__dirname, 'practice-page');
    if (wish.kind === 'for-app') {
      await forApp({ base, pageDirectory, output: io.stdout, signal });
      return EXIT.good;
    }
    if (wish.kind === 'run') {
      const good = await foreground({ ...common, pageDirectory });
      return good ? EXIT.good : EXIT.failed;
    }
    const good =
      wish.kind === 'check-files'
        ? await checkDrive({ ...common, generation: 'newest' })
        : await check({ ...common, generation: wish.generation });
    return good ? EXIT.good : code() || EXIT.failed;
  } finally {
    await leaveBase(base);
  }
}

main(process.argv.slice(2))
  .catch(async (error: unknown) => {
    const failure = SallyportError.from(error, 'Practice').toFailure();
    await writeLines(process.stderr, [failureText(failure)]);
    return EXIT.failed;
  })
  .then((code) => process.exit(code));
