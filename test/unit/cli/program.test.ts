import { describe, expect, it } from 'vitest';
import type { Local } from '../../../main/cli/context.ts';
import { EXIT_CODES } from '../../../main/cli/exit.ts';
import { runCli } from '../../../main/cli/program.ts';
import { type Flags, flagsOf } from '../../../main/cli/settings-flags.ts';
import type { ControlClient } from '../../../main/control/client.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { VERSION } from '../../../main/core/version.ts';
import { terminal } from '../../integration/cli/terminal.ts';
import { guardrailsIn } from '../../integration/control/guardrails-fixture.ts';

/** A host without an outpost; remembers with which flags it was looked for. */
async function run(...argv: string[]) {
  const io = terminal();
  const looked: Flags[] = [];
  const ran: Flags[] = [];
  const absent = async (flags: Flags): Promise<ControlClient> => {
    looked.push(flags);
    throw new SallyportError('control-unreachable', 'No outpost is running here.');
  };
  const local = async (): Promise<Local> => ({
    token: { set: async () => {}, remove: async () => {} },
    config: {
      show: () => [],
      check: () => null,
      set: async (key) => [`${key} was kept`],
      unset: async () => [],
    },
    guardrails: guardrailsIn('/nonexistent'),
    activity: async () => ({ entries: [], handOver: { wanted: true, upTo: 0, waiting: 0, failure: null } }),
    doctor: async function* () {},
  });
  const code = await runCli(argv, io, {
    connect: absent,
    local,
    run: async (flags) => {
      ran.push(flags);
      return 7;
    },
  });
  return { code, out: io.out(), err: io.err(), looked, ran };
}

describe('the command line', () => {
  it('shows its help, with the exit codes, and its version', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const command of [
      'run',
      'status',
      'start',
      'stop',
      'retry',
      'sessions',
      'end',
      'log',
      'doctor',
      'token',
      'config',
    ])
      expect(help.out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    for (const { code, meaning } of Object.values(EXIT_CODES))
      expect(help.out.replace(/\s+/g, ' ')).toContain(`${code} ${meaning}`);
    expect(await run('--version')).toMatchObject({ code: 0, out: `${VERSION}\n` });
    expect((await run('help', 'end')).out).toContain('end');
  });

  it.each([
    [[], 'Usage: sallyport'],
    [['fly'], 'fly'],
    [['status', '--jason'], '--jason'],
    [['status', 'extra'], 'too many arguments'],
    [['end'], 'missing required argument'],
    [['end', 'a', 'b'], 'too many arguments'],
    [['log', '--level', 'loud'], 'trace, debug, info, warning, error'],
    [['log', '--level'], 'argument missing'],
    [['log', '--lines', '1001'], 'whole number from 0 to 1000'],
    [['log', '-n', '-1'], 'whole number from 0 to 1000'],
    [['log', '-n', '1.5'], 'whole number from 0 to 1000'],
    [['log', '-n', 'many'], 'whole number from 0 to 1000'],
    [['config', 'set', 'log.level'], 'missing required argument'],
    [['config', 'get', 'x'], 'get'],
    [['token', 'show'], 'show'],
    [['run', '--no-such-setting', 'x'], '--no-such-setting'],
    [['token', 'set', 'the-token-itself'], 'too many arguments'],
  ])('refuses %j with a sentence, the usage exit and nothing done', async (argv, words) => {
    const { code, err, out, looked, ran } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(out).toBe('');
    expect([...looked, ...ran]).toEqual([]);
  });

  it('takes 0 to 1000 lines of the log, and each level', async () => {
    for (const lines of ['0', '1000']) expect((await run('log', '-n', lines)).code).toBe(3);
    for (const level of ['trace', 'error']) expect((await run('log', '-l', level)).code).toBe(3);
  });

  it.each(['status', 'start', 'stop', 'retry', 'sessions', 'log'])(
    '%s says that no outpost runs, on standard error, and exits with 3',
    async (command) => {
      const { code, out, err } = await run(command);
      expect(code).toBe(3);
      expect(out).toBe('');
      expect(err).toContain('✖ No outpost is running here.');
    },
  );

  it('takes the state directory before and after the command', async () => {
    expect((await run('--state-dir', '/a', 'status')).looked).toEqual([{ stateDir: '/a' }]);
    expect((await run('status', '--state-dir', '/a')).looked).toEqual([{ stateDir: '/a' }]);
    expect((await run('config', 'set', 'log.level', 'debug', '--state-dir=/a')).looked).toEqual([
      { stateDir: '/a' },
    ]);
  });

  it('runs the outpost with the flags of settings, and ends as it ended', async () => {
    const { code, ran } = await run(
      'run',
      '--authentik-host',
      'https://sso.example/',
      '--authentik-insecure',
      '--guacd',
      '127.0.0.1:4822',
      '--state-dir',
      '/a',
    );
    expect(code).toBe(7);
    expect(ran).toEqual([
      {
        authentikHost: 'https://sso.example/',
        authentikInsecure: 'true',
        guacd: '127.0.0.1:4822',
        stateDir: '/a',
      },
    ]);
  });

  it('changes settings by itself where no outpost runs, and says from when they count', async () => {
    const { code, out } = await run('config', 'set', 'log.level', 'debug');
    expect(code).toBe(0);
    expect(out).toContain('log.level was kept');
    expect(out).toContain('No outpost is running: it counts from the next start.');
  });

  it('does not take a value that looks like a flag for a flag', async () => {
    expect((await run('config', 'set', 'log.level', '--', '--debug')).code).toBe(0);
    expect((await run('end', '--', '-x')).code).toBe(3);
  });
});

describe('flags of settings', () => {
  it('are kept as text, and what is no setting’s is left alone', async () => {
    const { Command } = await import('commander');
    const command = new Command();
    command.setOptionValue('guacd', 'managed');
    command.setOptionValue('authentikInsecure', true);
    command.setOptionValue('json', true);
    expect(flagsOf(command)).toEqual({ guacd: 'managed', authentikInsecure: 'true' });
  });
});
