import { type Cell, candidateOf, columnOf, takeParameter } from './import-record.ts';
import { Breath, type Candidate, IMPORT_LIMITS, type Reading, type Skipped, shown } from './import-types.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * JSON: our own export, a list of machines, or an object that holds such a list. Each machine is an object with
 * the names that tables have, and perhaps `parameters` as Guacamole has them.
 */
export async function readJson(text: string, fileName: string): Promise<Reading> {
  const value = parse(text);
  if (value === undefined) return whole(fileName, 'It is no JSON, or not all of it.');
  const list = listIn(value);
  if (list === null) return whole(fileName, 'There is no list of machines in it.');
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [];
  const breath = new Breath();
  for (const [index, item] of list.entries()) {
    await breath.take();
    const origin = `${fileName}, entry ${index + 1}`;
    if (index >= IMPORT_LIMITS.entries) {
      skipped.push({
        origin,
        name: '',
        why: `More than ${IMPORT_LIMITS.entries} entries: the rest was not read.`,
      });
      break;
    }
    if (!isObject(item)) {
      skipped.push({ origin, name: '', why: 'It is no object.' });
      continue;
    }
    const read = candidateIn(item, origin);
    if ('candidate' in read) candidates.push(read.candidate);
    else skipped.push({ origin, ...read });
  }
  return { candidates, skipped, hostKeys: [] };
}

/** The sealed part of our own export that carries secrets; null where there is none. */
export function sealedIn(text: string): unknown {
  const value = text.includes('"sealed"') ? parse(text) : undefined;
  return isObject(value) && value['sallyport'] === 'machines' ? (value['sealed'] ?? null) : null;
}

function candidateIn(item: Json, origin: string): ReturnType<typeof candidateOf> {
  const cells: Cell[] = [];
  const parameters: Record<string, string> = {};
  const notes: string[] = [];
  for (const [title, value] of Object.entries(item)) {
    if (title === 'parameters' && isObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const cell = { column: columnOf(`${name} (parameter)`), value: textOf(inner) };
        if (cell.column.kind === 'field') cells.push(cell);
        else if (cell.value !== '') takeParameter(name, cell.value, parameters, notes);
      }
    } else cells.push({ column: columnOf(title), value: textOf(value) });
  }
  const read = candidateOf(cells, origin);
  if (!('candidate' in read)) return read;
  const { candidate } = read;
  const all = { ...candidate.draft.parameters, ...parameters };
  return {
    candidate: {
      ...candidate,
      draft: { ...candidate.draft, ...(Object.keys(all).length > 0 && { parameters: all }) },
      ...(typeof item['id'] === 'string' && { id: item['id'] }),
      notes: [...candidate.notes, ...notes],
    },
  };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whole(origin: string, why: string): Reading {
  return { candidates: [], skipped: [{ origin, name: shown(origin), why }], hostKeys: [] };
}
