/** guacd's own type for the list of what is in a directory. */
export const DIRECTORY_TYPE = 'application/vnd.glyptodon.guacamole.stream-index+json';
/** Bytes of one directory's list. */
export const MAX_LISTING_BYTES = 4 * 1024 * 1024;

export interface FileEntry {
  /** As the far side names it, the whole path. */
  readonly path: string;
  /** Its last part, as the far side has it: to be shown by `shownName` only. */
  readonly name: string;
  readonly kind: 'directory' | 'file';
}

/**
 * What is in `directory`, directories first, by name. Entries that are not below it are left out: the far side may
 * say anything. Null where the text is no list.
 */
export function readListing(text: string, directory: string): readonly FileEntry[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof list !== 'object' || list === null || Array.isArray(list)) return null;
  const base = directory.endsWith('/') ? directory : `${directory}/`;
  const entries = Object.entries(list).flatMap(([path, mimetype]): FileEntry[] => {
    const name = path.startsWith(base) ? path.slice(base.length) : '';
    if (name === '' || name.includes('/') || name === '.' || name === '..') return [];
    return [{ path, name, kind: mimetype === DIRECTORY_TYPE ? 'directory' : 'file' }];
  });
  const order = new Intl.Collator(undefined, { numeric: true });
  return entries.sort(
    (left, right) =>
      Number(right.kind === 'directory') - Number(left.kind === 'directory') ||
      order.compare(left.name, right.name),
  );
}

/** The directory that one is in; the root is in itself. */
export function parentOf(directory: string): string {
  return directory.slice(0, directory.lastIndexOf('/')) || '/';
}

export function pathIn(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}
