import { explainConfig, type OutpostConfigRow } from '../../core/authentik/outpost-config.ts';
import type { ShownRow } from './config.ts';

/**
 * The outpost's options in authentik as rows beside those of the settings: all that are known, then what else
 * authentik gave. `key` begins with `outpost.`, `origin` is `authentik` or `default`.
 */
export function outpostConfigRows(config: Readonly<Record<string, unknown>>): ShownRow[] {
  return explainConfig(config).map((row) => ({
    key: `outpost.${row.name}`,
    value: valueText(row.value),
    origin: row.given && row.problem === null ? 'authentik' : 'default',
    description: descriptionOf(row),
  }));
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function descriptionOf({ meaning, here, problem }: OutpostConfigRow): string {
  if (problem) return problem.message;
  return meaning === null ? here : `${meaning} ${here}`;
}
