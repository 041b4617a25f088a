import { processIo } from './cli/io.ts';
import { runCli } from './cli/program.ts';
import type { Flags } from './cli/settings-flags.ts';
import { connectControl } from './control/client.ts';
import { addressAtHand } from './control/members.ts';
import { HandedInKey } from './core/settings/handed-in-key.ts';
import { localParts, statePathsOf } from './process/local.ts';
import { runOutpost } from './process/run.ts';
import type { SettingsSource } from './process/settings-source.ts';

/* The `sallyport` command: its parts, as they are on a real machine. */

const handedIn = HandedInKey.take(process.env);
const sourceOf = (flags: Flags): SettingsSource => ({ flags, environment: process.env, handedIn });

void runCli(process.argv.slice(2), processIo(), {
  connect: async (flags) => {
    const source = sourceOf(flags);
    const { path } = (await statePathsOf(source)).control;
    // Who names a state directory means that outpost and no other.
    const isNamed = flags['stateDir'] !== undefined || process.env['SALLYPORT_STATE_DIR'] !== undefined;
    return connectControl(isNamed ? path : await addressAtHand(path));
  },
  local: (flags) => localParts(sourceOf(flags)),
  // As in `outpost.ts`: what might still be open, such as a connection of somebody who does not read, is not waited for.
  run: async (flags) => process.exit(await runOutpost(sourceOf(flags))),
}).then((code) => {
  process.exitCode = code;
});
