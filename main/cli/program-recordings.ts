import type { Command as Commander } from 'commander';
import {
  recordingsExportCommand,
  recordingsListCommand,
  recordingsRemoveCommand,
} from './commands/recordings.ts';
import type { Act } from './program-machines.ts';

/** `sallyport recordings …`. */
export function addRecordings(program: Commander, act: Act): void {
  const recordings = program.command('recordings').description('what was recorded of sessions');
  const command = (name: string, description: string) => recordings.command(name).description(description);
  act(
    command('list', 'list the recordings, newest first')
      .option('-s, --search <text>', 'only with this text in user, machine, protocol or id')
      .option('--json', 'for programs'),
    recordingsListCommand,
    (parsed) => ({
      text: typeof parsed['search'] === 'string' ? parsed['search'] : '',
      json: parsed['json'] === true,
    }),
  );
  act(
    command('export', 'write a recording in Guacamole’s own format')
      .argument('<id>', 'as `recordings list` shows it')
      .argument('[file]', 'a new file; standard output where not given'),
    recordingsExportCommand,
    (_, [id = '', file]) => ({ id, file: file ?? null }),
  );
  act(
    command('remove', 'remove recordings').argument('<ids...>', 'as `recordings list` shows them'),
    recordingsRemoveCommand,
    (_, ids) => ({ ids }),
  );
}
