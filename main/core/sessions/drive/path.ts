/** Longest path, in bytes of UTF-8. Source: authentik's `MAX_FILE_PATH`. */
export const MAX_PATH_BYTES = 4096;
/** Longest name that Linux' file systems take, in bytes. */
const MAX_NAME_BYTES = 255;
/** C0 and C1, and halves of surrogate pairs, which UTF-8 cannot carry: they would come out as another name. */
const UNSPEAKABLE = /[\p{Cc}\p{Cs}]/u;
/** What an upload that is not complete is called: beside its target, and seen by nobody. */
const TEMPORARY = /^\.sallyport-upload-[0-9a-f]{32}$/;
/** What no file on Windows is called, whatever stands behind the dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const FOREIGN = /[<>:"|?*]/;

/**
 * The names from the drive's root to what a virtual path means; none for `/`. Undefined for everything that is not
 * absolute, normalised and speakable: nothing is repaired, for a path that was repaired is another one.
 */
export function parsePath(path: string): readonly string[] | undefined {
  if (!path.startsWith('/') || Buffer.byteLength(path) > MAX_PATH_BYTES) return undefined;
  if (path === '/') return [];
  const names = path.slice(1).split('/');
  return names.every(isName) ? names : undefined;
}

/** Whether a file or directory of the drive can be told to a browser under this name, and found again by it. */
export function isName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  if (name.includes('/') || name.includes('\\') || UNSPEAKABLE.test(name)) return false;
  return Buffer.byteLength(name) <= MAX_NAME_BYTES && !TEMPORARY.test(name);
}

/** A new name for an upload that is not complete; 32 hexadecimal digits that nobody guesses. */
export function temporaryName(random: Buffer): string {
  return `.sallyport-upload-${random.toString('hex')}`;
}

export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Why a machine could not have a file of this name, as half a sentence; undefined where it can. The machine behind
 * RDP is a Windows nearly always, and would show the file under another name, or not at all.
 */
export function foreignName(name: string): string | undefined {
  const [sign] = FOREIGN.exec(name) ?? [];
  if (sign !== undefined) return `names on Windows have no “${sign}”`;
  if (/[ .]$/.test(name)) return 'names on Windows do not end with a dot or a space';
  if (DEVICE.test(name)) return 'on Windows this is the name of a device';
  return undefined;
}

export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}
