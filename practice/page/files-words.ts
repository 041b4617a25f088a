/** Why something with a file was refused, in words, by the status that the outpost answered with. */
export function fileRefusal(status: number): string {
  switch (status) {
    case 400:
      return 'The drive cannot have a file of this name or size. Windows, too, forbids some names.';
    case 403:
      return 'This session may not do that: authentik’s admin has to allow it.';
    case 404:
      return 'It is not there any more, or this session has no drive.';
    case 409:
      return 'What is there is not a plain file, or it was changed meanwhile.';
    case 413:
      return 'That was more than can be sent at once.';
    case 429:
      return 'Sixteen transfers run already; wait until one of them is done.';
    default:
      return 'The outpost could not do it at the moment; its log says why.';
  }
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size in bytes for people: `1 byte`, `12.5 MiB`. */
export function sizeWords(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** The directory above `path`; the root's is itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function childOf(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}
