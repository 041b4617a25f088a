import { statfs } from 'node:fs/promises';
import { Download } from './download.ts';
import { FileStatus, type PrepareRequest } from './messages.ts';
import { foreignName, parsePath } from './path.ts';
import type { Turns } from './turns.ts';
import { Upload } from './upload.ts';
import type { Work } from './work.ts';

/** The work of a transfer, ready to begin; or why there is none. */
export interface Prepared {
  readonly status: FileStatus;
  /** For the log, where the status alone does not say it. */
  readonly reason?: string;
  readonly work?: Work;
}

/** Opens what a transfer is about. Never rejects: what fails is a status. */
export async function prepareWork(
  root: string,
  { path, direction, size }: PrepareRequest,
  turns: Turns,
): Promise<Prepared> {
  const names = parsePath(path);
  const name = names?.at(-1);
  if (!names || name === undefined)
    return { status: FileStatus.badRequest, reason: 'the path is not one of the drive' };
  if (direction === 'download') return prepared(await Download.prepare(root, names, turns));
  // Only here: what a machine has named itself can be downloaded under that name.
  const foreign = foreignName(name);
  if (foreign !== undefined) return { status: FileStatus.badRequest, reason: foreign };
  if (!(await hasRoom(root, size)))
    return { status: FileStatus.unavailable, reason: 'the disk has not enough room for it' };
  return prepared(await Upload.prepare(root, names, size, turns));
}

function prepared(work: Work | FileStatus): Prepared {
  return typeof work === 'number' ? { status: work } : { status: FileStatus.ok, work };
}

/** Whether the disk could hold it at this moment. Where the system does not tell (Node before 18.15), it is tried. */
async function hasRoom(root: string, size: number): Promise<boolean> {
  if (typeof statfs !== 'function') return true;
  const space = await statfs(root, { bigint: true }).catch(() => undefined);
  return space === undefined || BigInt(size) <= space.bavail * space.bsize;
}
