import * as v from 'valibot';
import type { OutpostConfigRow as ExplainedOption } from '../core/authentik/outpost-config.ts';
import { INPUT_KINDS } from '../core/settings/kind.ts';
import { failure } from './status-schema.ts';

/* Settings, and the outpost's options in authentik, as they cross the control socket: with all that a form needs. */

const text = v.string();
const texts = v.pipe(v.array(text), v.readonly());

export const configRow = v.object({
  key: text,
  /** `***` for a secret that is there; null where nothing is set. */
  value: v.nullable(text),
  /** Where the effective value comes from, such as `environment: AUTHENTIK_HOST`. */
  origin: text,
  originKind: v.picklist(['flag', 'environment', 'file', 'authentik', 'default']),
  /** A change would not count: a flag or variable outranks it, or the settings file may not hold it. */
  locked: v.boolean(),
  secret: v.boolean(),
  description: text,
  /** Names of its variables; the first that is set counts. */
  environment: texts,
  /** `--guacd`. */
  flag: text,
  /** Null where nothing is set by default. */
  default: v.nullable(text),
  /** What would be right, after “Give”. */
  expects: text,
  /** What a number counts, such as `seconds`. */
  unit: v.nullable(text),
  applies: v.picklist(['live', 'next-connection', 'restart']),
  kind: v.fallback(v.picklist(INPUT_KINDS), 'text'),
  /** All there are for a `choice`; else words that are taken beside what `kind` says. */
  choices: texts,
});

/** One option of the outpost in authentik, explained. */
export const outpostConfigRow = v.object({
  name: text,
  /** The value in effect, as JSON text. */
  value: text,
  /** Whether authentik gave it at all. */
  given: v.boolean(),
  /** Null for one that this version does not know. */
  meaning: v.nullable(text),
  /** How it is used here, or why it is not. */
  here: text,
  applies: v.boolean(),
  problem: v.nullable(failure),
});

export type ConfigRow = v.InferOutput<typeof configRow>;
export type OutpostConfigRow = v.InferOutput<typeof outpostConfigRow>;

export function toOutpostConfigRow(row: ExplainedOption): OutpostConfigRow {
  return { ...row, value: JSON.stringify(row.value) ?? 'null' };
}
