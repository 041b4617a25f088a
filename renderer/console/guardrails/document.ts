/** A rule as it stands in the file, with fields that this window may not know. */
export type RawRule = Readonly<Record<string, unknown>>;

/** A guardrails file whose rules can be shown one by one. */
export interface Document extends Readonly<Record<string, unknown>> {
  readonly rules: readonly RawRule[];
}

/** What the file's text holds; null where only the text itself can be shown. */
export function documentOf(text: string): Document | null {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { rules, otherwise, most } = value;
  if (!Array.isArray(rules) || !rules.every((rule) => isObject(rule) && fits(rule, RULE))) return null;
  if (!isAbsentOr('string', otherwise) || !(most === undefined || (isObject(most) && fits(most, MOST))))
    return null;
  return { ...value, rules };
}

export function textOf(document: Document): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function withRules(document: Document, rules: readonly RawRule[]): Document {
  return { ...document, rules };
}

/** The rule at `from` stands at `to` afterwards. */
export function moved(rules: readonly RawRule[], from: number, to: number): readonly RawRule[] {
  const others = rules.filter((_, index) => index !== from);
  const rule = rules[from];
  return rule === undefined ? rules : [...others.slice(0, to), rule, ...others.slice(to)];
}

/** The value at a path such as `files.maxBytes`. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), object);
}

/** The object with that value; undefined takes it out, and what is empty after that as well. Others stay as they are. */
export function withValue<T extends Readonly<Record<string, unknown>>>(
  object: T,
  path: string,
  value: unknown,
): T {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const { [name]: _, ...others } = object;
    // What is replaced keeps its place.
    return (value === undefined ? others : { ...object, [name]: value }) as T;
  }
  const inside = isObject(object[name]) ? object[name] : {};
  const changed = withValue(inside, rest.join('.'), value);
  return withValue(object, name, Object.keys(changed).length === 0 ? undefined : changed);
}

type Kind = 'string' | 'number' | 'boolean' | 'strings' | 'numbers' | 'pairs' | Shape | readonly [Shape];
interface Shape {
  readonly [field: string]: Kind;
}

const MOST: Shape = { inAll: 'number', perMachine: 'number', perUser: 'number' };
/** What the form expects of each field where it is there; the outpost judges the values. */
const RULE: Shape = {
  name: 'string',
  action: 'string',
  because: 'string',
  sources: 'strings',
  users: 'strings',
  protocols: 'strings',
  targets: 'strings',
  times: [{ days: 'numbers', from: 'string', to: 'string' }],
  parameters: { force: 'pairs', forbid: 'strings' },
  record: 'string',
  endWithoutRecording: 'boolean',
  longestMinutes: 'number',
  idleMinutes: 'number',
  holdSeconds: 'number',
  files: { upload: 'boolean', download: 'boolean', maxBytes: 'number', names: 'strings' },
  most: MOST,
};

function fits(value: Readonly<Record<string, unknown>>, shape: Shape): boolean {
  return Object.entries(shape).every(([name, kind]) => value[name] === undefined || is(value[name], kind));
}

function is(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === kind;
    case 'strings':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'numbers':
      return Array.isArray(value) && value.every((one) => typeof one === 'number');
    case 'pairs':
      return isObject(value) && Object.values(value).every((one) => typeof one === 'string');
    default:
      if (isList(kind))
        return Array.isArray(value) && value.every((one) => isObject(one) && fits(one, kind[0]));
      return isObject(value) && fits(value, kind);
  }
}

function isList(kind: Shape | readonly [Shape]): kind is readonly [Shape] {
  return Array.isArray(kind);
}

function isAbsentOr(kind: Kind, value: unknown): boolean {
  return value === undefined || is(value, kind);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
