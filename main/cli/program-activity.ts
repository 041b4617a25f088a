import { type Command as Commander, InvalidArgumentError, Option } from 'commander';
import { AUDIT_KINDS } from '../core/audit-kinds.ts';
import { activityCommand } from './commands/activity.ts';
import type { Act } from './program-machines.ts';
import { withSettings } from './settings-flags.ts';

/** Entries of the journal that one command shows. */
const MAX_ENTRIES = 1_000_000;

/** `sallyport activity`. */
export function addActivity(program: Commander, act: Act): void {
  act(
    withSettings(program.command('activity'), true)
      .description('show the journal: what happened on this host')
      .addOption(
        new Option('-n, --lines <number>', 'how many of the last entries').default(50).argParser(entryCount),
      )
      .addOption(
        new Option('-k, --kind <kind...>', 'only of these kinds, such as session-opened').argParser(
          entryKinds,
        ),
      )
      .option('-s, --search <text>', 'only with this text in them')
      .option('--json', 'for programs'),
    activityCommand,
    (parsed) => ({
      lines: typeof parsed['lines'] === 'number' ? parsed['lines'] : 50,
      kinds: Array.isArray(parsed['kind']) ? parsed['kind'].map(String) : [],
      text: typeof parsed['search'] === 'string' ? parsed['search'] : null,
      json: parsed['json'] === true,
    }),
  );
}

function entryCount(text: string): number {
  const entries = Number(text);
  if (Number.isInteger(entries) && entries >= 1 && entries <= MAX_ENTRIES) return entries;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MAX_ENTRIES}.`);
}

/** A slip of the pen must not look like nothing having happened. */
function entryKinds(kind: string, before: readonly string[] = []): readonly string[] {
  if (AUDIT_KINDS.includes(kind)) return [...before, kind];
  throw new InvalidArgumentError(`Give one of: ${AUDIT_KINDS.join(', ')}.`);
}
