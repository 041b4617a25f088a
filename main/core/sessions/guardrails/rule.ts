import * as v from 'valibot';
import { guardrailsSchema, ruleName } from './rule-schema.ts';
import type { Target } from './target.ts';

/** What an admin of this jump host has laid down, whatever authentik sends or a local user wants. */
export interface Guardrails {
  /** The first that matches decides. */
  readonly rules: readonly Rule[];
  /** What holds where none matches. */
  readonly otherwise: 'allow' | 'deny';
  /** Sessions at once, whoever opens them; what is left out is not limited here. */
  readonly most: Most;
}

/** Sessions at once: in all, to one machine, of one person. */
export interface Most {
  readonly inAll?: number | undefined;
  readonly perMachine?: number | undefined;
  readonly perUser?: number | undefined;
}

/** Conditions that are left out hold for every session. */
export interface Rule {
  /** Told to a person who is refused. */
  readonly name: string;
  readonly action: 'allow' | 'deny';
  /** The rule's own words for a refusal. */
  readonly because?: string | undefined;
  readonly sources?: readonly ('authentik' | 'local')[] | undefined;
  /** Names of people, `*` for any run of characters; upper and lower case are the same. */
  readonly users?: readonly string[] | undefined;
  readonly protocols?: readonly string[] | undefined;
  readonly targets?: readonly Target[] | undefined;
  readonly times?: readonly Times[] | undefined;
  readonly parameters?: ParameterRules | undefined;
  readonly record?: 'always' | 'never' | undefined;
  /** Ends the session when its recording stops. */
  readonly endWithoutRecording?: boolean | undefined;
  readonly longestMinutes?: number | undefined;
  /** Minutes without a key or a movement of the mouse. */
  readonly idleMinutes?: number | undefined;
  /** The longest time that a session is held for a person who has gone away. */
  readonly holdSeconds?: number | undefined;
  readonly files?: FileRules | undefined;
  /** Sessions at once among those that this rule lets in. */
  readonly most?: Most | undefined;
}

export interface ParameterRules {
  /** Set, whatever was sent. */
  readonly force?: Readonly<Record<string, string>> | undefined;
  /** Taken out; names with `*`, such as `recording-*`. */
  readonly forbid?: readonly string[] | undefined;
}

export interface FileRules {
  readonly upload?: boolean | undefined;
  readonly download?: boolean | undefined;
  /** Bytes of one file. */
  readonly maxBytes?: number | undefined;
  /** Patterns of names that do not pass, such as `*.exe`. */
  readonly names?: readonly string[] | undefined;
}

/** Days are 1 (Monday) to 7; times of day are `HH:MM` on the clock of this host's time zone. */
export interface Times {
  readonly days?: readonly number[] | undefined;
  readonly from: string;
  /** Not included; earlier than `from` means the next day. */
  readonly to: string;
}

/** Longest text of a guardrails file, in bytes. */
export const MAX_GUARDRAILS_BYTES = 1024 * 1024;

export const NO_GUARDRAILS: Guardrails = { rules: [], otherwise: 'allow', most: {} };

export type ReadGuardrails =
  | { readonly kind: 'guardrails'; readonly guardrails: Guardrails }
  /** `reason` continues "The guardrails"; `fault` is null where the text as a whole is of no use. */
  | { readonly kind: 'damaged'; readonly reason: string; readonly fault: Fault | null };

/** The first thing that is wrong in a text. */
export interface Fault {
  /** The rule that it is in, counted from 0; null beside the rules. */
  readonly rule: number | null;
  /** Inside the rule or beside the rules, such as `targets.0`; empty for the rule itself. */
  readonly field: string;
  /** What is wrong there. */
  readonly words: string;
}

/** Reads the text of a guardrails file: JSON. Never throws. */
export function readGuardrails(text: string): ReadGuardrails {
  if (Buffer.byteLength(text) > MAX_GUARDRAILS_BYTES)
    return { kind: 'damaged', reason: `are longer than ${MAX_GUARDRAILS_BYTES} bytes`, fault: null };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    return { kind: 'damaged', reason: `are not valid JSON (${where})`, fault: null };
  }
  const decoded = v.safeParse(guardrailsSchema, value);
  if (decoded.success) {
    const { rules, otherwise, most: bounds } = decoded.output;
    return { kind: 'guardrails', guardrails: { rules, otherwise, most: bounds } };
  }
  const [issue] = decoded.issues;
  const fault = faultOf(v.getDotPath(issue), issue.message);
  return { kind: 'damaged', reason: `cannot be used: ${saidOf(fault, value, issue.message)}`, fault };
}

function faultOf(path: string | null, words: string): Fault | null {
  if (path === null) return null;
  const found = /^rules\.(\d+)\.?(.*)$/s.exec(path);
  if (!found) return { rule: null, field: path, words };
  return { rule: Number(found[1]), field: found[2] ?? '', words };
}

/** Names the rule as the admin does: `rule 3, “No databases”, “targets.0”: is no text`. */
function saidOf(fault: Fault | null, value: unknown, words: string): string {
  if (fault === null) return `the text ${words}`;
  const { rule: index, field } = fault;
  if (index === null) return `“${field}” ${words}`;
  const number = index + 1;
  const name = nameOf(value, index);
  if (name === null)
    return field === '' ? `rule ${number}: ${words}` : `rule ${number}, “${field}”: ${words}`;
  return field === ''
    ? `rule ${number}, “${name}”: ${words}`
    : `rule ${number}, “${name}”, “${field}”: ${words}`;
}

function nameOf(value: unknown, index: number): string | null {
  const known = v.safeParse(v.object({ rules: v.array(v.unknown()) }), value);
  const found = known.success ? v.safeParse(v.object({ name: ruleName }), known.output.rules[index]) : null;
  return found?.success ? found.output.name : null;
}
