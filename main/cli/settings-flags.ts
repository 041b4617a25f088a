import { type Command, Option } from 'commander';
import { flagDefinitions } from '../core/settings/flags.ts';

/** Flags of settings by attribute (`stateDir`), as text. */
export type Flags = Readonly<Record<string, string>>;

/** The settings' own flags; `hidden` where they are possible but not the point. */
export function withSettings(on: Command, hidden: boolean): Command {
  for (const { flags, attribute, description } of flagDefinitions()) {
    // The program's own, so that every command knows it.
    if (attribute !== 'stateDir') on.addOption(new Option(flags, description).hideHelp(hidden));
  }
  return on;
}

/** What was given of the settings' flags, on the command and before it. */
export function flagsOf(command: Command): Flags {
  const parsed: Readonly<Record<string, unknown>> = command.optsWithGlobals();
  const flags: Record<string, string> = {};
  for (const { attribute } of flagDefinitions()) {
    const value = parsed[attribute];
    // `--authentik-insecure` alone.
    if (value === true) flags[attribute] = 'true';
    if (typeof value === 'string') flags[attribute] = value;
  }
  return flags;
}
