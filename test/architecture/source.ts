import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from '@typescript/typescript6';

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

/** One file, taken apart by the compiler's own parser. */
export function readSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const imports = file.referencedFiles.map(({ fileName }) =>
    importOf(path, `./${fileName.replace(/^\.\//, '')}`, true),
  );
  const blemishes: string[] = [];
  const visit = (node: ts.Node): void => {
    const found = specifierOf(node);
    if (found) imports.push(importOf(path, found.specifier, found.typeOnly));
    if (node.kind === ts.SyntaxKind.AnyKeyword) blemishes.push(`${place(file, node.getStart())} says any`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const { pos, end } of commentsOf(file))
    for (const [word] of text.slice(pos, end).matchAll(BLEMISHES))
      blemishes.push(`${place(file, pos)} says ${word}`);
  return { path, imports, onlyReExports: onlyReExports(file), blemishes };
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

function specifierOf(node: ts.Node): { specifier: string; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node))
    return textOf(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return textOf(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return textOf(node.argument.literal, true);
  if (ts.isCallExpression(node) && isLoader(node.expression)) return textOf(node.arguments[0], false);
  return undefined;
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function textOf(node: ts.Node | undefined, typeOnly: boolean) {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : undefined;
}

function onlyReExports({ statements }: ts.SourceFile): boolean {
  const exports = statements.filter((statement) => ts.isExportDeclaration(statement));
  const imports = statements.filter((statement) => ts.isImportDeclaration(statement));
  return exports.length > 0 && exports.length + imports.length === statements.length;
}

/** Comments stand between tokens; what stands in texts and patterns is none. */
function commentsOf(file: ts.SourceFile): ts.CommentRange[] {
  const comments = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const around = [
      ...(ts.getLeadingCommentRanges(file.text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.end) ?? []),
    ];
    for (const comment of around) comments.set(comment.pos, comment);
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...comments.values()].sort((one, other) => one.pos - other.pos);
}

function place(file: ts.SourceFile, position: number): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(position).line + 1}`;
}
