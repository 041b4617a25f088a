import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../architecture/source.ts';

/** What takes no text that could be long. */
const SHORT = /type="(?:checkbox|range|time|datetime-local|file)"/;

function tsxBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return tsxBelow(path);
    return path.endsWith('.tsx') ? [path] : [];
  });
}

it('gives every field of the console that takes text a bound, for 50 MB in one make the page stand still', () => {
  const fields = [...tsxBelow('renderer/console'), ...tsxBelow('renderer/shared')].flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/<(?:textarea|input)\s[\s\S]*?\/>/g)].map(
      ([tag]) => ({
        path,
        tag,
      }),
    ),
  );
  expect(fields.length).toBeGreaterThan(12);
  // `TextInput` hands its attributes over as one.
  const isBounded = (tag: string) => /maxLength=|\{\.\.\.attributes\}/.test(tag) || SHORT.test(tag);
  expect(fields.filter(({ tag }) => !isBounded(tag))).toEqual([]);
});
