import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { ROOT } from './source.ts';

/** Every text that is written in the sources below a folder, with `{}` for what is put into it. */
export function textsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return textsBelow(path);
    return path.endsWith('.ts') ? textsOf(path, readFileSync(join(ROOT, path), 'utf8')) : [];
  });
}

function textsOf(path: string, source: string): string[] {
  const texts: string[] = [];
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === 'string') texts.push(value);
    },
    TemplateLiteral: ({ quasis }) => {
      texts.push(quasis.map(({ value }) => value.cooked ?? '').join('{}'));
    },
  }).visit(parseSync(path, source).program);
  return texts;
}
