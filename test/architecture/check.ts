import type { Door, Layer } from './rules.ts';
import type { Source } from './source.ts';

/** The layer of a file: the one that names it most exactly. */
export function layerOf(path: string, layers: readonly Layer[]): Layer | undefined {
  const named = layers.flatMap((layer) =>
    layer.at.filter((place) => isAt(path, place)).map((place) => ({ layer, exactness: place.length })),
  );
  return named.sort((one, other) => other.exactness - one.exactness)[0]?.layer;
}

/** Imports that the table of layers does not allow, and files that have no place in it. */
export function forbiddenArrows(sources: readonly Source[], layers: readonly Layer[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const from = layerOf(path, layers);
    if (!from) return [`${path} belongs to no layer`];
    return imports.flatMap(({ target, kind, typeOnly }) => {
      if (kind === 'node')
        return from.node && !from.node.includes(target) ? [`${path} imports ${target}`] : [];
      if (kind !== 'file' || from.imports === 'everything') return [];
      const to = layerOf(target, layers);
      const allowed = typeOnly ? [...from.imports, ...(from.types ?? [])] : from.imports;
      if (to && (to === from || allowed.includes(to.name))) return [];
      const where = to ? `${to.name}, which ${from.name} may not import` : 'no layer';
      return [`${path} imports ${target} (${where})`];
    });
  });
}

/** Packages that are imported elsewhere than through their door. */
export function besidesDoors(sources: readonly Source[], doors: Readonly<Record<string, Door>>): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ kind }) => kind === 'package')
      .filter(({ target }) => !doors[target]?.at.some((place) => isAt(path, place)))
      .map(({ target }) => `${path} imports ${target}${doors[target] ? '' : ', which has no door'}`),
  );
}

/** Circles of imports, each as the way round: `a → b → a`. Types count: they tie the reader's mind as well. */
export function circles(graph: Readonly<Record<string, readonly string[]>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const since = way.indexOf(path);
    if (since >= 0) found.push([...way.slice(since), path].join(' → '));
    if (since >= 0 || done.has(path)) return;
    for (const next of graph[path] ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of Object.keys(graph)) walk(path, []);
  return found;
}

/** Who imports whom, files only. */
export function graphOf(sources: readonly Source[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ kind }) => kind === 'file').map(({ target }) => target),
    ]),
  );
}

/** `folder/` has everything below it, `folder/*` only what lies in it directly; anything else is one file. */
function isAt(path: string, place: string): boolean {
  if (place.endsWith('/')) return path.startsWith(place);
  if (!place.endsWith('/*')) return path === place;
  const folder = place.slice(0, -1);
  return path.startsWith(folder) && !path.slice(folder.length).includes('/');
}
