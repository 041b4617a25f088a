import { Command as Commander, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MAX_LOG_LINES } from '../control/contract.ts';
import { LOG_LEVELS, type LogLevel } from '../core/base/logger.ts';
import { VERSION } from '../core/version.ts';
import { doctorCommand } from './commands/doctor.ts';
import {
  endCommand,
  retryCommand,
  sessionsCommand,
  startCommand,
  stopCommand,
  watchCommand,
} from './commands/drive.ts';
import {
  guardrailsCheckCommand,
  guardrailsSetCommand,
  guardrailsShowCommand,
  guardrailsTestCommand,
} from './commands/guardrails.ts';
import { healthCommand } from './commands/health.ts';
import { logCommand } from './commands/log.ts';
import {
  configSetCommand,
  configShowCommand,
  configUnsetCommand,
  tokenRemoveCommand,
  tokenSetCommand,
} from './commands/settings.ts';
import { statusCommand } from './commands/status.ts';
import type { Command } from './context.ts';
import { EXIT_CODES } from './exit.ts';
import { type Io, styleOf } from './io.ts';
import { type Parts, perform, tell } from './perform.ts';
import { addActivity } from './program-activity.ts';
import { addMachines } from './program-machines.ts';
import { addRecordings } from './program-recordings.ts';
import { addVault } from './program-vault.ts';
import { flagsOf, withSettings } from './settings-flags.ts';

const LOCAL = { local: true };

/** Runs one command line, without `node` and the script's name. Resolves with the exit code; never rejects. */
export async function runCli(argv: readonly string[], io: Io, parts: Parts): Promise<number> {
  let code: number = EXIT_CODES.ok.code;
  const program = build(io, parts, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return EXIT_CODES[await tell(io, error)].code;
    // Help and version are no failures, everything else that commander says is about the command line.
    return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
  }
}

