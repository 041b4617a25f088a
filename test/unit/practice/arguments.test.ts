import { describe, expect, it } from 'vitest';
import { HELP, readArguments } from '../../../practice/run/arguments.ts';

describe('the command line of practice', () => {
  it.each([
    [[], { kind: 'run' }],
    [['--headless'], { kind: 'run' }],
    [['--for-app'], { kind: 'for-app' }],
    [['--check'], { kind: 'check', generation: 'newest' }],
    [['--check', 'newest'], { kind: 'check', generation: 'newest' }],
    [['--check', 'older'], { kind: 'check', generation: 'older' }],
    [['--check=older'], { kind: 'check', generation: 'older' }],
    [['--headless', '--check', 'older'], { kind: 'check', generation: 'older' }],
    [['--check', 'files'], { kind: 'check-files' }],
    [['--check', '--headless', 'older'], { kind: 'check', generation: 'older' }],
    [['--help'], { kind: 'help' }],
    [['--nonsense', '-h'], { kind: 'help' }],
  ])('reads %j', (args, wish) => {
    expect(readArguments(args)).toEqual(wish);
  });

  it.each([
    [['--chek'], '--chek is not known here. Known are --headless, --check and --help.'],
    [['older'], '“older” is not known here. Known are --headless, --check and --help.'],
    [['--headless=yes'], '--headless=yes is not known here. Known are --headless, --check and --help.'],
    [
      ['--check', 'sound'],
      'There is no check called “sound”. Known are newest, older, files, desktop and offline.',
    ],
    [['--check='], 'There is no check called “”. Known are newest, older, files, desktop and offline.'],
    [['--check', '--check'], '--check was given twice.'],
    [['--check', 'older', 'newest'], 'One check runs at a time: newest, older, files, desktop or offline.'],
  ])('refuses %j with a sentence that names what is known', (args, sentence) => {
    expect(readArguments(args)).toEqual({ kind: 'wrong', sentence });
  });

  it('is told whole by the help', () => {
    for (const word of ['--headless', '--check', 'older', 'newest', 'files', '--help'])
      expect(HELP).toContain(word);
  });
});
