import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../main/cli/exit.ts';
import type { Output } from '../../../main/cli/io.ts';
import type { Parts } from '../../../main/cli/perform.ts';
import { runCli } from '../../../main/cli/program.ts';
import { PAGES, read, tableAfter } from './page.ts';

const page = read('docs/cli.md');

const PARTS: Parts = {
  connect: () => Promise.reject(new Error('not asked for')),
  local: () => Promise.reject(new Error('not asked for')),
  run: () => Promise.resolve(0),
};

/** What a command line prints, on a terminal so wide that nothing is wrapped. */
async function printed(...argv: readonly string[]): Promise<string> {
  const chunks: Buffer[] = [];
  const stream = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  const stdout: Output = Object.assign(stream, { isTTY: true, columns: 1000 });
  const io = {
    stdin: process.stdin,
    stdout,
    stderr: stdout,
    env: { NO_COLOR: '1' },
    now: () => 0,
    onInterrupt: () => () => {},
  };
  expect(await runCli(argv, io, PARTS)).toBe(EXIT_CODES.ok.code);
  return Buffer.concat(chunks).toString();
}

/** The lines of one part of a help text, as what stands on the left and what on the right. */
function partOf(help: string, title: string): [string, string][] {
  const [, part = ''] = help.split(`${title}:\n`);
  return (part.split('\n\n')[0] ?? '')
    .split('\n')
    .map((line) => /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line))
    .flatMap((match): [string, string][] => (match ? [[match[1] ?? '', match[2] ?? '']] : []));
}

interface Documented {
  readonly usage: string;
  readonly description: string;
  readonly options: readonly string[];
}

/** Every command that does something, by asking the command itself. */
async function commandsBelow(words: readonly string[]): Promise<Documented[]> {
  const found: Documented[] = [];
  for (const [usage, description] of partOf(await printed(...words, '--help'), 'Commands')) {
    const [name = '', ...args] = usage.split(' ');
    if (name === 'help') continue;
    const path = [...words, name];
    const help = await printed(...path, '--help');
    if (help.includes('Commands:\n')) found.push(...(await commandsBelow(path)));
    else
      found.push({
        usage: ['sallyport', ...path, ...args.filter((arg) => arg.startsWith('<'))].join(' '),
        description,
        options: partOf(help, 'Options')
          .map(([flags]) => flags)
          .filter((flags) => !flags.includes('--help')),
      });
  }
  return found;
}

describe('the page about the command', () => {
  it('has every command with what it does and takes, and no other', async () => {
    const rows = (await commandsBelow([])).map(({ usage, description, options }) => [
      `\`${usage}\``,
      description,
      usage === 'sallyport run'
        ? 'the flags of the settings'
        : options.map((option) => `\`${option}\``).join(', '),
    ]);
    expect(rows.length).toBeGreaterThan(10);
    expect(tableAfter(page, '<!-- commands -->')).toEqual(rows);
  });

  it('has every exit code with its meaning', () => {
    const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
    expect(tableAfter(page, '<!-- exit codes -->')).toEqual(rows);
  });
});

describe('every page', () => {
  it.each(PAGES)('%s names commands that there are', async (name) => {
    const known = [
      ...(await commandsBelow([])).map(({ usage }) => usage.replace(/ <.*/, '')),
      'sallyport token',
      'sallyport config',
      'sallyport help',
    ];
    // In code: between backticks, or at the beginning of a line of a block.
    const named = [
      ...read(name).matchAll(/(?:`|^(?:\$ )?(?:sudo )?)(sallyport(?: --state-dir \S+)? [a-z]+)/gm),
    ];
    const commands = named.map(([, command = '']) => command.replace(/ --state-dir \S+/, ''));
    expect(
      commands.filter((command) => !known.some((one) => one === command || one.startsWith(`${command} `))),
    ).toEqual([]);
  });
});