function build(io: Io, parts: Parts, ended: (code: number) => void): Commander {
  const program = new Commander('sallyport')
    .description('Runs an authentik RAC outpost on this host, and drives the one that runs.')
    .version(VERSION, '-V, --version', 'show the version')
    .option(
      '--state-dir <path>',
      'directory of settings, secrets, log and control socket (SALLYPORT_STATE_DIR)',
    )
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('Run `sallyport --help` for what there is.')
    .addHelpText('after', exitHelp())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => styleOf(io, io.stdout).width ?? 100,
      getErrHelpWidth: () => styleOf(io, io.stderr).width ?? 100,
      getOutHasColors: () => styleOf(io, io.stdout).colour,
      getErrHasColors: () => styleOf(io, io.stderr).colour,
    });

  const command = (name: string, description: string, { local = false } = {}): Commander =>
    (local ? withSettings(program.command(name), true) : program.command(name)).description(description);
  const sub = (parent: Commander, name: string, description: string): Commander =>
    withSettings(parent.command(name), true).description(description);
  const act = <O>(
    on: Commander,
    run: Command<O>,
    options: (parsed: Parsed, args: readonly string[]) => O,
  ): void => {
    on.action(async () =>
      ended(EXIT_CODES[await perform(io, parts, run, options(on.opts(), on.args), flagsOf(on))].code),
    );
  };
  const json = ['--json', 'for programs'] as const;

  withSettings(program.command('run'), false)
    .description('run the outpost in the foreground')
    .action(async (_, run: Commander) => ended(await parts.run(flagsOf(run))));

  act(
    command('status', 'show the outpost’s state')
      .option(...json)
      .option('-w, --watch', 'keep showing it, until Ctrl-C'),
    statusCommand,
    (parsed) => ({ json: yes(parsed['json']), watch: yes(parsed['watch']) }),
  );
  act(
    command('health', 'say whether the outpost is well, for those who restart what is not'),
    healthCommand,
    () => ({}),
  );
  act(command('start', 'connect to authentik, and remember that this is wanted'), startCommand, () => ({}));
  act(
    command('stop', 'end the sessions, leave authentik, and remember that this is wanted').option(
      '--drain',
      'take no new sessions and stop when the running ones have ended',
    ),
    stopCommand,
    (parsed) => ({ drain: yes(parsed['drain']) }),
  );
  act(command('retry', 'try to connect now instead of waiting'), retryCommand, () => ({}));
  act(command('sessions', 'list the open sessions').option(...json), sessionsCommand, (parsed) => ({
    json: yes(parsed['json']),
  }));
  act(
    command('end', 'end a session').argument('<id>', 'as `sallyport sessions` shows it'),
    endCommand,
    (_, [id = '']) => ({
      id,
    }),
  );
  act(
    command('watch', 'look on at a session, in the desktop app').argument(
      '<id>',
      'as `sallyport sessions` shows it',
    ),
    watchCommand,
    (_, [id = '']) => ({ id }),
  );
  act(
    command('log', 'show the log')
      .option('-f, --follow', 'keep showing what is added, until Ctrl-C')
      .addOption(new Option('-l, --level <level>', 'this level and above').choices(LOG_LEVELS))
      .addOption(
        new Option('-n, --lines <number>', 'how many of the last lines').default(50).argParser(lineCount),
      )
      .option(...json),
    logCommand,
    (parsed) => ({
      follow: yes(parsed['follow']),
      level: levelOf(parsed['level']),
      lines: typeof parsed['lines'] === 'number' ? parsed['lines'] : 50,
      json: yes(parsed['json']),
    }),
  );
  act(
    command('doctor', 'check everything from the settings to guacd', LOCAL).option(...json),
    doctorCommand,
    (parsed) => ({
      json: yes(parsed['json']),
    }),
  );

  addActivity(program, act);

  const guardrails = program
    .command('guardrails')
    .description('show, change and try out what this host lets through');
  act(sub(guardrails, 'show', 'the rules, as they stand in their file'), guardrailsShowCommand, () => ({}));
  act(
    sub(guardrails, 'check', 'say whether the rules can be used').option(
      '--stdin',
      'those on standard input instead',
    ),
    guardrailsCheckCommand,
    (parsed) => ({ stdin: yes(parsed['stdin']) }),
  );
  act(
    sub(guardrails, 'set', 'keep the rules that are sent on standard input'),
    guardrailsSetCommand,
    () => ({}),
  );
  act(
    sub(guardrails, 'test', 'say whether a session would be let in, and why')
      .argument('<protocol>', 'ssh, rdp, vnc …')
      .argument('<machine>', 'a name or an address, with :port where it is not the usual one')
      .option('-u, --user <name>', 'the person who asks')
      .option('--offline', 'asked for on this host, not by authentik')
      .option('--at <time>', 'at another time, such as 2026-11-29T03:00')
      .option(...json),
    guardrailsTestCommand,
    (parsed, [protocol = '', target = '']) => ({
      protocol,
      target,
      user: typeof parsed['user'] === 'string' ? parsed['user'] : null,
      source: yes(parsed['offline']) ? ('local' as const) : ('authentik' as const),
      at: typeof parsed['at'] === 'string' ? parsed['at'] : null,
      json: yes(parsed['json']),
    }),
  );

  addMachines(program, act);
  addRecordings(program, act);
  addVault(program, act);

  const token = program.command('token').description('keep or remove the outpost’s token');
  act(
    sub(token, 'set', 'keep the token, encrypted; it is asked for, or read from standard input'),
    tokenSetCommand,
    () => ({}),
  );
  act(sub(token, 'remove', 'forget the token'), tokenRemoveCommand, () => ({}));

  const config = program.command('config').description('show and change the settings');
  act(
    sub(config, 'show', 'every setting, its value and where it comes from').option(...json),
    configShowCommand,
    (parsed) => ({
      json: yes(parsed['json']),
    }),
  );
  const setting = ['<setting>', 'as `sallyport config show` names it'] as const;
  act(
    sub(config, 'set', 'keep a setting in the settings file')
      .argument(...setting)
      .argument('<value>'),
    configSetCommand,
    (_, [key = '', value = '']) => ({ key, value }),
  );
  act(
    sub(config, 'unset', 'take a setting out of the settings file').argument(...setting),
    configUnsetCommand,
    (_, [key = '']) => ({
      key,
    }),
  );
  return program;
}

type Parsed = Readonly<Record<string, unknown>>;

function yes(parsed: unknown): boolean {
  return parsed === true;
}

function levelOf(parsed: unknown): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === parsed);
}

function lineCount(text: string): number {
  const lines = Number(text);
  if (Number.isInteger(lines) && lines >= 0 && lines <= MAX_LOG_LINES) return lines;
  throw new InvalidArgumentError(`Give a whole number from 0 to ${MAX_LOG_LINES}.`);
}

function exitHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}
