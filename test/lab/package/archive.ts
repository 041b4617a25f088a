import { readFileSync } from 'node:fs';
import * as v from 'valibot';

/* What is inside an archive of Electron's (asar): a length, the table of files as JSON, the files. */

const folder = v.object({ files: v.record(v.string(), v.unknown()) });

/** Offset of the table's length, and of the table. */
const LENGTH_AT = 12;
const TABLE_AT = 16;

/** Every file in the archive by its path, such as `renderer/console/index.html`. */
export function archivedFiles(path: string): string[] {
  const bytes = readFileSync(path);
  const table = bytes.subarray(TABLE_AT, TABLE_AT + bytes.readUInt32LE(LENGTH_AT)).toString('utf8');
  return namesBelow(v.parse(folder, JSON.parse(table)), '');
}

function namesBelow({ files }: v.InferOutput<typeof folder>, before: string): string[] {
  return Object.entries(files).flatMap(([name, entry]) =>
    v.is(folder, entry) ? namesBelow(entry, `${before}${name}/`) : [`${before}${name}`],
  );
}
