import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Argument, type Comment, type Program, parseSync, Visitor } from 'oxc-parser';

/** One import, whatever its form: a declaration, a re-export, `import()`, a type in passing, a reference. */
export interface Import {
  /** A path from the root for our own files, `node:…` for Node's modules, else the name of a package. */
  readonly target: string;
  readonly kind: 'file' | 'node' | 'package';
  /** Erased by the compiler: `import type`. */
  readonly typeOnly: boolean;
}

/** What the rules ask of one file. */
export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** It declares nothing of its own and only hands on what others export. */
  readonly onlyReExports: boolean;
  /** What should not be written in any file, such as the type `any`; each with its line. */
  readonly blemishes: readonly string[];
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['main', 'preload', 'renderer', 'practice', 'scripts', 'test'];
const BLEMISHES = /@ts-(?:ignore|expect-error|nocheck)|biome-ignore|\b(?:TODO|FIXME|HACK)\b/g;

/** Every source file of the repository. */
export function readTree(): Source[] {
  return FOLDERS.filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => filesBelow(join(ROOT, folder)))
    .map((file) => readSource(relative(ROOT, file).split(sep).join('/'), readFileSync(file, 'utf8')));
}

/** One file, taken apart. @throws Where it cannot be parsed. */
export function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join(', ')}`);
  const imports = comments.flatMap((comment) => referenceIn(path, comment));
  const blemishes: string[] = [];
  const found = (specifier: unknown, typeOnly: boolean) => {
    if (typeof specifier === 'string') imports.push(importOf(path, specifier, typeOnly));
  };
  const reproach = (position: number, what: string) =>
    blemishes.push(`${path}:${text.slice(0, position).split('\n').length} says ${what}`);
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => found(source.value, importKind === 'type'),
    ExportAllDeclaration: ({ source, exportKind }) => found(source.value, exportKind === 'type'),
    ExportNamedDeclaration: ({ source, exportKind }) => found(source?.value, exportKind === 'type'),
    TSImportType: ({ source }) => found(source.value, true),
    ImportExpression: ({ source }) => found(textOf(source), false),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') found(textOf(first), false);
    },
    TSAnyKeyword: ({ start }) => reproach(start, 'any'),
  }).visit(program);
  for (const { start, value } of comments)
    for (const [word] of value.matchAll(BLEMISHES)) reproach(start, word);
  return { path, imports, onlyReExports: onlyReExports(program.body), blemishes };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return /\.(?:[cm]?[jt]s|tsx)$/.test(entry.name) ? [path] : [];
  });
}

function importOf(path: string, specifier: string, typeOnly: boolean): Import {
  if (specifier.startsWith('.'))
    return { target: posix.join(dirname(path), specifier), kind: 'file', typeOnly };
  if (specifier.startsWith('node:')) return { target: specifier, kind: 'node', typeOnly };
  const [scope = '', name] = specifier.split('/');
  const target = scope.startsWith('@') ? `${scope}/${name ?? ''}` : scope;
  return { target, kind: 'package', typeOnly };
}

function referenceIn(path: string, { value }: Comment): Import[] {
  const name = /^\/\s*<reference path="(?:\.\/)?([^"]+)"/.exec(value)?.[1];
  return name === undefined ? [] : [importOf(path, `./${name}`, true)];
}

/** What a literal or a template without anything put into it says. */
function textOf(node: Argument | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node?.type === 'TemplateLiteral' ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
}

function onlyReExports(statements: Program['body']): boolean {
  const exports = statements.filter(
    (one) =>
      one.type === 'ExportAllDeclaration' || (one.type === 'ExportNamedDeclaration' && !one.declaration),
  );
  const imports = statements.filter(({ type }) => type === 'ImportDeclaration');
  return exports.length > 0 && exports.length + imports.length === statements.length;
}
