import { csvRows } from './csv.ts';
import { candidateOf, columnOf } from './import-record.ts';
import { Breath, type Candidate, IMPORT_LIMITS, type Reading, type Skipped, shown } from './import-types.ts';

/** A table whose first line names its columns; see `import-record.ts` for the names. */
export async function readCsv(text: string, fileName: string): Promise<Reading> {
  const rows = csvRows(text);
  const head = rows.next();
  if (head.done === true) return whole(fileName, 'It is empty.');
  const titles = head.value.values.slice(0, IMPORT_LIMITS.columns);
  const columns = titles.map(columnOf);
  if (!columns.some((column) => column.kind === 'field' && column.field === 'host'))
    return whole(
      fileName,
      'Its first line names no column for the host: one of them must be called host, hostname, address or the like.',
    );
  const skipped: Skipped[] = unusedColumns(columns, fileName);
  const candidates: Candidate[] = [];
  const breath = new Breath();
  for (const { line, values } of rows) {
    await breath.take();
    const origin = `${fileName}, line ${line}`;
    if (candidates.length + skipped.length >= IMPORT_LIMITS.entries) {
      skipped.push({
        origin,
        name: '',
        why: `More than ${IMPORT_LIMITS.entries} entries: the rest was not read.`,
      });
      break;
    }
    const cells = columns.map((column, at) => ({ column, value: values[at] ?? '' }));
    const read = candidateOf(cells, origin);
    if ('candidate' in read) candidates.push(read.candidate);
    else skipped.push({ origin, ...read });
  }
  return { candidates, skipped, hostKeys: [] };
}

function unusedColumns(columns: ReadonlyArray<ReturnType<typeof columnOf>>, fileName: string): Skipped[] {
  const unused = columns.flatMap((column) =>
    column.kind === 'unknown' && column.title !== '' ? [shown(column.title, 30)] : [],
  );
  if (unused.length === 0) return [];
  const some = unused.slice(0, 8).join(', ');
  const which =
    unused.length === 1
      ? `The column ${some} means`
      : `The columns ${some}${unused.length > 8 ? ' …' : ''} mean`;
  return [
    {
      origin: fileName,
      name: '',
      why: `${which} nothing here and ${unused.length === 1 ? 'was' : 'were'} left out.`,
    },
  ];
}

function whole(origin: string, why: string): Reading {
  return { candidates: [], skipped: [{ origin, name: '', why }], hostKeys: [] };
}
