import * as v from 'valibot';
import { isReservedParameter } from './parameters.ts';
import { decodeTarget, type Target } from './target.ts';

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

export const GUARDRAILS_VERSION = 1;
export const MAX_RULES = 500;
/** Longest text of a guardrails file, in bytes. */
export const MAX_GUARDRAILS_BYTES = 1024 * 1024;

export const NO_GUARDRAILS: Guardrails = { rules: [], otherwise: 'allow', most: {} };

/** A line for people: no controls, no line breaks. */
const words = (most: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(most),
    v.regex(/^\P{C}*$/u, 'holds control characters'),
  );
const pattern = words(256);
const few = <T extends v.GenericSchema>(item: T) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(256), v.readonly());
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const most = v.strictObject({
  inAll: v.exactOptional(whole(0, 100_000)),
  perMachine: v.exactOptional(whole(0, 100_000)),
  perUser: v.exactOptional(whole(0, 100_000)),
});

const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as 08:30'));
const parameterName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9*][a-z0-9*_./-]{0,127}$/i, 'is no name of a connection parameter'),
);
const target = v.pipe(
  v.string(),
  v.maxLength(320),
  v.rawTransform<string, Target>(({ dataset, addIssue, NEVER }) => {
    const decoded = decodeTarget(dataset.value);
    if (typeof decoded !== 'string') return decoded;
    addIssue({ message: decoded });
    return NEVER;
  }),
);

const forced = v.pipe(
  v.record(parameterName, v.pipe(v.string(), v.maxLength(8191))),
  v.check((record) => Object.keys(record).length <= 128, 'forces more than 128 parameters'),
  v.check(
    (record) => Object.keys(record).every((name) => !name.includes('*')),
    'forces a name with “*”; only forbidden names may have one',
  ),
  v.check(
    (record) => Object.keys(record).every((name) => !isReservedParameter(name)),
    'forces where a session goes; that is what targets are for',
  ),
);

const rule = v.strictObject({
  name: words(120),
  action: v.picklist(['allow', 'deny']),
  because: v.exactOptional(words(500)),
  sources: v.exactOptional(few(v.picklist(['authentik', 'local']))),
  users: v.exactOptional(few(pattern)),
  protocols: v.exactOptional(
    few(v.pipe(v.string(), v.toLowerCase(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'is no protocol'))),
  ),
  targets: v.exactOptional(few(target)),
  times: v.exactOptional(
    few(
      v.strictObject({
        days: v.exactOptional(few(whole(1, 7))),
        from: timeOfDay,
        to: timeOfDay,
      }),
    ),
  ),
  parameters: v.exactOptional(
    v.strictObject({ force: v.exactOptional(forced), forbid: v.exactOptional(few(parameterName)) }),
  ),
  record: v.exactOptional(v.picklist(['always', 'never'])),
  endWithoutRecording: v.exactOptional(v.boolean()),
  longestMinutes: v.exactOptional(whole(1, 60 * 24 * 366)),
  idleMinutes: v.exactOptional(whole(1, 60 * 24 * 7)),
  holdSeconds: v.exactOptional(whole(0, 86_400)),
  files: v.exactOptional(
    v.strictObject({
      upload: v.exactOptional(v.boolean()),
      download: v.exactOptional(v.boolean()),
      maxBytes: v.exactOptional(whole(0, Number.MAX_SAFE_INTEGER)),
      names: v.exactOptional(few(pattern)),
    }),
  ),
  most: v.exactOptional(most),
});

const document = v.strictObject({
  version: v.literal(GUARDRAILS_VERSION, `is written for another version than ${GUARDRAILS_VERSION}`),
  otherwise: v.optional(v.picklist(['allow', 'deny']), 'allow'),
  most: v.optional(most, {}),
  rules: v.pipe(v.array(rule), v.maxLength(MAX_RULES), v.readonly()),
});

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
    const where = error instanceof Error ? ` (${error.message})` : '';
    return { kind: 'damaged', reason: `are not valid JSON${where}`, fault: null };
  }
  const decoded = v.safeParse(document, value);
  if (decoded.success) {
    const { rules, otherwise, most: bounds } = decoded.output;
    return { kind: 'guardrails', guardrails: { rules, otherwise, most: bounds } };
  }
  const [issue] = decoded.issues;
  const fault = faultOf(v.getDotPath(issue), issue.message);
  const where = fault === null ? '' : place(fault, value);
  return { kind: 'damaged', reason: `cannot be used: ${where}${issue.message}`, fault };
}

function faultOf(path: string | null, words: string): Fault | null {
  if (path === null) return null;
  const found = /^rules\.(\d+)\.?(.*)$/s.exec(path);
  if (!found) return { rule: null, field: path, words };
  return { rule: Number(found[1]), field: found[2] ?? '', words };
}

/** Names the rule as the admin does: `rule 3, “No databases”, “targets.0”: `. */
function place({ rule: index, field }: Fault, value: unknown): string {
  if (index === null) return `“${field}” `;
  const name = nameOf(value, index);
  return `rule ${index + 1}${name === null ? '' : `, “${name}”`}${field === '' ? '' : `, “${field}”`}: `;
}

function nameOf(value: unknown, index: number): string | null {
  const known = v.safeParse(v.object({ rules: v.array(v.unknown()) }), value);
  const found = known.success ? v.safeParse(v.object({ name: words(120) }), known.output.rules[index]) : null;
  return found?.success ? found.output.name : null;
}
