import { type RawRule, valueAt, withValue } from './document.ts';

/** A span of time as it is typed. */
export interface TimesDraft {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
}

export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** What stands in the form, as it is typed; lists have one entry a line. */
export interface RuleDraft {
  readonly name: string;
  readonly action: string;
  readonly because: string;
  /** Empty for all; else joined by a comma. */
  readonly sources: string;
  readonly users: string;
  readonly protocols: string;
  readonly targets: string;
  readonly times: readonly TimesDraft[];
  readonly force: readonly Pair[];
  readonly forbid: string;
  readonly record: string;
  readonly endWithoutRecording: boolean;
  readonly longestMinutes: string;
  readonly idleMinutes: string;
  readonly holdSeconds: string;
  readonly upload: string;
  readonly download: string;
  readonly maxBytes: string;
  readonly names: string;
  readonly inAll: string;
  readonly perMachine: string;
  readonly perUser: string;
}

/** How a field of the file is typed, and what of it is written; undefined for nothing. */
interface Field<T> {
  readonly path: string;
  readonly read: (value: unknown) => T;
  readonly write: (draft: T) => unknown;
}

const line = (path: string): Field<string> => ({
  path,
  read: (value) => (typeof value === 'string' ? value : ''),
  write: (draft) => (draft === '' ? undefined : draft),
});
/** Written also where it is empty: the outpost says that it must not be. */
const needed = (path: string): Field<string> => ({ ...line(path), write: (draft) => draft });
const lines = (path: string): Field<string> => ({
  path,
  read: (value) => (Array.isArray(value) ? value.join('\n') : ''),
  write: (draft) => someOf(draft.split('\n').map((one) => one.trim())),
});
const words = (path: string): Field<string> => ({
  path,
  read: (value) => (Array.isArray(value) ? [...value].sort().join(',') : ''),
  write: (draft) => someOf(draft.split(',')),
});
/** What is no number is written as it was typed: the outpost says that it is none. */
export const number = (path: string): Field<string> => ({
  path,
  read: (value) => (typeof value === 'number' ? String(value) : ''),
  write: (draft) => {
    const text = draft.trim();
    if (text === '') return undefined;
    return /^\d+$/.test(text) ? Number(text) : text;
  },
});
const yesNo = (path: string): Field<string> => ({
  path,
  read: (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : ''),
  write: (draft) => (draft === '' ? undefined : draft === 'yes'),
});
const flag = (path: string): Field<boolean> => ({
  path,
  read: (value) => value === true,
  write: (draft) => (draft ? true : undefined),
});
const times: Field<readonly TimesDraft[]> = {
  path: 'times',
  read: (value) =>
    Array.isArray(value)
      ? value.map((span) => ({
          days: [valueAt(span, 'days')].flat().filter((day) => typeof day === 'number'),
          from: String(valueAt(span, 'from') ?? ''),
          to: String(valueAt(span, 'to') ?? ''),
        }))
      : [],
  write: (draft) =>
    draft.length === 0
      ? undefined
      : draft.map(({ days, from, to }) => ({ ...(days.length > 0 && { days }), from, to })),
};
const pairs: Field<readonly Pair[]> = {
  path: 'parameters.force',
  read: (value) => Object.entries(value ?? {}).map(([name, one]) => ({ name, value: String(one) })),
  write: (draft) =>
    draft.length === 0 ? undefined : Object.fromEntries(draft.map(({ name, value }) => [name.trim(), value])),
};

/** Every field of a rule; the path is the file's. */
export const FIELDS: { readonly [K in keyof RuleDraft]: Field<RuleDraft[K]> } = {
  name: needed('name'),
  action: needed('action'),
  because: line('because'),
  sources: words('sources'),
  users: lines('users'),
  protocols: lines('protocols'),
  targets: lines('targets'),
  times,
  force: pairs,
  forbid: lines('parameters.forbid'),
  record: line('record'),
  endWithoutRecording: flag('endWithoutRecording'),
  longestMinutes: number('longestMinutes'),
  idleMinutes: number('idleMinutes'),
  holdSeconds: number('holdSeconds'),
  upload: yesNo('files.upload'),
  download: yesNo('files.download'),
  maxBytes: number('files.maxBytes'),
  names: lines('files.names'),
  inAll: number('most.inAll'),
  perMachine: number('most.perMachine'),
  perUser: number('most.perUser'),
};

const NAMES = Object.keys(FIELDS) as readonly (keyof RuleDraft)[];

/** A rule as the form shows it. */
export function draftOf(rule: RawRule): RuleDraft {
  return Object.fromEntries(
    NAMES.map((name) => [name, FIELDS[name].read(valueAt(rule, FIELDS[name].path))]),
  ) as unknown as RuleDraft;
}

/** The rule with what was changed in the form; everything else is as it was, fields that are not known included. */
export function ruleOf(rule: RawRule, draft: RuleDraft): RawRule {
  const before = draftOf(rule);
  return NAMES.reduce((changed, name) => {
    if (JSON.stringify(draft[name]) === JSON.stringify(before[name])) return changed;
    // A field's own draft goes into its own writer; the compiler sees the union of all.
    const { path, write } = FIELDS[name] as Field<unknown>;
    return withValue(changed, path, write(draft[name]));
  }, rule);
}

/** The form's field that a fault is in, and what is wrong with it: `targets.0` is in `targets`. */
export function fieldOfPath(path: string): keyof RuleDraft | null {
  const found = NAMES.find((name) => {
    const { path: own } = FIELDS[name];
    return path === own || path.startsWith(`${own}.`);
  });
  return found ?? null;
}

/** Without those that are empty; undefined where none is left. */
function someOf(texts: readonly string[]): readonly string[] | undefined {
  const found = texts.filter((text) => text !== '');
  return found.length === 0 ? undefined : found;
}
