import type { Local } from '../cli/context.ts';
import { examine } from '../core/doctor.ts';
import { SallyportError } from '../core/errors.ts';
import type { StatePaths } from '../core/settings/paths.ts';
import type { Origin } from '../core/settings/raw-value.ts';
import { SETTING } from '../core/settings/table.ts';
import { doctorSource } from './doctor-source.ts';
import { guardrailsDesk } from './guardrails.ts';
import { journalFiles } from './journal-files.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';
import { configStore, tokenKeeper } from './stores.ts';

/** Where an outpost with these flags and this environment keeps its state. Rejects with `settings-invalid`. */
export async function statePathsOf(source: SettingsSource): Promise<StatePaths> {
  const { settings, paths, problems } = await currentSettings(source);
  const meant = meantBy(source);
  // Else a command would quietly drive another outpost than the one that was meant.
  if (meant !== null && settings.origin('stateDir').kind !== meant.kind) {
    const problem = problems.find(({ message }) => message.startsWith(meant.name));
    if (problem) throw new SallyportError(problem.code, problem.message, { advice: problem.advice });
  }
  return paths;
}

/** What names the state directory; null where nothing does. */
function meantBy({ flags, environment }: SettingsSource): (Pick<Origin, 'kind'> & { name: string }) | null {
  const { flag, environment: variables } = SETTING.stateDir;
  if (flags['stateDir'] !== undefined) return { kind: 'flag', name: flag.long };
  const variable = variables.find((name) => environment[name] !== undefined);
  return variable === undefined ? null : { kind: 'environment', name: variable };
}

/** What commands use where no outpost runs. Rejects with `settings-invalid`. */
export async function localParts(source: SettingsSource): Promise<Local> {
  const { stateDir } = await statePathsOf(source);
  const doctor = doctorSource({ source, stateDir, resourcesDir: null, metricsAreOurs: () => false });
  return {
    token: tokenKeeper({ source }),
    config: configStore({ source }),
    guardrails: guardrailsDesk(source),
    activity: journalFiles(source),
    doctor: (signal) => examine(doctor, { signal }),
  };
}
