import { type Command as Commander, Option } from 'commander';
import {
  machinesAddCommand,
  machinesConnectCommand,
  machinesEditCommand,
  machinesListCommand,
  machinesRemoveCommand,
  machinesShowCommand,
  machinesWakeCommand,
} from './commands/machines.ts';
import { machinesExportCommand, machinesImportCommand } from './commands/machines-transfer.ts';
import type { Command } from './context.ts';
import { credentialNames, draftChange, withMachine } from './machine-options.ts';

type Parsed = Readonly<Record<string, unknown>>;

/** How `program.ts` ties a command to what it does. */
export type Act = <O>(
  on: Commander,
  run: Command<O>,
  options: (parsed: Parsed, args: readonly string[]) => O,
) => void;

const FORMATS = ['rdp', 'csv', 'json', 'ssh-config', 'known-hosts'] as const;
const MACHINE = ['<machine>', 'its name, or its id as `machines list` shows it'] as const;
const JSON_OPTION = ['--json', 'for programs'] as const;

/** `sallyport machines …`. */
export function addMachines(program: Commander, act: Act): void {
  const machines = program
    .command('machines')
    .description('the machines that can be connected to without authentik');
  const command = (name: string, description: string) => machines.command(name).description(description);
  act(
    command('list', 'list the machines')
      .option('-s, --search <words>', 'those that have all these words')
      .option('-g, --group <group>', 'those of a group and what lies in it')
      .option('-t, --tag <tag>', 'those with a tag')
      .option(...JSON_OPTION),
    machinesListCommand,
    (parsed) => ({
      ...texts(parsed, ['search', 'group', 'tag']),
      json: parsed['json'] === true,
    }),
  );
  act(
    command('show', 'show everything that is kept of a machine')
      .argument(...MACHINE)
      .option(...JSON_OPTION),
    machinesShowCommand,
    (parsed, [machine = '']) => ({ machine, json: parsed['json'] === true }),
  );
  act(
    withMachine(
      command('add', 'keep a machine').argument('<name>').argument('<host>', 'name or address'),
    ).option(...JSON_OPTION),
    machinesAddCommand,
    (parsed, [name = '', host = '']) => ({
      name,
      host,
      change: draftChange(parsed),
      credentials: credentialNames(parsed),
      json: parsed['json'] === true,
    }),
  );
  act(
    withMachine(
      command('edit', 'change what is given; an empty text takes it away')
        .argument(...MACHINE)
        .option('--name <name>', 'call it differently')
        .option('--host <host>', 'name or address'),
    ).option(...JSON_OPTION),
    machinesEditCommand,
    (parsed, [machine = '']) => ({
      machine,
      change: draftChange(parsed),
      credentials: credentialNames(parsed),
      json: parsed['json'] === true,
    }),
  );
  act(
    command('remove', 'remove machines').argument('<machines...>', 'names or ids'),
    machinesRemoveCommand,
    (_, names) => ({ machines: names }),
  );
  act(
    command('import', 'keep the machines of files, or of authentik')
      .argument('[files...]', '.rdp, CSV, JSON, ~/.ssh/config, ~/.ssh/known_hosts')
      .addOption(new Option('-f, --format <format>', 'where the name does not tell').choices(FORMATS))
      .option('--authentik', 'ask authentik, with an admin’s API token from standard input')
      .option('-n, --dry-run', 'only show what it would do')
      .option(...JSON_OPTION),
    machinesImportCommand,
    (parsed, files) => ({
      files,
      format: FORMATS.find((format) => format === parsed['format']) ?? null,
      authentik: parsed['authentik'] === true,
      dryRun: parsed['dryRun'] === true,
      json: parsed['json'] === true,
    }),
  );
  act(
    command('export', 'write all machines as JSON on standard output').option(
      '--secrets',
      'with the vault’s credentials, sealed with a passphrase that is asked for',
    ),
    machinesExportCommand,
    (parsed) => ({ secrets: parsed['secrets'] === true }),
  );
  act(
    command('connect', 'open a machine in the desktop app').argument(...MACHINE),
    machinesConnectCommand,
    (_, [machine = '']) => ({ machine }),
  );
  act(
    command('wake', 'send the packet that wakes a machine').argument(...MACHINE),
    machinesWakeCommand,
    (_, [machine = '']) => ({ machine }),
  );
}

function texts(parsed: Parsed, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = parsed[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
