import { NO_OBJECT, readList } from './import-list.ts';
import { readOwn } from './import-own.ts';
import { type Cell, type Column, candidateOf, columnOf } from './import-record.ts';
import { IMPORT_LIMITS, nothingIn, type Reading } from './import-types.ts';

type Json = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 32;

/**
 * JSON: our own export, a list of machines, or an object that holds such a list. Each machine is an object with
 * the names that tables have, and perhaps `parameters` as Guacamole has them.
 */
export async function readJson(text: string, fileName: string): Promise<Reading> {
  if (isTooDeep(text)) return nothingIn(fileName, 'It is nested deeper than any list of machines.');
  const value = parse(text);
  if (value === undefined) return nothingIn(fileName, 'It is no JSON, or not all of it.');
  if (isOwn(value) && Array.isArray(value['machines'])) return readOwn(value['machines'], fileName);
  const list = listIn(value);
  if (list === null) return nothingIn(fileName, 'There is no list of machines in it.');
  return readList(list, fileName, (item, origin) =>
    isObject(item) ? candidateOf(cellsOf(item), origin) : NO_OBJECT,
  );
}

/** The sealed part of our own export that carries secrets; null where there is none. */
export function sealedIn(text: string): unknown {
  const value = text.includes('"sealed"') && !isTooDeep(text) ? parse(text) : undefined;
  return isOwn(value) ? (value['sealed'] ?? null) : null;
}

function isOwn(value: unknown): value is Json {
  return isObject(value) && value['sallyport'] === 'machines';
}

function cellsOf(item: Json): Cell[] {
  return entriesOf(item).flatMap(([title, value]) =>
    title === 'parameters' && isObject(value)
      ? entriesOf(value).map(([name, inner]) => ({ column: parameterColumn(name), value: textOf(inner) }))
      : [{ column: columnOf(title), value: textOf(value) }],
  );
}

/** A parameter as it is spelled, if it is none that has a field here. */
function parameterColumn(name: string): Column {
  const column = columnOf(`${name} (parameter)`);
  return column.kind === 'field' ? column : { kind: 'parameter', name };
}

function entriesOf(item: Json): [string, unknown][] {
  return Object.keys(item)
    .slice(0, IMPORT_LIMITS.columns)
    .map((name) => [name, item[name]]);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string').join('\n');
  return '';
}

function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  for (const name of ['machines', 'connections', 'hosts', 'servers', 'results', 'items'])
    if (Array.isArray(value[name])) return value[name];
  return 'host' in value || 'hostname' in value ? [value] : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Looked at before it is parsed: what is nested a million times keeps the parser busy for long. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isString = !isString;
    else if (isString) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
