import { csvRows } from './csv.ts';
import { type Column, candidateOf, columnOf } from './import-record.ts';
import {
  type Candidate,
  IMPORT_LIMITS,
  nothingIn,
  type Reading,
  type Skipped,
  shown,
  tooMany,
} from './import-types.ts';

/** A table whose first line names its columns; see `import-record.ts` for the names. */
export async function readCsv(text: string, fileName: string): Promise<Reading> {
  let columns: readonly Column[] | null = null;
  const skipped: Skipped[] = [];
  const candidates: Candidate[] = [];
  for await (const { line, values } of csvRows(text)) {
    if (columns === null) {
      columns = values.map(columnOf);
      if (!columns.some((column) => column.kind === 'field' && column.field === 'host'))
        return nothingIn(fileName, NO_HOST);
      skipped.push(...unusedColumns(columns, fileName));
      continue;
    }
    const origin = `${fileName}, line ${line}`;
    if (candidates.length + skipped.length >= IMPORT_LIMITS.entries) {
      skipped.push(tooMany(origin));
      break;
    }
    const cells = columns.map((column, at) => ({ column, value: values[at] ?? '' }));
    const read = candidateOf(cells, origin);
    if ('candidate' in read) candidates.push(read.candidate);
    else skipped.push({ origin, ...read });
  }
  return columns === null ? nothingIn(fileName, 'It is empty.') : { candidates, skipped, hostKeys: [] };
}

const NO_HOST =
  'Its first line names no column for the host: one of them must be called host, hostname, address or the like.';

function unusedColumns(columns: readonly Column[], fileName: string): Skipped[] {
  const unused = columns.flatMap((column) =>
    column.kind === 'unknown' && column.title !== '' ? [shown(column.title, 30)] : [],
  );
  if (unused.length === 0) return [];
  const some = unused.slice(0, 8).join(', ') + (unused.length > 8 ? ' …' : '');
  const which = unused.length === 1 ? `The column ${some} means` : `The columns ${some} mean`;
  return [
    {
      origin: fileName,
      name: '',
      why: `${which} nothing here and ${unused.length === 1 ? 'was' : 'were'} left out.`,
    },
  ];
}
