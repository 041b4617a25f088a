import { createHmac, type Hmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isMissing } from '../../base/missing.ts';

/** What is kept of this outpost apart from its settings, a file each. */
export const SEEN_FILES = ['token', 'guardrails', 'machines', 'vault'] as const;
export type SeenFile = (typeof SEEN_FILES)[number];

export interface SeenDocuments {
  /** Where it is kept what they were like. Not in the journal's folder: it has to outlive that, and whoever gets a copy of that gets no hashes. */
  readonly path: string;
  readonly files: Readonly<Record<SeenFile, string>>;
  /** What stands in the settings' file, by name. Rejects where it cannot be read. */
  readonly settings: () => Promise<ReadonlyMap<string, unknown>>;
}

/** A setting’s part is this with its name; that of a file is the file’s. */
export const SETTING = 'setting ';

/** By part. */
export type Digests = ReadonlyMap<string, string>;

/**
 * The hashes of all parts, or of those in `only`; what is not there has none. What cannot be read has the one from
 * before: who may not look does not know that it has changed. Never rejects.
 */
export async function digestsOf(
  { settings, files }: SeenDocuments,
  key: string,
  before: Digests,
  only?: readonly string[],
): Promise<Digests> {
  const digests = new Map<string, string>();
  const keep = (part: string) => {
    const known = before.get(part);
    if (known !== undefined) digests.set(part, known);
  };
  const isWanted = (part: string) => only?.includes(part) ?? true;
  for (const file of SEEN_FILES.filter(isWanted)) {
    const found = await digestOf(file, files[file], key).catch(() => 'unreadable' as const);
    if (found === 'unreadable') keep(file);
    else if (found !== null) digests.set(file, found);
  }
  if (only !== undefined && !only.some((part) => part.startsWith(SETTING))) return digests;
  const values = await settings().catch(() => null);
  if (values === null) for (const part of before.keys()) if (part.startsWith(SETTING)) keep(part);
  for (const [name, value] of values ?? []) {
    const part = SETTING + name;
    if (isWanted(part)) digests.set(part, hmac(key, part).update(JSON.stringify(value)).digest('hex'));
  }
  return digests;
}

/** Of a file of any size; null where there is none. */
async function digestOf(part: string, path: string, key: string): Promise<string | null> {
  const hash = hmac(key, part);
  try {
    // A pipe would be waited for.
    if (!(await stat(path)).isFile()) return hash.digest('hex');
    for await (const piece of createReadStream(path)) hash.update(piece);
    return hash.digest('hex');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function hmac(key: string, part: string): Hmac {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(`${part}\0`);
}
