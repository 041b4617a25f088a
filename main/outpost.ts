import { Command } from 'commander';
import { flagsOf, withSettings } from './cli/settings-flags.ts';
import { HandedInKey } from './core/settings/handed-in-key.ts';
import { VERSION } from './core/version.ts';
import { runOutpost } from './process/run.ts';

/* The outpost process: settings, core, control socket, until a signal. What it takes is in docs/operations.md. */

const handedIn = HandedInKey.take(process.env);

const program = withSettings(new Command('outpost'), false)
  .description('Runs an authentik RAC outpost in the foreground, configured by flags, environment and file.')
  .version(VERSION, '-V, --version', 'show the version')
  .option(
    '--state-dir <path>',
    'directory of settings, secrets, log and control socket (SALLYPORT_STATE_DIR)',
  )
  .helpOption('-h, --help', 'show this help')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async (_, command: Command) => {
    process.exitCode = await runOutpost({ flags: flagsOf(command), environment: process.env, handedIn });
    // What might still be open, such as a connection of somebody who does not read, is not waited for.
    process.exit();
  });

// Inside Electron, commander would look for the arguments elsewhere.
void program.parseAsync(process.argv.slice(2), { from: 'user' });
