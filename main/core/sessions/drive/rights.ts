import type { Admission } from '../admission.ts';
import { isLike } from '../guardrails/name.ts';

/** What the session's parameters allow; see `filesOf`. */
export interface FileRights {
  readonly upload: boolean;
  readonly download: boolean;
  /** Of one file; null: no limit. */
  readonly maxBytes: number | null;
  /** Patterns of names that do not pass, such as `*.exe`. */
  readonly refusedNames: readonly string[];
}

/** What may be done with files in a session; null where it has no drive that newest authentik knows of. */
export function rightsOf({ request, files }: Pick<Admission, 'request' | 'files'>): FileRights | null {
  const { protocol, parameters } = request;
  const isTrue = (name: string) => parameters.get(name)?.reveal() === 'true';
  if (protocol !== 'rdp' || !isTrue('enable-drive') || !parameters.has('drive-path')) return null;
  return {
    upload: isTrue('rac-allow-upload') && files?.upload !== false,
    download: isTrue('rac-allow-download') && files?.download !== false,
    maxBytes: files?.maxBytes ?? null,
    refusedNames: files?.names ?? [],
  };
}

/** Whether the last part of `path` is a name that does not pass; as Windows reads names, for it is what opens them. */
export function isRefusedName({ refusedNames }: Pick<FileRights, 'refusedNames'>, path: string): boolean {
  const spelled = (name: string) =>
    name
      .normalize('NFC')
      .toLowerCase()
      .replace(/[. ]+$/, '');
  const name = spelled(path.split('/').at(-1) ?? '');
  return refusedNames.some((pattern) => isLike(name, spelled(pattern)));
}
